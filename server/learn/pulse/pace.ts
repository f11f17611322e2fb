/** Reading a figure may take this part of the time, and no more. */
const SHARE = 1 / 50
/** A figure that costs next to nothing is still not read more often. */
export const LEAST_MS = 400

/** Whether a figure that was read at `readAtMs`, which took `tookMs`, may be read again. Monotonic milliseconds. */
export const isDue = (figure: { readAtMs: number; tookMs: number }, nowMs: number): boolean =>
  nowMs - figure.readAtMs >= Math.max(LEAST_MS, figure.tookMs / SHARE)

/** The parts of `after` that differ from `before`; undefined when none does. */
export function changedParts<T extends object>(before: T, after: T): Partial<T> | undefined {
  const changed: Partial<T> = {}
  for (const part of Object.keys(after) as (keyof T)[])
    if (JSON.stringify(before[part]) !== JSON.stringify(after[part])) changed[part] = after[part]
  return Object.keys(changed).length > 0 ? changed : undefined
}
