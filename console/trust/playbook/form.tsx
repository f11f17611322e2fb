import { Checkbox, NumberInput, Select, Text, Textarea, TextInput } from '@mantine/core'
import { parseDocument, stringify } from 'yaml'
import { useAsk } from '../../shell/api.ts'
import { humanised } from '../../ui/typed-value.tsx'
import type { Finding } from './checks.tsx'
import * as endpoints from './endpoints.ts'
import { withField } from './in-text.ts'
import './playbook.css'
import { t } from './words.ts'

/** As much of JSON Schema as a form of simple fields needs. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
  maxLength?: number
  minimum?: number
  maximum?: number
  /** The kind of document whose id this is. */
  refers?: string
}

type Shape = 'text' | 'number' | 'flag' | 'choice' | 'document' | 'list' | 'other'

const optionsOf = (schema: Schema): string[] | null => {
  if (Array.isArray(schema.enum)) return schema.enum.map(String)
  const all = schema.anyOf?.map((each) => each.const)
  return all && all.length > 0 && all.every((each) => typeof each === 'string') ? (all as string[]) : null
}

function shapeOf(schema: Schema): Shape {
  if (schema.refers) return 'document'
  if (optionsOf(schema)) return 'choice'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'boolean') return 'flag'
  if (schema.type === 'array' && schema.items?.type === 'string' && !schema.items.refers) return 'list'
  return 'other'
}

const labelOf = (name: string): string => {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1).toLowerCase()
}

function DocumentChoice({
  kind,
  ...props
}: {
  kind: string
  label: string
  description?: string | undefined
  error?: string | undefined
  value: string | null
  onChange: (value: string | null) => void
  clearable: boolean
}) {
  const found = useAsk(endpoints.revision, { query: { kind } }, { staleTime: 60_000 })
  const data = (found.data?.documents ?? []).map(({ id, title }) => ({ value: id, label: `${title} (${id})` }))
  const known = props.value === null || data.some(({ value }) => value === props.value)
  return (
    <Select
      {...props}
      searchable
      limit={100}
      clearButtonProps={{ 'aria-label': t('cancel') }}
      data={known ? data : [{ value: props.value!, label: props.value! }, ...data]}
    />
  )
}

/**
 * A document as a form: simple fields to be filled in, the rest shown as it is written. Every change is made in the
 * text itself, whose comments and order stay.
 */
export function DocumentForm({
  schema,
  text,
  findings,
  onChange,
  onText,
}: {
  schema: Schema
  text: string
  findings: readonly Finding[]
  onChange: (text: string) => void
  /** Told the line of a part that has no form. */
  onText: (line: number) => void
}) {
  const written = parseDocument(text)
  const value = written.errors.length > 0 ? null : (written.toJS() as Record<string, unknown> | null)
  if (value === null || typeof value !== 'object') return <p role="alert">{t('unreadable')}</p>
  const set = (name: string, next: unknown): void => {
    onChange(withField(text, name, next))
  }
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'kind' && name !== 'id')
  const simple = fields.filter(([, each]) => shapeOf(each) !== 'other')
  const others = fields.filter(([name, each]) => shapeOf(each) === 'other' && value[name] !== undefined)
  return (
    <div className="playbook-form">
      {simple.map(([name, each]) => {
        const isNeeded = schema.required?.includes(name) ?? false
        const current = value[name]
        const error = findings.find(
          ({ path }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`),
        )
        const common = {
          label: labelOf(name),
          description: each.description,
          error: error?.message,
          withAsterisk: isNeeded,
        }
        const shape = shapeOf(each)
        if (shape === 'document')
          return (
            <DocumentChoice
              key={name}
              kind={each.refers!}
              {...common}
              // The list itself says what can be chosen.
              description={undefined}
              value={typeof current === 'string' ? current : null}
              onChange={(next) => set(name, next)}
              clearable={!isNeeded}
            />
          )
        if (shape === 'choice')
          return (
            <Select
              key={name}
              {...common}
              description={undefined}
              data={optionsOf(each)!.map((option) => ({ value: option, label: humanised(option) }))}
              value={current === undefined ? null : String(current)}
              onChange={(next) => set(name, next)}
              clearable={!isNeeded}
              clearButtonProps={{ 'aria-label': t('cancel') }}
            />
          )
        if (shape === 'number')
          return (
            <NumberInput
              key={name}
              {...common}
              value={typeof current === 'number' ? current : ''}
              onChange={(next) => set(name, typeof next === 'number' ? next : next === '' ? undefined : Number(next))}
              {...(each.type === 'integer' ? { allowDecimal: false } : {})}
              hideControls
            />
          )
        if (shape === 'flag')
          return (
            <Checkbox
              key={name}
              label={common.label}
              description={common.description}
              error={common.error}
              checked={current === true}
              onChange={(event) => set(name, event.currentTarget.checked ? true : isNeeded ? false : undefined)}
            />
          )
        if (shape === 'list')
          return (
            <Textarea
              key={name}
              {...common}
              description={each.description ? `${each.description} ${t('listHint')}` : t('listHint')}
              value={Array.isArray(current) ? current.join('\n') : ''}
              onChange={(event) => {
                const items = event.currentTarget.value.split('\n')
                set(name, items.every((item) => item === '') ? undefined : items)
              }}
              autosize
              minRows={2}
              maxRows={10}
            />
          )
        const long = (each.maxLength ?? 10_000) > 300 || String(current ?? '').length > 80
        return long ? (
          <Textarea
            key={name}
            {...common}
            value={String(current ?? '')}
            onChange={(event) => set(name, event.currentTarget.value)}
            autosize
            minRows={2}
            maxRows={12}
          />
        ) : (
          <TextInput
            key={name}
            {...common}
            value={String(current ?? '')}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        )
      })}
      {others.map(([name]) => (
        <div key={name}>
          <Text component="p" size="sm" m={0}>
            <strong>{labelOf(name)}</strong>{' '}
            <button
              type="button"
              className="ui-asks ui-quiet"
              aria-label={t('inTextOf', { what: labelOf(name) })}
              onClick={() => onText(text.split('\n').findIndex((line) => line.startsWith(`${name}:`)) + 1)}
            >
              {t('inTextOnly')}
            </button>
          </Text>
          <pre className="ui-mono playbook-raw">{stringify(value[name], { lineWidth: 100 })}</pre>
        </div>
      ))}
    </div>
  )
}
