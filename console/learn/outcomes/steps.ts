import { now } from '../../ui/format.ts'

export type Step = 'day' | 'week' | 'month'

const DAY_MS = 86_400_000

/** Whether a period that begins on that day is over: one that is not has answers still to come. */
export function isOver(from: string, step: Step): boolean {
  const begun = new Date(`${from}T00:00:00Z`)
  const end =
    step === 'month'
      ? Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 1)
      : begun.getTime() + (step === 'week' ? 7 : 1) * DAY_MS
  return end <= now().getTime()
}
