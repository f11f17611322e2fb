import {
  addMonths,
  civilOf,
  dayOf,
  dayOfText,
  instantOfText,
  isDay,
  textOfDay,
  textOfDuration,
  textOfInstant,
  yearsBetween,
} from './calendar-values.ts'
import type { ExpressionErrorCode } from './errors.ts'
import type { ComparisonId, OverloadId } from './functions.ts'
import { re2 } from './patterns.ts'
import { DURATION_MAX_MS, INT_MAX, MS_PER_DAY, TIMESTAMP_MAX_MS, TIMESTAMP_MIN_MS } from './value-types.ts'
import { localDay, type OffsetAt, offsetsOf } from './zones.ts'

/** A failed operation, before the place is known. One per code, so that failing allocates nothing. */
export class Failure {
  readonly code: ExpressionErrorCode
  constructor(code: ExpressionErrorCode) {
    this.code = code
  }
}
const OVERFLOW = new Failure('overflow')
const BY_ZERO = new Failure('division_by_zero')
const BAD_CONVERSION = new Failure('bad_conversion')
const NO_SUCH_INDEX = new Failure('index_out_of_range')
const OUT_OF_RANGE = new Failure('out_of_range')

// biome-ignore lint/suspicious/noExplicitAny: the checker has proved the types; the table is the one place they meet.
type Impl = (...args: any[]) => unknown

// Adding 0 turns −0 into 0: an integer has one zero, or double(x) and string(x) would tell two.
const int = (n: number): number | Failure => (n > INT_MAX || n < -INT_MAX ? OVERFLOW : n + 0)
const instant = (ms: number): number | Failure => (ms < TIMESTAMP_MIN_MS || ms > TIMESTAMP_MAX_MS ? OUT_OF_RANGE : ms)
const duration = (ms: number): number | Failure =>
  ms < -DURATION_MAX_MS || ms > DURATION_MAX_MS ? OUT_OF_RANGE : ms + 0
const day = (n: number): number | Failure => (isDay(n) ? n : OUT_OF_RANGE)

/** Characters as a reader counts them: code points. */
export function sizeOf(text: string): number {
  let size = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff) {
      size--
      i++
    }
  }
  return size
}

/** By code point, as UTF-8 bytes order texts; JavaScript's own order puts emoji before some rarer letters. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      const xHigh = x >= 0xd800 && x <= 0xdfff
      const yHigh = y >= 0xd800 && y <= 0xdfff
      return xHigh === yHigh ? x - y : xHigh ? 1 : -1
    }
  }
  return a.length - b.length
}

export function sameLists(a: unknown[], b: unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    const x = a[i]
    const y = b[i]
    if (Array.isArray(x) ? !sameLists(x, y as unknown[]) : x !== y) return false
  }
  return true
}

const within = (text: string, pattern: string): boolean => re2(pattern).matcher(text).find()
const asciiLower = (s: string): string => s.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
const asciiUpper = (s: string): string => s.replace(/[a-z]+/g, (letters) => letters.toUpperCase())

function intOfText(text: string): number | Failure {
  return /^-?[0-9]{1,18}$/.test(text) && Math.abs(Number(text)) <= INT_MAX ? Number(text) + 0 : BAD_CONVERSION
}
function doubleOfText(text: string): number | Failure {
  if (text === 'NaN') return Number.NaN
  if (text === 'Infinity') return Number.POSITIVE_INFINITY
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY
  return /^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?$/.test(text) ? Number(text) : BAD_CONVERSION
}
const TRUE_TEXTS = ['1', 't', 'T', 'true', 'True', 'TRUE']
const FALSE_TEXTS = ['0', 'f', 'F', 'false', 'False', 'FALSE']

const local = (ms: number, offsetAt: OffsetAt): number => ms + offsetAt(ms)
const civil = (ms: number) => civilOf(Math.floor(ms / MS_PER_DAY))
const weekdayOf = (dayNumber: number): number => (((dayNumber + 4) % 7) + 7) % 7
const restOfDay = (ms: number): number => ms - Math.floor(ms / MS_PER_DAY) * MS_PER_DAY

/** CEL's accessors on a local wall clock in milliseconds: months, days of month and of year from 0, getDate from 1, Sunday 0. */
const GETTERS = {
  getFullYear: (ms: number) => civil(ms).year,
  getMonth: (ms: number) => civil(ms).month - 1,
  getDate: (ms: number) => civil(ms).day,
  getDayOfMonth: (ms: number) => civil(ms).day - 1,
  getDayOfWeek: (ms: number) => weekdayOf(Math.floor(ms / MS_PER_DAY)),
  getDayOfYear: (ms: number) => Math.floor(ms / MS_PER_DAY) - dayOf(civil(ms).year, 1, 1),
  getHours: (ms: number) => Math.floor(restOfDay(ms) / 3_600_000),
  getMinutes: (ms: number) => Math.floor(restOfDay(ms) / 60_000) % 60,
  getSeconds: (ms: number) => Math.floor(restOfDay(ms) / 1000) % 60,
  getMilliseconds: (ms: number) => restOfDay(ms) % 1000,
}
const inZone =
  (get: (ms: number) => number): Impl =>
  (ms: number, zone: string) =>
    get(local(ms, offsetsOf(zone)))

/** The first of the two unless the second is strictly less (or more); NaN when either is. Math.min tells −0 from 0 here, == does not. */
function extreme(a: number, b: number, isBeyond: boolean): number {
  if (Number.isNaN(a)) return a
  return isBeyond || Number.isNaN(b) ? b : a
}

/** What each overload does to values in the inside form; a Failure when there is no value. `zone` is the bank's. */
export const implementations = (zone: string): Record<Exclude<OverloadId, ComparisonId | 'dyn'>, Impl> => {
  const bankOffset = offsetsOf(zone)
  return {
    int_add: (a: number, b: number) => int(a + b),
    int_sub: (a: number, b: number) => int(a - b),
    int_mul: (a: number, b: number) => int(a * b),
    int_div: (a: number, b: number) => (b === 0 ? BY_ZERO : Math.trunc(a / b) + 0),
    int_mod: (a: number, b: number) => (b === 0 ? BY_ZERO : (a % b) + 0),
    int_neg: (a: number) => 0 - a,
    double_add: (a: number, b: number) => a + b,
    double_sub: (a: number, b: number) => a - b,
    double_mul: (a: number, b: number) => a * b,
    double_div: (a: number, b: number) => a / b,
    double_neg: (a: number) => -a,
    string_add: (a: string, b: string) => a + b,
    list_add: (a: unknown[], b: unknown[]) => a.concat(b),
    timestamp_add_duration: (a: number, b: number) => instant(a + b),
    duration_add_timestamp: (a: number, b: number) => instant(a + b),
    duration_add: (a: number, b: number) => duration(a + b),
    timestamp_sub_duration: (a: number, b: number) => instant(a - b),
    timestamp_sub: (a: number, b: number) => duration(a - b),
    duration_sub: (a: number, b: number) => duration(a - b),
    index: (list: unknown[], i: number) => (i >= 0 && i < list.length ? list[i] : NO_SUCH_INDEX),

    string_size: sizeOf,
    string_size_method: sizeOf,
    list_size: (list: unknown[]) => list.length,
    list_size_method: (list: unknown[]) => list.length,
    contains: (a: string, b: string) => a.includes(b),
    starts_with: (a: string, b: string) => a.startsWith(b),
    ends_with: (a: string, b: string) => a.endsWith(b),
    matches: within,
    matches_function: within,
    lower_ascii: asciiLower,
    upper_ascii: asciiUpper,

    int_of_int: (a: number) => a,
    int_of_double: (a: number) => (Math.abs(a) < 2 ** 53 ? Math.trunc(a) + 0 : BAD_CONVERSION),
    int_of_string: intOfText,
    int_of_timestamp: (ms: number) => Math.floor(ms / 1000),
    double_of_double: (a: number) => a,
    double_of_int: (a: number) => a,
    double_of_string: doubleOfText,
    bool_of_bool: (a: boolean) => a,
    bool_of_string: (a: string) => (TRUE_TEXTS.includes(a) ? true : FALSE_TEXTS.includes(a) ? false : BAD_CONVERSION),
    string_of_string: (a: string) => a,
    string_of_int: (a: number) => String(a),
    string_of_double: (a: number) => (Object.is(a, -0) ? '-0' : String(a)),
    string_of_bool: (a: boolean) => String(a),
    string_of_timestamp: textOfInstant,
    string_of_date: textOfDay,
    string_of_duration: textOfDuration,
    timestamp_of_timestamp: (a: number) => a,
    timestamp_of_int: (seconds: number) => instant(seconds * 1000),
    timestamp_of_string: (a: string) => instantOfText(a) ?? BAD_CONVERSION,
    date_of_date: (a: number) => a,
    date_of_string: (a: string) => dayOfText(a) ?? BAD_CONVERSION,
    date_of_timestamp: (ms: number) => localDay(bankOffset, ms),
    duration_of_duration: (a: number) => a,

    int_abs: (a: number) => Math.abs(a),
    double_abs: (a: number) => Math.abs(a),
    int_min: Math.min,
    double_min: (a: number, b: number) => extreme(a, b, b < a),
    date_min: Math.min,
    timestamp_min: Math.min,
    int_max: Math.max,
    double_max: (a: number, b: number) => extreme(a, b, b > a),
    date_max: Math.max,
    timestamp_max: Math.max,
    floor: Math.floor,
    ceil: Math.ceil,
    is_nan: Number.isNaN,
    is_finite: Number.isFinite,
    int_sum: (list: number[]) => {
      let sum = 0
      for (const item of list) {
        sum += item
        if (sum > INT_MAX || sum < -INT_MAX) return OVERFLOW
      }
      return sum
    },

    days_between: (from: number, to: number) => to - from + 0,
    years_between: yearsBetween,
    add_days: (d: number, days: number) => day(d + days),
    // More months than a calendar has cannot land in it, and would lose precision on the way.
    add_months: (d: number, months: number) => (Math.abs(months) > 120_000 ? OUT_OF_RANGE : day(addMonths(d, months))),
    year: (d: number) => civilOf(d).year,
    month: (d: number) => civilOf(d).month,
    day: (d: number) => civilOf(d).day,
    weekday: (d: number) => weekdayOf(d) || 7,

    get_full_year: GETTERS.getFullYear,
    get_month: GETTERS.getMonth,
    get_date: GETTERS.getDate,
    get_day_of_month: GETTERS.getDayOfMonth,
    get_day_of_week: GETTERS.getDayOfWeek,
    get_day_of_year: GETTERS.getDayOfYear,
    get_hours: GETTERS.getHours,
    get_minutes: GETTERS.getMinutes,
    get_seconds: GETTERS.getSeconds,
    get_milliseconds: GETTERS.getMilliseconds,
    get_full_year_in: inZone(GETTERS.getFullYear),
    get_month_in: inZone(GETTERS.getMonth),
    get_date_in: inZone(GETTERS.getDate),
    get_day_of_month_in: inZone(GETTERS.getDayOfMonth),
    get_day_of_week_in: inZone(GETTERS.getDayOfWeek),
    get_day_of_year_in: inZone(GETTERS.getDayOfYear),
    get_hours_in: inZone(GETTERS.getHours),
    get_minutes_in: inZone(GETTERS.getMinutes),
    get_seconds_in: inZone(GETTERS.getSeconds),
    get_milliseconds_in: inZone(GETTERS.getMilliseconds),
    duration_hours: (ms: number) => Math.trunc(ms / 3_600_000) + 0,
    duration_minutes: (ms: number) => Math.trunc(ms / 60_000) + 0,
    duration_seconds: (ms: number) => Math.trunc(ms / 1000) + 0,
    duration_milliseconds: (ms: number) => (ms % 1000) + 0,
  }
}
