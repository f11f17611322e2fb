import type { Static } from 'typebox'
import type { FactsReply } from '#know/attributes/contract'
import { money, number } from '../../ui/format.ts'
import { Day, None, When } from '../../ui/values.tsx'
import { humanised } from './names.ts'

export type Fact = Static<typeof FactsReply>['described'][number]

/** A fact's value in the unit in which a banker reads it. */
export function FactValue({ fact }: { fact: Pick<Fact, 'type' | 'unit' | 'value'> }) {
  const { type, unit, value } = fact
  if (value === null || value === undefined) return <None />
  if (type === 'date') return <Day on={String(value)} />
  if (type === 'timestamp') return <When at={String(value)} />
  if (typeof value === 'boolean') return <span>{value ? 'yes' : 'no'}</span>
  if (Array.isArray(value))
    return value.length === 0 ? <None /> : <bdi>{value.map((one) => humanised(String(one))).join(', ')}</bdi>
  if (typeof value === 'number') {
    if (unit === 'minor') return <span>{money(value)}</span>
    const counted = number(value, type === 'double' ? 2 : 0)
    return <span>{unit === null || unit === 'count' ? counted : `${counted} ${unit}`}</span>
  }
  return <bdi>{String(value)}</bdi>
}
