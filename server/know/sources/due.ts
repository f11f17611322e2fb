import { addDays, type BankCalendar, isWorkingDay } from '#platform/clock'

/** The last day before `date` on which the bank worked; a calendar without working days gives the day before. */
export function workingDayBefore(date: string, calendar: BankCalendar): string {
  for (let back = 1; back <= 366; back++) {
    const day = addDays(date, -back)
    if (isWorkingDay(day, calendar)) return day
  }
  return addDays(date, -1)
}

/**
 * The business date that a nightly feed must have reached by now. A feed comes on working days, by `at` ('HH:MM' of the
 * bank's zone), and tells of the working day before; until then, the one before it counts.
 */
export function dueDate(today: string, time: string, at: string, calendar: BankCalendar): string {
  const came = isWorkingDay(today, calendar) && time >= `${at}:00` ? today : workingDayBefore(today, calendar)
  return workingDayBefore(came, calendar)
}

export type Health = 'ok' | 'late' | 'unbalanced' | 'refused' | 'never'

/** How a source is, from its latest feed (undefined: none came) and the business date expected of it (null: none is). */
export function healthOf(
  latest: { state: string; appliedOn: string | null } | undefined,
  expectedOn: string | null,
): Health {
  if (latest === undefined) return expectedOn === null ? 'ok' : 'never'
  if (latest.state === 'unbalanced' || latest.state === 'refused') return latest.state
  return expectedOn !== null && (latest.appliedOn === null || latest.appliedOn < expectedOn) ? 'late' : 'ok'
}
