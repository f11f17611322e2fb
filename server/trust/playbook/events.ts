/** Milliseconds of a clock that is never set back, for how old something in memory is. */
export const monotonicMs = (): number => performance.now()
