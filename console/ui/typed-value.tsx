import { money, number } from './format.ts'
import { Day, None, When } from './values.tsx'
import { words } from './words.ts'

const t = words('ui.typed', { yes: 'yes', no: 'no' })

/** 'support_need' as words: "Support need". */
export function humanised(code: string): string {
  const text = code.replace(/[._]/g, ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A value of which type and unit are known, as people read it: minor units as money, days and years named. */
export function TypedValue({ type, unit, value }: { type: string; unit: string | null; value: unknown }) {
  if (value === null || value === undefined) return <None />
  if (type === 'date') return <Day on={String(value)} />
  if (type === 'timestamp') return <When at={String(value)} />
  if (typeof value === 'boolean') return <span>{value ? t('yes') : t('no')}</span>
  if (Array.isArray(value))
    return value.length === 0 ? <None /> : <bdi>{value.map((one) => humanised(String(one))).join(', ')}</bdi>
  if (typeof value === 'number') {
    if (unit === 'minor') return <span>{money(value)}</span>
    const counted = number(value, type === 'double' ? 2 : 0)
    return <span>{unit === null || unit === 'count' ? counted : `${counted} ${unit}`}</span>
  }
  return <bdi>{String(value)}</bdi>
}
