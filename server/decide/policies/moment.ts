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

/**
 * The moment of an instant. The last one asked for is kept: everybody in a batch is decided on at the same.
 * `today`: the business date when it isn't the calendar's, for a bank read as of a past date.
 */
export function momentOf(now: Date, calendar: BankCalendar, today = localDate(now, calendar.zone)): Moment {
  const nowMs = now.getTime()
  if (last && last.calendar === calendar && last.moment.nowMs === nowMs && last.moment.today === today)
    return last.moment
  const moment: Moment = {
    nowMs,
    now,
    today,
    weekday: ((dayNumber(today) + 3) % 7) + 1, // 1970-01-01 was a Thursday
    time: localTime(now, calendar.zone).slice(0, 5),
    holiday: calendar.holidays.includes(today),
  }
  last = { calendar, moment }
  return moment
}

let last: { calendar: BankCalendar; moment: Moment } | undefined
