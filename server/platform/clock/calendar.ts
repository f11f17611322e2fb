/** The bank's calendar: zone as an IANA name, weekdays 1 (Monday) to 7 on which it works, and its holidays as dates. */
export interface BankCalendar {
  zone: string
  workingWeekdays: readonly number[]
  holidays: readonly string[]
}

const DAY_MS = 86_400_000

/** One zone's format and what it last said: whoever asks in the same second gets the same answer. */
interface InZone {
  readonly format: Intl.DateTimeFormat
  second: number
  parts: Record<string, string>
}
const zones = new Map<string, InZone>()

function inZone(zone: string): InZone {
  let found = zones.get(zone)
  if (!found) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    found = { format, second: Number.NaN, parts: {} }
    zones.set(zone, found)
  }
  return found
}

function parts(instant: Date, zone: string): Readonly<Record<string, string>> {
  const known = inZone(zone)
  const second = Math.floor(instant.getTime() / 1000)
  if (known.second !== second) {
    known.parts = Object.fromEntries(known.format.formatToParts(instant).map(({ type, value }) => [type, value]))
    known.second = second
  }
  return known.parts
}

/** The business date 'YYYY-MM-DD' on which the instant falls in the zone. */
export function localDate(instant: Date, zone: string): string {
  const p = parts(instant, zone)
  return `${p.year}-${p.month}-${p.day}`
}

/** The wall-clock time 'HH:MM:SS' of the instant in the zone. */
export function localTime(instant: Date, zone: string): string {
  const p = parts(instant, zone)
  return `${p.hour}:${p.minute}:${p.second}`
}

/** Days since 1970-01-01 of a date 'YYYY-MM-DD'; integer buckets for aggregates. NaN for a malformed date. */
export function dayNumber(date: string): number {
  // Read for every row of every customer: days up to the 28th, which every month has, are counted by hand (H. Hinnant,
  // "chrono-compatible low-level date algorithms"), at a twentieth of the parser's cost.
  if (date.length === 10 && date.charCodeAt(4) === 45 && date.charCodeAt(7) === 45) {
    const year = digits(date, 0, 4)
    const month = digits(date, 5, 7)
    const day = digits(date, 8, 10)
    if (year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28) {
      const y = month <= 2 ? year - 1 : year
      const era = Math.floor(y / 400)
      const ofEra = y - era * 400
      const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
      return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
    }
  }
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
}

/** The number that the characters [from, to) write; NaN when one of them is no digit. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/** The date 'YYYY-MM-DD' of a day number. */
export const dayOfNumber = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** The date `days` calendar days later (negative: earlier). */
export const addDays = (date: string, days: number): string => dayOfNumber(dayNumber(date) + days)

/** Whether the bank works on that date. */
export function isWorkingDay(date: string, calendar: BankCalendar): boolean {
  const weekday = ((dayNumber(date) + 3) % 7) + 1 // 1970-01-01 was a Thursday
  return calendar.workingWeekdays.includes(weekday) && !calendar.holidays.includes(date)
}

/** The date itself when the bank works on it, else the next on which it does. Looks at most 366 days ahead. */
export function nextWorkingDay(date: string, calendar: BankCalendar): string {
  for (let ahead = 0; ahead <= 366; ahead++) {
    const candidate = addDays(date, ahead)
    if (isWorkingDay(candidate, calendar)) return candidate
  }
  throw new RangeError(`no working day within a year of ${date}: the calendar has none`)
}
