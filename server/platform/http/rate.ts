/** A token bucket per caller: the allowance refills evenly over the minute, so a burst of one minute's worth passes. */
export interface Allowance {
  /** Milliseconds until the next call is allowed; 0 when this one is. */
  take(key: string, nowMs: number): number
  /** The same without making the call. */
  waitMs(key: string, nowMs: number): number
}

/** At most so many callers are remembered per route; beyond that the earliest are forgotten, and start afresh. */
export const CALLERS_MAX = 20_000

/** @param perMinute calls allowed per caller and minute, at least 1. Times are monotonic milliseconds. */
export function allowance(perMinute: number): Allowance {
  const perMs = perMinute / 60_000
  const callers = new Map<string, { tokens: number; atMs: number }>()
  return {
    waitMs(key, nowMs) {
      const caller = callers.get(key)
      if (caller === undefined) return 0
      const tokens = Math.min(perMinute, caller.tokens + (nowMs - caller.atMs) * perMs)
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMs)
    },
    take(key, nowMs) {
      let caller = callers.get(key)
      if (caller === undefined) {
        // One for one: a flood of new callers costs no more than the callers themselves.
        if (callers.size >= CALLERS_MAX) callers.delete(callers.keys().next().value!)
        caller = { tokens: perMinute, atMs: nowMs }
        callers.set(key, caller)
      } else {
        caller.tokens = Math.min(perMinute, caller.tokens + (nowMs - caller.atMs) * perMs)
        caller.atMs = nowMs
      }
      if (caller.tokens >= 1) {
        caller.tokens--
        return 0
      }
      return Math.ceil((1 - caller.tokens) / perMs)
    },
  }
}
