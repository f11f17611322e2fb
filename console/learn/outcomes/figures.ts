import type { AcceptanceReply, LiftLine } from '#learn/outcomes/contract'
import { number, percent, signed } from '../../ui/format.ts'
import type { Interval } from './intervals.tsx'
import { t } from './words.ts'

export type Taken = AcceptanceReply['lines'][number]

/** A share as percentage points: 0.012 is 1.2. */
export const points = (share: number): string => signed(share * 100, Math.abs(share) < 0.01 ? 2 : 1)

/** What a difference says, in words that need no statistics. */
export function verdictOf({ proven, lift, fewerIsBetter }: LiftLine): Interval['tone'] {
  if (!proven || lift === null) return 'open'
  return lift > 0 !== fewerIsBetter ? 'good' : 'bad'
}

/** Nobody did it, spoken to or not: a difference of nothing and nothing says nothing. */
const isNobody = ({ treated, control }: LiftLine): boolean => treated.successes + control.successes === 0

export const verdictWords = (line: LiftLine): string => {
  if (line.interval !== null && isNobody(line)) return t('nobody')
  if (line.interval === null) return t('tooFew')
  const tone = verdictOf(line)
  const says = tone === 'good' ? t('provenGood') : tone === 'bad' ? t('provenBad') : t('open')
  return line.fewerIsBetter ? t('fewer', { says }) : says
}

export const rateText = ({ rate, customers }: LiftLine['treated']): string =>
  rate === null ? '–' : t('rateOf', { rate: percent(rate), base: number(customers) })

export function liftInterval(line: LiftLine, id: string, title: string, to?: string): Interval {
  const [low, high] = (line.interval ?? []) as [number?, number?]
  return {
    id,
    title,
    ...(to ? { to } : {}),
    // A difference without its interval is that of a handful of customers: no mark to hold on to.
    at: low === undefined ? null : line.lift,
    low: low ?? null,
    high: high ?? null,
    says:
      line.lift === null || low === undefined || high === undefined
        ? verdictWords(line)
        : `${t('liftYes', { lift: points(line.lift), low: points(low), high: points(high) })}: ${verdictWords(line)}`,
    tone: verdictOf(line),
  }
}

export function takenInterval(line: Taken, to?: string): Interval {
  const [low, high] = (line.interval ?? []) as [number?, number?]
  return {
    id: line.key,
    title: line.title,
    ...(to ? { to } : {}),
    at: line.rate,
    low: low ?? null,
    high: high ?? null,
    says:
      line.rate === null || low === undefined || high === undefined
        ? t('shareOpen', { seen: number(line.seen) })
        : t('share', {
            share: percent(line.rate),
            low: percent(low),
            high: percent(high),
            seen: number(line.seen),
          }),
    tone: 'plain',
  }
}

/** Lines of which something can be said, the surest good news first. */
export const toldApart = (lines: readonly LiftLine[]): LiftLine[] =>
  lines
    .filter((line) => line.interval !== null && !isNobody(line))
    .sort((a, b) => Number(b.proven) - Number(a.proven) || (b.lift ?? 0) - (a.lift ?? 0))
