/** Counts of one minute: its beginning in Unix milliseconds, what was counted, how many. */
export interface MinuteCount {
  minuteMs: number
  key: string
  count: number
}

export const MINUTE_MS = 60_000
/** Rows of a transaction that began in the minute before may still appear: so much is read again. */
const AGAIN_MS = 2 * MINUTE_MS
/** Should a row have come even later, the next full reading has it. */
const WHOLE_EVERY_MS = 60 * MINUTE_MS

export const minuteOf = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS

/** What only ever grows, counted by the minute so that only the last minutes are read again. */
export interface Tally {
  minutes: Map<number, Map<string, number>>
  sinceMs: number
  wholeAtMs: number
}

export const newTally = (): Tally => ({ minutes: new Map(), sinceMs: Number.POSITIVE_INFINITY, wholeAtMs: 0 })

/** From which instant to read so that the tally holds everything since `sinceMs`. */
export function readFrom(tally: Tally, sinceMs: number, nowMs: number): number {
  const whole = sinceMs < tally.sinceMs || nowMs < tally.wholeAtMs || nowMs - tally.wholeAtMs >= WHOLE_EVERY_MS
  return whole ? minuteOf(sinceMs) : Math.max(minuteOf(sinceMs), minuteOf(nowMs) - AGAIN_MS)
}

/** Puts in what was read from `fromMs` on, and forgets what is older than `sinceMs`. */
export function putIn(
  tally: Tally,
  rows: readonly MinuteCount[],
  asked: { fromMs: number; sinceMs: number; nowMs: number },
): void {
  const since = minuteOf(asked.sinceMs)
  for (const minute of [...tally.minutes.keys()])
    if (minute >= asked.fromMs || minute < since) tally.minutes.delete(minute)
  for (const { minuteMs, key, count } of rows) {
    const minute = tally.minutes.get(minuteMs) ?? new Map<string, number>()
    minute.set(key, (minute.get(key) ?? 0) + count)
    tally.minutes.set(minuteMs, minute)
  }
  if (asked.fromMs <= since) tally.wholeAtMs = asked.nowMs
  tally.sinceMs = since
}

/** The sum over the minutes that begin at or after `sinceMs`. */
export function sumOf(tally: Tally, key: string, sinceMs = 0): number {
  let sum = 0
  for (const [minute, counts] of tally.minutes) if (minute >= sinceMs) sum += counts.get(key) ?? 0
  return sum
}
