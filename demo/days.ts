/** Days are whole numbers since 1970-01-01; months are year × 12 + (month − 1). No zone: the bank's own calendar dates. */
const DAY_MS = 86_400_000

/** The day number of 'YYYY-MM-DD'. Throws on anything else. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !Number.isInteger(day) || dateOf(day) !== date) {
    throw new RangeError(
      `a date of the calendar is written YYYY-MM-DD, for example 2026-03-02; found ${JSON.stringify(date)}`,
    )
  }
  return day
}

const dates = new Map<number, string>()

/** 'YYYY-MM-DD' of a day number. */
export function dateOf(day: number): string {
  let date = dates.get(day)
  if (date === undefined) {
    date = new Date(day * DAY_MS).toISOString().slice(0, 10)
    if (dates.size < 60_000) dates.set(day, date)
  }
  return date
}

/** 1 Monday … 7 Sunday. */
export const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

export const monthOf = (day: number): number => {
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
export const firstOf = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS
export const daysIn = (month: number): number => firstOf(month + 1) - firstOf(month)
export const nameOf = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`

/** Easter Sunday of a year of the Gregorian calendar (the anonymous algorithm of 1876, by Butcher). */
export function easter(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const month = Math.floor((h + l - 7 * m + 114) / 31)
  const day = ((h + l - 7 * m + 114) % 31) + 1
  return Date.UTC(year, month - 1, day) / DAY_MS
}

/** Riverside's bank holidays of a year: the six of the European payment system, Ascension, Whit Monday, All Saints. */
export function holidaysOf(year: number): number[] {
  const sunday = easter(year)
  const fixed = ['01-01', '05-01', '11-01', '12-25', '12-26'].map((date) => dayOf(`${year}-${date}`))
  return [...fixed, sunday - 2, sunday + 1, sunday + 39, sunday + 50].sort((a, b) => a - b)
}

const holidays = new Map<number, Set<number>>()

export function isWorkingDay(day: number): boolean {
  if (weekday(day) > 5) return false
  const year = new Date(day * DAY_MS).getUTCFullYear()
  let known = holidays.get(year)
  if (!known) {
    known = new Set(holidaysOf(year))
    holidays.set(year, known)
  }
  return !known.has(day)
}

/** The day itself when the bank works on it, else the next (step 1) or the one before (step −1) on which it does. */
export function workingDay(day: number, step: 1 | -1): number {
  let found = day
  while (!isWorkingDay(found)) found += step
  return found
}

/** The same calendar day `months` later, or the last day of that month where it has no such day. */
export function monthsLater(day: number, months: number): number {
  const date = new Date(day * DAY_MS)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months
  return firstOf(month) + Math.min(date.getUTCDate(), daysIn(month)) - 1
}

/** Completed years of age on a day; somebody born on 29 February has a birthday on 1 March in other years. */
export function ageOn(born: number, day: number): number {
  const from = new Date(born * DAY_MS)
  const to = new Date(day * DAY_MS)
  const years = to.getUTCFullYear() - from.getUTCFullYear()
  const before =
    to.getUTCMonth() < from.getUTCMonth() ||
    (to.getUTCMonth() === from.getUTCMonth() && to.getUTCDate() < from.getUTCDate())
  return before ? years - 1 : years
}
