import { Input } from '@mantine/core'
import { type ReactNode, useId, useRef } from 'react'
import './expression.css'
import { words } from './words.ts'

const t = words('ui.expression', {
  at: 'At character {{at}}: {{message}}',
  placed: 'Line {{line}}, column {{column}}: {{message}}',
  go: 'Go there',
})

/** Where an expression is wrong: a character from 0, or a line and column from 1. */
export interface Misplaced {
  readonly message: string
  readonly at?: number | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
}

const offsetOf = (text: string, { at, line, column }: Misplaced): number | undefined => {
  if (at !== undefined) return Math.min(at, text.length)
  if (line === undefined) return undefined
  const before = text.split('\n').slice(0, line - 1)
  return Math.min(before.join('\n').length + (before.length > 0 ? 1 : 0) + (column ?? 1) - 1, text.length)
}

/**
 * A rule as text, with its faults marked at the character. The marks are drawn behind the text, which stays an ordinary
 * text field: everything that a browser and a screen reader do with one works.
 */
export function Expression({
  label,
  description,
  value,
  onChange,
  errors = [],
  rows = 4,
  readOnly = false,
  aside,
}: {
  label: string
  description?: ReactNode
  value: string
  onChange: (value: string) => void
  errors?: readonly Misplaced[]
  rows?: number
  readOnly?: boolean
  /** Beside the label: a live count, say. */
  aside?: ReactNode
}) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const behind = useRef<HTMLDivElement>(null)
  const places = errors
    .map((error) => offsetOf(value, error))
    .filter((at) => at !== undefined)
    .sort((a, b) => a - b)
  const pieces: ReactNode[] = []
  let from = 0
  for (const at of new Set(places)) {
    // A fault at the end has no character of its own: the mark stands where the next one would be.
    pieces.push(value.slice(from, at), <mark key={at}>{value[at] === '\n' ? ' \n' : (value[at] ?? ' ')}</mark>)
    from = at + 1
  }
  pieces.push(value.slice(from))
  return (
    <div className="ui-expression">
      <div className="ui-expression-head">
        <Input.Label htmlFor={id}>{label}</Input.Label>
        {aside}
      </div>
      {description ? <Input.Description id={`${id}-description`}>{description}</Input.Description> : null}
      <div className="ui-expression-field" data-wrong={errors.length > 0 || undefined}>
        <div ref={behind} className="ui-expression-marks" aria-hidden="true">
          {pieces}{' '}
        </div>
        <textarea
          ref={field}
          id={id}
          rows={rows}
          value={value}
          readOnly={readOnly}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          dir="ltr"
          aria-invalid={errors.length > 0}
          aria-describedby={`${description ? `${id}-description ` : ''}${id}-errors`}
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => {
            behind.current!.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      <ul id={`${id}-errors`} className="ui-expression-errors" aria-live="polite">
        {errors.map((error) => {
          const at = offsetOf(value, error)
          return (
            <li key={`${at} ${error.message}`}>
              {error.line === undefined
                ? at === undefined
                  ? error.message
                  : t('at', { at: at + 1, message: error.message })
                : t('placed', { line: error.line, column: error.column ?? 1, message: error.message })}{' '}
              {at === undefined ? null : (
                <button
                  type="button"
                  className="ui-asks"
                  onClick={() => {
                    field.current?.focus()
                    field.current?.setSelectionRange(at, at + 1)
                  }}
                >
                  {t('go')}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
