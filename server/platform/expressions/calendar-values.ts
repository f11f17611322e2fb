import {
  DATE_MAX_DAY,
  DATE_MIN_DAY,
  DURATION_MAX_MS,
  MS_PER_DAY,
  TIMESTAMP_MAX_MS,
  TIMESTAMP_MIN_MS,
} from './value-types.ts'

/** Proleptic Gregorian calendar as integers, after Howard Hinnant's "chrono-compatible low-level date algorithms". */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export interface CivilDay {
  year: number
  month: number
  day: number
}

export function civilOf(dayNumber: number): CivilDay {
  const z = dayNumber + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 }
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1]!

const digits = (text: string, from: number, to: number): number => {
  let n = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i) - 48
    if (c < 0 || c > 9) return Number.NaN
    n = n * 10 + c
  }
  return n
}

/** The day number of 'YYYY-MM-DD', years 0001..9999; undefined for anything else. */
export function dayOfText(text: string): number | undefined {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined
  return dayOf(year, month, day)
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** Milliseconds since 1970 of an RFC 3339 instant; undefined when malformed, outside 0001..9999, or finer than a millisecond. */
export function instantOfText(text: string): number | undefined {
  const m = RFC3339.exec(text)
  if (!m) return undefined
  const day = dayOfText(m[1]!)
  const hour = Number(m[2])
  const minute = Number(m[3])
  const second = Number(m[4])
  const offsetHour = Number(m[7] ?? 0)
  const offsetMinute = Number(m[8] ?? 0)
  if (day === undefined || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59)
    return undefined
  const fraction = (m[5] ?? '').padEnd(9, '0')
  if (Number(fraction.slice(3)) !== 0) return undefined
  const local = day * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(0, 3))
  const ms = local - (m[6] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000
  return ms < TIMESTAMP_MIN_MS || ms > TIMESTAMP_MAX_MS ? undefined : ms
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0')

export function textOfDay(dayNumber: number): string {
  const { year, month, day } = civilOf(dayNumber)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** RFC 3339 in UTC, the fraction only when there is one, without trailing zeros: as CEL writes instants. */
export function textOfInstant(ms: number): string {
  const day = Math.floor(ms / MS_PER_DAY)
  const rest = ms - day * MS_PER_DAY
  const clock = `${pad(Math.floor(rest / 3_600_000), 2)}:${pad(Math.floor(rest / 60_000) % 60, 2)}:${pad(Math.floor(rest / 1000) % 60, 2)}`
  return `${textOfDay(day)}T${clock}${fractionText(rest % 1000)}Z`
}

const fractionText = (ms: number): string => (ms === 0 ? '' : `.${pad(ms, 3).replace(/0+$/, '')}`)

/** Seconds with an `s`, as CEL writes durations: 90 minutes are '5400s'. */
export function textOfDuration(ms: number): string {
  const size = Math.abs(ms)
  return `${ms < 0 ? '-' : ''}${Math.floor(size / 1000)}${fractionText(size % 1000)}s`
}

const UNIT_NS: Record<string, bigint> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
}

/** Milliseconds of a duration such as '1h30m' or '-1.5s'; undefined when malformed, too long, or finer than a millisecond. */
export function durationOfText(text: string): number | undefined {
  const whole = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|ns))+$/.exec(text)
  if (text === '0' || text === '+0' || text === '-0') return 0
  if (!whole || text.length > 100) return undefined
  let ns = 0n
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/g)) {
    const [units, fraction = ''] = number!.split('.')
    const scale = UNIT_NS[unit!]!
    ns += BigInt(units || '0') * scale
    if (fraction !== '') {
      const part = BigInt(fraction) * scale
      const divisor = 10n ** BigInt(fraction.length)
      if (part % divisor !== 0n) return undefined
      ns += part / divisor
    }
  }
  if (ns % 1_000_000n !== 0n) return undefined
  const ms = Number(ns / 1_000_000n)
  if (ms > DURATION_MAX_MS) return undefined
  return whole[1] === '-' ? 0 - ms : ms
}

export const isDay = (day: number): boolean => day >= DATE_MIN_DAY && day <= DATE_MAX_DAY

/** The same day n months later, or the month's last day when it has no such day: 31 January + 1 month is 28 or 29 February. */
export function addMonths(dayNumber: number, months: number): number {
  const { year, month, day } = civilOf(dayNumber)
  const count = year * 12 + (month - 1) + months
  const newYear = Math.floor(count / 12)
  const newMonth = count - newYear * 12 + 1
  return dayOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)))
}

/** Whole years from one day to another, as a birthday counts them (29 February counts from 1 March in common years); negative when `to` is earlier. */
export function yearsBetween(from: number, to: number): number {
  if (to < from) return 0 - yearsBetween(to, from)
  const a = civilOf(from)
  const b = civilOf(to)
  return b.year - a.year - (b.month * 100 + b.day < a.month * 100 + a.day ? 1 : 0)
}
