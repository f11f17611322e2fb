import { Popover } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import * as format from './format.ts'
import { Icon, type IconName } from './icons.tsx'
import { words } from './words.ts'

const t = words('ui.values', { none: 'none', base: 'of {{base}}', madeOf: 'What {{what}} is made of' })

/** What stands where a value is absent. */
export const None = () => (
  <span className="ui-quiet">
    <span aria-hidden="true">–</span>
    <span className="ui-visually-hidden">{t('none')}</span>
  </span>
)

/** A number that opens what it is made of: a page (`to`), or a few lines shown in place (`made`). */
export function Value({
  value,
  digits = 0,
  to,
  made,
  what,
}: {
  value: number | null | undefined
  digits?: number
  to?: string
  made?: ReactNode
  what?: string
}) {
  if (value === null || value === undefined) return <None />
  const text = format.number(value, digits)
  const label = what === undefined ? undefined : `${text}: ${t('madeOf', { what })}`
  if (to)
    return (
      <Link to={to} className="ui-asks" aria-label={label}>
        {text}
      </Link>
    )
  if (made)
    return (
      <Popover withArrow>
        <Popover.Target>
          <button type="button" className="ui-asks" aria-label={label}>
            {text}
          </button>
        </Popover.Target>
        <Popover.Dropdown>{made}</Popover.Dropdown>
      </Popover>
    )
  return <span>{text}</span>
}

/** An amount in minor units, in its currency. */
export function Money({
  minor,
  currency,
  whole = false,
}: {
  minor: number | null | undefined
  currency?: string
  whole?: boolean
}) {
  if (minor === null || minor === undefined) return <None />
  return <span className="ui-nowrap">{format.money(minor, currency, whole)}</span>
}

/** A share 0..1 with what it is a share of. */
export function Percent({
  share,
  base,
  digits = 1,
}: {
  share: number | null | undefined
  base?: number
  digits?: number
}) {
  if (share === null || share === undefined || Number.isNaN(share)) return <None />
  return (
    <span>
      {format.percent(share, digits)}
      {base === undefined ? null : <span className="ui-quiet"> {t('base', { base: format.number(base) })}</span>}
    </span>
  )
}

/** An instant in the bank's zone; the exact one on hover and for screen readers. `as`: how it is written. */
export function When({
  at,
  as = 'instant',
}: {
  at: string | Date | null | undefined
  as?: 'instant' | 'ago' | 'time'
}) {
  if (at === null || at === undefined) return <None />
  const date = typeof at === 'string' ? new Date(at) : at
  if (Number.isNaN(date.getTime())) return <span>{String(at)}</span>
  const text = as === 'ago' ? format.ago(date) : as === 'time' ? format.timeOfDay(date) : format.instant(date)
  // The browser's own hint: a list shows hundreds of these, and each must cost nothing until somebody asks.
  return (
    <time dateTime={date.toISOString()} title={format.exact(date)} className="ui-nowrap">
      {text}
    </time>
  )
}

/** A business date: a day of the bank's, moved by no zone. */
export function Day({ on }: { on: string | null | undefined }) {
  if (!on) return <None />
  return (
    <time dateTime={on} className="ui-nowrap">
      {format.day(on)}
    </time>
  )
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet'
const SHAPES: Record<Tone, IconName> = { good: 'good', warn: 'warn', bad: 'bad', info: 'info', quiet: 'dot' }

/** A state in a word and a shape; its colour only underlines them. */
export function Pill({ tone = 'quiet', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className="ui-pill">
      <Icon name={icon ?? SHAPES[tone]} size={12} className={`ui-${tone}`} />
      <span className="ui-clip">{children}</span>
    </span>
  )
}
