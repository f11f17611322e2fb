import { useAsk } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Lines } from '../../ui/chart-columns.tsx'
import { day, number, percent } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { liftInterval, points, toldApart } from './figures.ts'
import { Intervals } from './intervals.tsx'
import { t } from './words.ts'

export type Step = 'day' | 'week' | 'month'

/** Shares over time with their interval as a band, and the difference of one action period by period. */
export function OverTime({
  step,
  from,
  action,
  channel,
}: {
  step: Step
  from: string
  action: string
  channel: string
}) {
  const filter = { from, ...(action ? { action } : {}), ...(channel ? { channel } : {}) }
  const taken = useAsk(endpoints.acceptance, { query: { by: step, ...filter } }, { keep: true })
  return (
    <>
      <Shown of={taken}>
        {({ lines }) => {
          const known = lines.filter((line) => line.seen > 0 && line.interval !== null)
          const stepName = t(step)
          return (
            <Chart
              title={t('timeTitle')}
              says={t('timeSays', {
                count: known.length,
                step: stepName,
                share: known.length === 0 ? '–' : percent(known.at(-1)!.rate ?? 0),
                seen: number(known.at(-1)?.seen ?? 0),
              })}
              table={{
                columns: [t('periodOf'), t('seen'), t('accepted'), t('rate'), t('certainty')],
                rows: known.map(({ key, seen, accepted, rate, interval }) => [
                  day(key),
                  number(seen),
                  number(accepted),
                  rate === null ? '–' : percent(rate),
                  interval ? t('points', { low: percent(interval[0]!), high: percent(interval[1]!) }) : '–',
                ]),
              }}
            >
              <Lines
                label={t('timeTitle')}
                format={percent}
                names={known.map(({ key }) => day(key))}
                series={[{ name: t('timeShare'), colour: 'accent', values: known.map(({ rate }) => rate ?? 0) }]}
                band={{
                  name: t('timeBand'),
                  low: known.map(({ interval }) => interval![0]!),
                  high: known.map(({ interval }) => interval![1]!),
                }}
              />
            </Chart>
          )
        }}
      </Shown>
      <Panel title={t('liftTime')}>
        <p className="quiet-line">{t('liftTimeSays')}</p>
        {action === '' ? (
          <p className="quiet-line">{t('pickAction')}</p>
        ) : (
          <Series action={action} channel={channel} from={from} by={step === 'month' ? 'month' : 'week'} />
        )}
      </Panel>
    </>
  )
}

function Series({
  action,
  channel,
  from,
  by,
}: {
  action: string
  channel: string
  from: string
  by: 'week' | 'month'
}) {
  const series = useAsk(endpoints.series, {
    query: { action, by, from, ...(channel ? { channel } : {}) },
  })
  return (
    <Shown of={series}>
      {({ lines }) =>
        toldApart(lines).length === 0 ? (
          <p className="quiet-line">{t('noSeries')}</p>
        ) : (
          <Intervals
            label={t('liftTime')}
            zero
            scale={points}
            lines={lines.map((line) => liftInterval(line, `${line.outcome} ${line.from}`, day(line.from)))}
          />
        )
      }
    </Shown>
  )
}
