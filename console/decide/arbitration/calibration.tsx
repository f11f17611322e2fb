import type { CalibrationReply } from '#decide/arbitration/contract'
import { Chart } from '../../ui/chart.tsx'
import { Lines } from '../../ui/chart-columns.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day, number, percent, signed } from '../../ui/format.ts'
import { Empty } from '../../ui/state.tsx'
import { None, Percent, Pill, type Tone, Value } from '../../ui/values.tsx'
import { t } from './words.ts'

type Group = CalibrationReply['groups'][number]
type Tested = CalibrationReply['actions'][number]

const believed = ({ foretold, offered }: Tested | Group): number => foretold / offered
const came = ({ accepted, offered }: Tested | Group): number => accepted / offered

/** Whether what was believed lies within what came, as far as chance leaves it open. */
function verdict(one: Tested | Group): 'true' | 'less' | 'more' | 'open' {
  if (one.interval === null) return 'open'
  const [low, high] = one.interval as [number, number]
  return believed(one) < low ? 'more' : believed(one) > high ? 'less' : 'true'
}

const TONES: Record<ReturnType<typeof verdict>, Tone> = { true: 'good', less: 'warn', more: 'warn', open: 'quiet' }
const WORDS = { true: t('cameTrue'), less: t('cameLess'), more: t('cameMore'), open: t('cameOpen') }
const between = (interval: readonly number[] | null): string =>
  interval ? t('between', { low: percent(interval[0]!), high: percent(interval[1]!) }) : '–'

const columns: Column<Tested>[] = [
  { id: 'action', title: t('action'), value: ({ title }) => title, width: 'minmax(140px, 2fr)' },
  {
    id: 'seen',
    title: t('seen'),
    value: ({ offered }) => offered,
    show: ({ offered }) => <Value value={offered} />,
    width: 120,
    align: 'end',
    narrow: false,
  },
  {
    id: 'foretold',
    title: t('foretold'),
    value: ({ foretold }) => foretold,
    show: ({ foretold }) => <Value value={foretold} digits={1} />,
    width: 110,
    align: 'end',
    narrow: false,
  },
  {
    id: 'accepted',
    title: t('came'),
    value: ({ accepted }) => accepted,
    show: ({ accepted }) => <Value value={accepted} />,
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'believed',
    title: t('believed'),
    value: (one) => (one.offered > 0 ? believed(one) : null),
    show: (one) => (one.offered > 0 ? <Percent share={believed(one)} /> : <None />),
    width: 100,
    align: 'end',
  },
  {
    id: 'share',
    title: t('share'),
    value: (one) => (one.offered > 0 ? came(one) : null),
    show: (one) => (one.offered > 0 ? <Percent share={came(one)} base={one.offered} /> : <None />),
    width: 130,
    align: 'end',
  },
  {
    id: 'interval',
    title: t('certain'),
    value: ({ interval }) => between(interval as number[] | null),
    width: 150,
    align: 'end',
    narrow: false,
  },
  {
    id: 'says',
    title: t('says'),
    value: (one) => WORDS[verdict(one)],
    show: (one) => <Pill tone={TONES[verdict(one)]}>{WORDS[verdict(one)]}</Pill>,
    width: 170,
    narrow: false,
  },
]

/** Whether likelihoods came true: of what was believed in the morning, how much had come by the evening. */
export function Calibration({ all, groups, actions, from, to }: CalibrationReply) {
  if (from === null || to === null || all.offered === 0)
    return <Empty icon="scale" title={t('emptyTitle')} sentence={t('calibrationNone')} />
  const within = groups.filter((group) => verdict(group) === 'true').length
  return (
    <div className="calibration">
      <Chart
        title={t('calibrationTitle')}
        says={t('calibrationSays', {
          seen: number(all.offered),
          from: day(from),
          to: day(to),
          foretold: number(all.foretold),
          accepted: number(all.accepted),
          difference: signed(all.accepted - all.foretold),
          within,
          count: groups.length,
        })}
        table={{
          columns: [t('believed'), t('seen'), t('foretold'), t('came'), t('share'), t('certain'), t('says')],
          rows: groups.map((group) => [
            between([group.low, group.high]),
            number(group.offered),
            number(group.foretold, 1),
            number(group.accepted),
            percent(came(group)),
            between(group.interval as number[] | null),
            WORDS[verdict(group)],
          ]),
        }}
      >
        <Lines
          label={t('calibrationTitle')}
          format={(share) => percent(share)}
          height={260}
          names={groups.map((group) => percent(believed(group)))}
          series={[
            { name: t('came'), colour: 'accent', values: groups.map(came) },
            { name: t('believed'), colour: 'quiet', values: groups.map(believed) },
          ]}
          band={{
            name: t('certain'),
            low: groups.map(({ interval }) => interval?.[0] ?? 0),
            high: groups.map(({ interval }) => interval?.[1] ?? 1),
          }}
        />
        <p className="quiet-line calibration-axis">{t('calibrationAxis')}</p>
      </Chart>
      <DataTable
        name="calibration"
        title={t('calibrationByAction')}
        columns={columns}
        rows={actions}
        rowId={({ action }) => action}
        open={({ action }) => `/decide/propositions/actions/${action}?part=worth`}
        sortedBy="-seen"
        empty={{ title: t('emptyTitle'), sentence: t('calibrationNone') }}
      />
    </div>
  )
}
