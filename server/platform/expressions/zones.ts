import { DATE_MAX_DAY, DATE_MIN_DAY, MS_PER_DAY } from './value-types.ts'

/**
 * Zones as tables made from this process's own zone database, used by the closure and written into the SQL. Measured:
 * ClickHouse's offsets differ from ICU's for seven zones today (its calendar has no +13:00 in the Pacific, and the two
 * carry different releases of the database for Casablanca, Edmonton and Vancouver) and for hundreds before 1970. Two
 * databases would let a count and a decision disagree about which day it was.
 *
 * The tables cover 1970 to 2099; outside, a zone keeps the offset it has at the nearer end.
 */
export interface ZoneTable {
  /** For each slot of SLOT_SECONDS since 1970: the offset at its start and after each change in it, in seconds. */
  offsets: number[][]
  /** For each slot: the instants, in seconds since 1970, at which the next offset begins. */
  changes: number[][]
}

/** A little over a year, so that a table is short and a slot has few changes. */
export const SLOT_SECONDS = 34_300_000
export const ZONE_END_SECONDS = 4_102_444_800
const SLOTS = Math.ceil(ZONE_END_SECONDS / SLOT_SECONDS)
// The shortest spell since 1970 was a week, in northern Brazil in October 2000.
const PROBE_SECONDS = 5 * 86_400

/** The offset from UTC in milliseconds, in force in a zone at an instant. */
export type OffsetAt = (ms: number) => number

const tables = new Map<string, ZoneTable>()

/** '+05:30', '-02:30' or '02:00' in milliseconds; undefined when the text is not a fixed offset. */
export function fixedOffsetMs(zone: string): number | undefined {
  if (zone === 'UTC') return 0
  const m = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone)
  if (!m || Number(m[2]) > 23 || Number(m[3]) > 59) return undefined
  return (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) * 60_000
}

/** Whether text names a zone of the IANA database or a fixed offset. */
export function isZone(zone: string): boolean {
  if (fixedOffsetMs(zone) !== undefined) return true
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The table of a named zone, surveyed once per process. */
export function zoneTable(zone: string): ZoneTable {
  let table = tables.get(zone)
  if (!table) {
    table = survey(zone)
    tables.set(zone, table)
  }
  return table
}

/** The offsets of a zone or fixed offset. */
export function offsetsOf(zone: string): OffsetAt {
  const fixed = fixedOffsetMs(zone)
  if (fixed !== undefined) return () => fixed
  let table: ZoneTable | undefined
  return (ms) => {
    table ??= zoneTable(zone)
    const seconds = Math.min(Math.max(Math.floor(ms / 1000), 0), ZONE_END_SECONDS - 1)
    const slot = Math.floor(seconds / SLOT_SECONDS)
    const changes = table.changes[slot]!
    let n = 0
    while (n < changes.length && seconds >= changes[n]!) n++
    return table.offsets[slot]![n]! * 1000
  }
}

function survey(zone: string): ZoneTable {
  const ask = askIntl(zone)
  const table: ZoneTable = { offsets: [], changes: [] }
  let from = 0
  let offset = ask(0)
  for (let slot = 0; slot < SLOTS; slot++) {
    const offsets = [offset]
    const changes: number[] = []
    const end = Math.min((slot + 1) * SLOT_SECONDS, ZONE_END_SECONDS)
    while (from < end) {
      const to = Math.min(from + PROBE_SECONDS, end)
      const next = ask(to)
      if (next !== offset) {
        const at = changeBetween(ask, from, to, offset)
        if (at < end) {
          changes.push(at)
          offsets.push(next)
        }
        offset = next
      }
      from = to
    }
    table.offsets.push(offsets)
    table.changes.push(changes)
  }
  return table
}

function changeBetween(ask: (seconds: number) => number, from: number, to: number, before: number): number {
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (ask(middle) === before) low = middle
    else high = middle
  }
  return high
}

function askIntl(zone: string): (seconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  // '2026-03-29, 03:00:00': whole texts cost a fifth of formatToParts, and a survey asks ten thousand times.
  return (seconds) => {
    const [year, month, day, hour, minute, second] = format
      .format(seconds * 1000)
      .match(/\d+/g)!
      .map(Number)
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) / 1000 - seconds
  }
}

/** The day number, in the zone, of an instant; within 0001..9999 even where the offset would step outside. */
export const localDay = (offsetAt: OffsetAt, ms: number): number =>
  Math.min(DATE_MAX_DAY, Math.max(DATE_MIN_DAY, Math.floor((ms + offsetAt(ms)) / MS_PER_DAY)))
