/** A figure that costs next to nothing is still not read more often. */
export const LEAST_MS = 400

/**
 * Whether a figure that was read at `readAtMs`, which took `tookMs`, may be read again when reading it may take
 * `readingPercent` of the time. Monotonic milliseconds.
 */
export const isDue = (figure: { readAtMs: number; tookMs: number }, nowMs: number, readingPercent: number): boolean =>
  nowMs - figure.readAtMs >=
  (readingPercent < 100 ? Math.max(LEAST_MS, (figure.tookMs * 100) / readingPercent) : LEAST_MS)

/** The parts of `after` that differ from `before`; undefined when none does. */
export function changedParts<T extends object>(before: T, after: T): Partial<T> | undefined {
  const changed: Partial<T> = {}
  for (const part of Object.keys(after) as (keyof T)[])
    if (JSON.stringify(before[part]) !== JSON.stringify(after[part])) changed[part] = after[part]
  return Object.keys(changed).length > 0 ? changed : undefined
}
