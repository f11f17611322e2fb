export {
  addDays,
  type BankCalendar,
  dayNumber,
  dayOfNumber,
  isWorkingDay,
  localDate,
  localTime,
  nextWorkingDay,
} from './calendar.ts'

/** The only source of time. Instants are UTC Dates; a business date is 'YYYY-MM-DD' in the bank's zone. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved, for tests, stories and the demo's sped-up day. */
export interface FakeClock extends Clock {
  set(instant: Date | string): void
  advanceMs(durationMs: number): void
}

/** @param start the first instant; must be a valid date or this throws a RangeError. */
export function fakeClock(start: Date | string): FakeClock {
  let at = new Date(start).getTime()
  if (Number.isNaN(at)) throw new RangeError(`fakeClock needs a valid instant, found ${String(start)}`)
  return {
    now: () => new Date(at),
    set: (instant) => {
      at = new Date(instant).getTime()
    },
    advanceMs: (durationMs) => {
      at += durationMs
    },
  }
}
