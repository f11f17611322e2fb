import { localDate, localTime } from '#platform/clock'

/** When a job comes round: every so many seconds (60 to 86,400, UTC), or once a day at a time 'HH:MM' of the bank's zone. */
export type Schedule = { everySeconds: number } | { dailyAt: string }

/**
 * The latest slot of the schedule that has begun, as a text that sorts in order of time; undefined when none has today.
 * A slot missed while every server was down is made up for once, by the latest.
 */
export function slotOf(schedule: Schedule, now: Date, zone: string): string | undefined {
  if ('everySeconds' in schedule) {
    const periodMs = schedule.everySeconds * 1000
    return new Date(Math.floor(now.getTime() / periodMs) * periodMs).toISOString()
  }
  return localTime(now, zone).slice(0, 5) >= schedule.dailyAt ? localDate(now, zone) : undefined
}
