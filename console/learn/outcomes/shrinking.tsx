import { useQuery } from '@tanstack/react-query'
import type { LiftLine } from '#learn/outcomes/contract'
import { call, type Refusal } from '../../shell/api.ts'
import { day, now } from '../../ui/format.ts'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { liftInterval, points, toldApart } from './figures.ts'
import { Intervals } from './intervals.tsx'
import { t } from './words.ts'

const DAY_MS = 86_400_000
/** Weeks before today at which one looks back: the nearer, the closer together. */
const WEEKS_BACK = [26, 17, 12, 8, 5, 3, 1, 0]

const dateOf = (daysBack: number): string => new Date(now().getTime() - daysBack * DAY_MS).toISOString().slice(0, 10)

interface Known {
  readonly to: string
  readonly lines: readonly LiftLine[]
}

/** What was known of one action's difference with the decisions before each of some days: the interval that shrinks. */
export function Shrinking({ action, channel }: { action: string; channel: string }) {
  const known = useQuery<Known[], Refusal>({
    queryKey: [endpoints.lift.url, 'shrinking', action, channel],
    staleTime: 60_000,
    // One after the other, so that nobody else waits.
    queryFn: async ({ signal }): Promise<Known[]> => {
      const found: Known[] = []
      for (const weeks of WEEKS_BACK) {
        const to = dateOf(weeks * 7 - 1)
        const query = { action, to, ...(channel ? { channel } : {}) }
        found.push({ to, lines: toldApart((await call(endpoints.lift, { query }, { signal })).lines) })
      }
      return found
    },
  })
  return (
    <Shown of={known}>
      {(found) => {
        // A day on which nothing more had matured than on the one before says the same again.
        const told = found.filter(
          ({ lines }, at) => lines.length > 0 && sizeOf(lines) !== sizeOf(found[at - 1]?.lines ?? []),
        )
        const outcomes = new Set(told.flatMap(({ lines }) => lines.map(({ outcome }) => outcome)))
        return told.length === 0 ? (
          <p className="quiet-line">{t('noSeries')}</p>
        ) : (
          <Intervals
            label={t('liftTime')}
            zero
            scale={points}
            lines={told.flatMap(({ to, lines }) =>
              lines.map((line) =>
                liftInterval(
                  line,
                  `${line.outcome} ${to}`,
                  outcomes.size > 1
                    ? t('decidedBeforeOf', { day: day(to), outcome: line.title })
                    : t('decidedBefore', { day: day(to) }),
                ),
              ),
            )}
          />
        )
      }}
    </Shown>
  )
}

const sizeOf = (lines: readonly LiftLine[]): number =>
  lines.reduce((sum, { treated, control }) => sum + treated.customers + control.customers, 0)
