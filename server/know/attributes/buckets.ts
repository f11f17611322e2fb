import type { Aggregate } from './contract.ts'

/**
 * Running attributes as daily buckets: every aggregate of the closed set can be merged from the parts of its days, so
 * rows may arrive in any order and late. A bucket's day is counted from 1970-01-01 in the bank's zone.
 */
export interface Summary {
  aggregate: Aggregate
  /** The last so many days, today included; absent: all. */
  windowDays?: number
  /** Sums add value × share and divide by 10,000 at the end, so that shares of one amount add up. */
  byShare?: boolean
}

/** What one row brings: its day, its instant and id (which order the rows of a day), and the value it counts with. */
export interface Contribution {
  day: number
  atMs: number
  id: string
  /** The value of the field that is summarised; null or undefined is absent and counts for `count` and `any` only. */
  value?: unknown
  shareBp?: number
}

type Scalar = number | string | boolean
/** The first or last of a day: instant, id, value. */
type Edge = [atMs: number, id: string, value: Scalar]
export type Part = Scalar | Edge | Scalar[]
export type Buckets = Map<number, Part>

/** Texts in the order of their UTF-8 bytes, which is the lake's. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
const compareScalar = (a: Scalar, b: Scalar): number =>
  typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : a < b ? -1 : a > b ? 1 : 0
const compareEdge = (a: Edge, b: Edge): number => a[0] - b[0] || compareText(a[1], b[1])

/** Adds one row. Adding the same row twice counts it twice: who calls knows which rows are in. */
export function add(buckets: Buckets, summary: Summary, row: Contribution): void {
  const part = partOf(summary, row)
  if (part === undefined) return
  const before = buckets.get(row.day)
  buckets.set(row.day, before === undefined ? part : merge(summary.aggregate, before, part))
}

function partOf(summary: Summary, row: Contribution): Part | undefined {
  if (summary.aggregate === 'count') return 1
  if (summary.aggregate === 'any') return true
  const value = row.value as Scalar | null | undefined
  if (summary.aggregate === 'first_date' || summary.aggregate === 'last_date') return true
  if (value === null || value === undefined) return undefined
  switch (summary.aggregate) {
    case 'sum':
      return summary.byShare ? (value as number) * (row.shareBp ?? 10_000) : value
    case 'min':
    case 'max':
      return value
    case 'first':
    case 'last':
      return [row.atMs, row.id, value]
    case 'distinct':
    case 'list':
      return [value]
  }
}

function merge(aggregate: Aggregate, a: Part, b: Part): Part {
  switch (aggregate) {
    case 'count':
    case 'sum':
      return (a as number) + (b as number)
    case 'any':
    case 'first_date':
    case 'last_date':
      return true
    case 'min':
      return compareScalar(a as Scalar, b as Scalar) <= 0 ? a : b
    case 'max':
      return compareScalar(a as Scalar, b as Scalar) >= 0 ? a : b
    case 'first':
      return compareEdge(a as Edge, b as Edge) <= 0 ? a : b
    case 'last':
      return compareEdge(a as Edge, b as Edge) >= 0 ? a : b
    case 'distinct':
    case 'list':
      return [...new Set([...(a as Scalar[]), ...(b as Scalar[])])]
  }
}

/**
 * The attribute's value on a day: what lies in the window that ends with it; nothing later is seen. Dates are day
 * numbers here. null is absent.
 */
export function summed(buckets: Buckets, summary: Summary, today: number): Scalar | string[] | null {
  const since = summary.windowDays === undefined ? Number.NEGATIVE_INFINITY : today - summary.windowDays
  let firstDay = Number.POSITIVE_INFINITY
  let lastDay = Number.NEGATIVE_INFINITY
  let whole: Part | undefined
  for (const [day, part] of buckets) {
    if (day > today || day <= since) continue
    // Days before instants: of a weekend's late bookings the booking day decides, then the instant.
    if (summary.aggregate === 'first' && day < firstDay) whole = part
    else if (summary.aggregate === 'last' && day > lastDay) whole = part
    else if (summary.aggregate !== 'first' && summary.aggregate !== 'last')
      whole = whole === undefined ? part : merge(summary.aggregate, whole, part)
    firstDay = Math.min(firstDay, day)
    lastDay = Math.max(lastDay, day)
  }
  return settled(summary, whole, firstDay, lastDay)
}

/** The same over rows that are all at hand and no window: nothing needs to be kept by day. */
export function summedAtOnce(rows: readonly Contribution[], summary: Summary): Scalar | string[] | null {
  let firstDay = Number.POSITIVE_INFINITY
  let lastDay = Number.NEGATIVE_INFINITY
  let whole: Part | undefined
  for (const row of rows) {
    const part = partOf(summary, row)
    if (part === undefined) continue
    if (whole === undefined) whole = part
    else if (summary.aggregate === 'first')
      whole = row.day < firstDay ? part : row.day > firstDay ? whole : merge('first', whole, part)
    else if (summary.aggregate === 'last')
      whole = row.day > lastDay ? part : row.day < lastDay ? whole : merge('last', whole, part)
    else whole = merge(summary.aggregate, whole, part)
    firstDay = Math.min(firstDay, row.day)
    lastDay = Math.max(lastDay, row.day)
  }
  return settled(summary, whole, firstDay, lastDay)
}

function settled(summary: Summary, whole: Part | undefined, firstDay: number, lastDay: number) {
  switch (summary.aggregate) {
    case 'count':
      return (whole as number | undefined) ?? 0
    case 'sum':
      return summary.byShare ? Math.trunc(((whole as number | undefined) ?? 0) / 10_000) + 0 : ((whole as number) ?? 0)
    case 'any':
      return whole === true
    case 'distinct':
      return (whole as Scalar[] | undefined)?.length ?? 0
    case 'list':
      return ((whole as string[] | undefined) ?? []).slice().sort(compareText)
    case 'first_date':
      return whole === undefined ? null : firstDay
    case 'last_date':
      return whole === undefined ? null : lastDay
    case 'first':
    case 'last':
      return whole === undefined ? null : (whole as Edge)[2]
    case 'min':
    case 'max':
      return whole === undefined ? null : (whole as Scalar)
  }
}

/** The buckets of several attributes as JSON: { attribute: [[day, part], …] }, days ascending. */
export const writeBuckets = (all: ReadonlyMap<string, Buckets>): Record<string, [number, Part][]> =>
  Object.fromEntries([...all].map(([id, buckets]) => [id, [...buckets].sort((a, b) => a[0] - b[0])]))

export const readBuckets = (json: Record<string, [number, Part][]>): Map<string, Buckets> =>
  new Map(Object.entries(json).map(([id, days]) => [id, new Map(days)]))
