import { type BankCalendar, dayNumber, localDate, localTime } from '#platform/clock'

/** The moment of a decision in the bank's zone; the same for everybody decided on together. */
export interface Moment {
  readonly nowMs: number
  readonly now: Date
  /** Business date 'YYYY-MM-DD'. */
  readonly today: string
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number
  /** 'HH:MM' */
  readonly time: string
  readonly holiday: boolean
}

/** `today`: the business date when it isn't the calendar's, for a bank read as of a past date. */
export function momentOf(now: Date, calendar: BankCalendar, today = localDate(now, calendar.zone)): Moment {
  return {
    nowMs: now.getTime(),
    now,
    today,
    weekday: ((dayNumber(today) + 3) % 7) + 1, // 1970-01-01 was a Thursday
    time: localTime(now, calendar.zone).slice(0, 5),
    holiday: calendar.holidays.includes(today),
  }
}
