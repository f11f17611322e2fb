import { DATE_MAX_DAY, MS_PER_DAY } from './value-types.ts'

/**
 * Outside these instants a zone keeps the offset it has at the nearer end: ClickHouse knows zones from 1900 to 2299
 * only, and before 1900 most zones had local mean times that no bank's system kept.
 */
export const ZONE_MIN_MS = -2_208_988_800_000 + MS_PER_DAY
export const ZONE_MAX_MS = 10_413_792_000_000 - MS_PER_DAY

// Long enough that few are ever needed, short enough that no zone changes its clock twice within one.
const BLOCK_MS = 2 ** 30

interface Block {
  before: number
  after: number
  changesAt: number
}

/** The offset from UTC in milliseconds, in force in a zone at an instant. */
export type OffsetAt = (ms: number) => number

const known = new Map<string, OffsetAt>()

/** '+05:30', '-02:30' or '02:00' in milliseconds; undefined when the text is not a fixed offset. */
export function fixedOffsetMs(zone: string): number | undefined {
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

/** The offsets of a zone, remembered by block of twelve days because asking Intl costs microseconds. */
export function offsetsOf(zone: string): OffsetAt {
  const fixed = zone === 'UTC' ? 0 : fixedOffsetMs(zone)
  if (fixed !== undefined) return () => fixed
  const found = known.get(zone)
  if (found) return found
  const ask = askIntl(zone)
  const blocks = new Map<number, Block>()
  const offsetAt: OffsetAt = (instant) => {
    const ms = Math.min(Math.max(instant, ZONE_MIN_MS), ZONE_MAX_MS)
    const index = Math.floor(ms / BLOCK_MS)
    let block = blocks.get(index)
    if (block === undefined) {
      block = survey(ask, index * BLOCK_MS, (index + 1) * BLOCK_MS)
      blocks.set(index, block)
    }
    return ms < block.changesAt ? block.before : block.after
  }
  known.set(zone, offsetAt)
  return offsetAt
}

function survey(ask: OffsetAt, from: number, to: number): Block {
  const before = ask(from)
  const after = ask(to)
  if (before === after) return { before, after, changesAt: to }
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (ask(middle) === before) low = middle
    else high = middle
  }
  return { before, after, changesAt: high }
}

function askIntl(zone: string): OffsetAt {
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
  return (ms) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
    return wall - Math.floor(ms / 1000) * 1000
  }
}

/** The day number, in the zone, of an instant; within 0001..9999 even where the offset would step outside. */
export const localDay = (offsetAt: OffsetAt, ms: number): number =>
  Math.min(DATE_MAX_DAY, Math.max(-719_162, Math.floor((ms + offsetAt(ms)) / MS_PER_DAY)))
