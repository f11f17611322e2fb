import type { LearningReply } from '#decide/arbitration/contract'
import { Chart } from '../../ui/chart.tsx'
import { Columns, Lines } from '../../ui/chart-columns.tsx'
import { day, number, percent } from '../../ui/format.ts'
import { Empty } from '../../ui/state.tsx'
import { t } from './words.ts'

/** What was known at the end of each day: counts that grow, and the share that settles. */
export function Learning({ days }: { days: LearningReply['days'] }) {
  const known = days
    .map(({ on, counts }) => ({
      on,
      offered: counts.reduce((sum, line) => sum + line.offered, 0),
      accepted: counts.reduce((sum, line) => sum + line.accepted, 0),
    }))
    .filter(({ offered }) => offered > 0)
  const last = known.at(-1)
  if (!last) return <Empty icon="scale" title={t('emptyTitle')} sentence={t('timeNone')} />
  const facts = {
    day: day(last.on),
    seen: number(last.offered),
    accepted: number(last.accepted),
    share: percent(last.accepted / last.offered),
  }
  const names = known.map(({ on }) => day(on))
  return (
    <div className="order">
      <Chart
        title={t('timeTitle')}
        says={t('timeSays', facts)}
        table={{
          columns: [t('day'), t('seenSoFar'), t('takenSoFar'), t('shareSoFar')],
          rows: known.map(({ on, offered, accepted }) => [
            day(on),
            number(offered),
            number(accepted),
            percent(accepted / offered),
          ]),
        }}
      >
        <Columns
          label={t('timeTitle')}
          beside
          names={names}
          series={[
            { name: t('seenSoFar'), colour: 'quiet', values: known.map(({ offered }) => offered) },
            { name: t('takenSoFar'), colour: 'accent', values: known.map(({ accepted }) => accepted) },
          ]}
        />
      </Chart>
      <Chart
        title={t('shareTitle')}
        says={t('shareSays', facts)}
        table={{
          columns: [t('day'), t('seenSoFar'), t('shareSoFar')],
          rows: known.map(({ on, offered, accepted }) => [day(on), number(offered), percent(accepted / offered)]),
        }}
      >
        <Lines
          label={t('shareTitle')}
          format={percent}
          names={names}
          series={[
            {
              name: t('shareSoFar'),
              colour: 'accent',
              values: known.map(({ offered, accepted }) => accepted / offered),
            },
          ]}
        />
      </Chart>
    </div>
  )
}
