import { dayNumber, dayOfNumber, localDate } from '#platform/clock'
import { isError } from '#platform/expressions'
import { add, type Buckets, type Contribution, type Summary, summed, summedAtOnce } from './buckets.ts'
import type { Attribute, Catalogue, RowSource } from './catalogue.ts'
import { readJsonField } from './fields.ts'

/** A row as an attribute sees it: its place in time, its columns, and the JSON text that holds further fields. */
export interface Row {
  date: string
  atMs: number
  id: string
  facts: Record<string, unknown>
  json?: Record<string, unknown>
  shareBp?: number
  /** The columns under the word that conditions use; made when first needed. */
  scope?: Record<string, Record<string, unknown>>
}

/** Adds a row to the buckets of every attribute of its kind that it counts for. */
export function addRow(attributes: readonly Attribute[], all: Map<string, Buckets>, row: Row): void {
  for (const { id, rows } of attributes) {
    if (!rows || !countsFor(rows, row)) continue
    const buckets: Buckets = all.get(id) ?? new Map()
    all.set(id, buckets)
    add(buckets, rows.summary, contributionOf(rows, row))
  }
}

const contributionOf = (rows: RowSource, row: Row): Contribution => ({
  day: dayNumber(row.date),
  atMs: row.atMs,
  id: row.id,
  value: rows.of === undefined ? undefined : columnOf(rows, row, rows.of),
  shareBp: row.shareBp ?? 10_000,
})

function countsFor(rows: RowSource, row: Row): boolean {
  if (
    rows.row === 'event'
      ? !rows.types.includes(row.facts.type as string)
      : !rows.roles.includes(row.facts.role as string)
  )
    return false
  if (!rows.where) return true
  if (rows.jsonNames.length === 0) {
    row.scope ??= { [rows.row]: row.facts }
    return rows.where.admits(row.scope)
  }
  const facts = { ...row.facts }
  for (const name of rows.jsonNames) if (!Object.hasOwn(facts, name)) facts[name] = columnOf(rows, row, name)
  return rows.where.admits({ [rows.row]: facts })
}

const columnOf = (rows: RowSource, row: Row, name: string): unknown =>
  Object.hasOwn(row.facts, name) ? row.facts[name] : readJsonField(row.json ?? {}, name, rows.json[name] ?? 'string')

const NONE: Buckets = new Map()
const NOTHING: ReadonlyMap<string, Buckets> = new Map()

/** The value of an attribute over rows on a day, in the outside form: a date is 'YYYY-MM-DD'; null is absent. */
export function rowsValue(attribute: Attribute, all: ReadonlyMap<string, Buckets>, today: string): unknown {
  const { summary } = attribute.rows!
  return outside(summary, summed(all.get(attribute.id) ?? NONE, summary, dayNumber(today)))
}

function outside(summary: Summary, value: unknown): unknown {
  const isDay = summary.aggregate === 'first_date' || summary.aggregate === 'last_date'
  return isDay && value !== null ? dayOfNumber(value as number) : value
}

/** The value of an attribute over rows that are all at hand, without buckets and without a window. */
function valueOfRows({ rows }: Attribute, given: readonly Row[]): unknown {
  const counting: Contribution[] = []
  for (const row of given) if (countsFor(rows!, row)) counting.push(contributionOf(rows!, row))
  return outside(rows!.summary, summedAtOnce(counting, rows!.summary))
}

/** What is known of a person and their holdings on a day, as the store reads it. */
export interface Living {
  person: Record<string, unknown>
  holdings: Row[]
}

/**
 * All attributes of one customer on a day: those of the person and the holdings from what is so now, the stored ones as
 * given (in the order of `catalogue.stored`; absent altogether: nothing ever happened), formulas over them all. All
 * objects have one shape.
 */
export function evaluateAll(
  catalogue: Catalogue,
  living: Living,
  stored: readonly unknown[] | undefined,
  today: string,
): Record<string, unknown> {
  const { attributes, plan } = catalogue
  const list = new Array<unknown>(attributes.length)
  for (let place = 0; place < list.length; place++) {
    const source = plan.of[place]!
    if (source.from === 'stored')
      list[place] = stored ? stored[source.at] : rowsValue(attributes[place]!, NOTHING, today)
    else if (source.from === 'holdings') list[place] = valueOfRows(attributes[place]!, living.holdings)
    else list[place] = source.from === 'person' ? (living.person[source.field] ?? null) : null
  }
  const values = plan.recordOf(list)
  const facts = { customer: values, context: { today } }
  for (const { id, formula } of plan.formulas) {
    const value = formula.evaluate(facts)
    if (!isError(value)) values[id] = value
  }
  return values
}

/** The day an instant falls on in the bank's zone. */
export const dayIn = (instant: Date, zone: string): string => localDate(instant, zone)
