import type { LearningReply } from '#decide/arbitration/contract'
import { Chart } from '../../ui/chart.tsx'
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
  const xAxis = { type: 'category', data: known.map(({ on }) => day(on)) }
  const grid = { left: 64, right: 16, top: 16, bottom: 32 }
  return (
    <div className="order">
      <Chart
        title={t('timeTitle')}
        says={t('timeSays', facts)}
        option={{
          tooltip: { trigger: 'axis' },
          grid,
          xAxis,
          yAxis: { type: 'value' },
          series: [
            { name: t('seenSoFar'), type: 'bar', data: known.map(({ offered }) => offered), color: 'quiet' },
            { name: t('takenSoFar'), type: 'bar', data: known.map(({ accepted }) => accepted), color: 'accent' },
          ],
        }}
        table={{
          columns: [t('day'), t('seenSoFar'), t('takenSoFar'), t('shareSoFar')],
          rows: known.map(({ on, offered, accepted }) => [
            day(on),
            number(offered),
            number(accepted),
            percent(accepted / offered),
          ]),
        }}
      />
      <Chart
        title={t('shareTitle')}
        says={t('shareSays', facts)}
        option={{
          tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => percent(Number(value)) },
          grid,
          xAxis,
          yAxis: { type: 'value', min: 0, axisLabel: { formatter: (value: number) => percent(value, 0) } },
          series: [
            {
              name: t('shareSoFar'),
              type: 'line',
              data: known.map(({ offered, accepted }) => accepted / offered),
              color: 'accent',
              symbolSize: 7,
            },
          ],
        }}
        table={{
          columns: [t('day'), t('seenSoFar'), t('shareSoFar')],
          rows: known.map(({ on, offered, accepted }) => [day(on), number(offered), percent(accepted / offered)]),
        }}
      />
    </div>
  )
}
