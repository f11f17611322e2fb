import type { Counts } from './contract.ts'

export const NONE: Counts = { asks: 0, filled: 0, impressions: 0, clicks: 0, accepted: 0, refused: 0, putOff: 0 }

/** Counts by placement. */
export type ByPlace = ReadonlyMap<string, Counts>

export interface Asked {
  placement: string
  asks: number
  filled: number
}
export interface Answered {
  placement: string
  kind: string
  count: number
}

/** Which count an answer of this kind goes to. */
const FIELD: Record<string, keyof Counts> = {
  impression: 'impressions',
  click: 'clicks',
  accept: 'accepted',
  refuse: 'refused',
  not_now: 'putOff',
  never: 'putOff',
}

/** Asks and answers as counts by placement. */
export function countsOf(asked: readonly Asked[], answered: readonly Answered[]): ByPlace {
  const found = new Map<string, Counts>()
  for (const { placement, asks, filled } of asked) found.set(placement, { ...NONE, asks, filled })
  for (const { placement, kind, count } of answered) {
    const field = FIELD[kind]
    const before = found.get(placement) ?? NONE
    if (field) found.set(placement, { ...before, [field]: before[field] + count })
  }
  return found
}

export const plus = (a: Counts, b: Counts): Counts => ({
  asks: a.asks + b.asks,
  filled: a.filled + b.filled,
  impressions: a.impressions + b.impressions,
  clicks: a.clicks + b.clicks,
  accepted: a.accepted + b.accepted,
  refused: a.refused + b.refused,
  putOff: a.putOff + b.putOff,
})

export function together(a: ByPlace, b: ByPlace): ByPlace {
  const found = new Map(a)
  for (const [placement, counts] of b) found.set(placement, plus(found.get(placement) ?? NONE, counts))
  return found
}

/** The days before one: ['2026-03-01', …], the latest first. */
export const daysBefore = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, back) =>
    new Date(Date.parse(`${day}T00:00:00Z`) - (back + 1) * 86_400_000).toISOString().slice(0, 10),
  )
