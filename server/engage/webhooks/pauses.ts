/** Pauses before the second and each further attempt, in seconds: about a day in all. */
export const PAUSES_SECONDS = [5, 30, 120, 600, 3600, 10_800, 21_600, 43_200] as const

/** When the next attempt is due after so many; undefined when there is none any more. */
export const nextAttempt = (attempts: number, now: Date): Date | undefined => {
  const pause = PAUSES_SECONDS[attempts - 1]
  return pause === undefined ? undefined : new Date(now.getTime() + pause * 1000)
}

/** From how many failures in a row of the receiver as such it is left alone, and for how long at most. */
const LEFT_ALONE_FROM = 5
const LEFT_ALONE_SECONDS_MAX = 300

/** Until when a receiver is left alone that failed so many times in a row; null while it is not. */
export function leftAloneUntil(failures: number, now: Date): Date | null {
  if (failures < LEFT_ALONE_FROM) return null
  const seconds = Math.min(LEFT_ALONE_SECONDS_MAX, 5 * 2 ** Math.min(10, failures - LEFT_ALONE_FROM))
  return new Date(now.getTime() + seconds * 1000)
}
