import type { LiftLine } from '#learn/outcomes/contract'
import { useAsk } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Lines } from '../../ui/chart-columns.tsx'
import { day, number, percent } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { RowsComing, Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { liftInterval, points, toldApart } from './figures.ts'
import { Intervals } from './intervals.tsx'
import { Shrinking } from './shrinking.tsx'
import { isOver, type Step } from './steps.ts'
import { t } from './words.ts'

const STEPS = { day: 'ofDays', week: 'ofWeeks', month: 'ofMonths' } as const

/** Shares over time with their interval as a band, and the difference of one action period by period. */
export function OverTime({
  step,
  from,
  action,
  channel,
  surest,
  titleOf,
}: {
  step: Step
  from: string
  /** '': every action. */
  action: string
  channel: string
  /** The action of which most can be said: told of when none is chosen. Undefined until it is known, null: none. */
  surest: string | null | undefined
  titleOf: (action: string) => string
}) {
  const told = action || surest
  const filter = { from, ...(action ? { action } : {}), ...(channel ? { channel } : {}) }
  const taken = useAsk(endpoints.acceptance, { query: { by: step, ...filter } }, { keep: true })
  return (
    <>
      <Shown of={taken}>
        {({ lines }) => {
          const known = lines.filter((line) => line.seen > 0 && line.interval !== null)
          const named = known.map(({ key }) => (isOver(key, step) ? day(key) : t('soFar', { day: day(key) })))
          const last = known.findLast(({ key }) => isOver(key, step)) ?? known.at(-1)
          const stepName = t(STEPS[step])
          return (
            <Chart
              title={t('timeTitle')}
              says={t('timeSays', {
                count: known.length,
                step: stepName,
                share: last ? percent(last.rate ?? 0) : '–',
                seen: number(last?.seen ?? 0),
              })}
              table={{
                columns: [t('periodOf'), t('seen'), t('accepted'), t('rate'), t('certainty')],
                rows: known.map(({ seen, accepted, rate, interval }, at) => [
                  named[at],
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
                names={named}
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
      <Panel title={told ? t('liftTimeOf', { action: titleOf(told) }) : t('liftTime')}>
        {told ? (
          <>
            <p className="quiet-line">{t('liftTimeSays')}</p>
            <Shrinking action={told} channel={channel} />
            <h3 className="outcome-apart">{t('apart')}</h3>
            <p className="quiet-line">{t('apartSays')}</p>
            <Series action={told} channel={channel} from={from} by={step === 'month' ? 'month' : 'week'} />
          </>
        ) : surest === undefined ? (
          <RowsComing rows={3} />
        ) : (
          <p className="quiet-line">{t('noSeries')}</p>
        )}
      </Panel>
    </>
  )
}

const anybody = ({ treated, control }: LiftLine): boolean => treated.customers + control.customers > 0

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
            lines={lines
              .filter(anybody)
              .map((line) => liftInterval(line, `${line.outcome} ${line.from}`, day(line.from)))}
          />
        )
      }
    </Shown>
  )
}
