import { Select } from '@mantine/core'
import { useMemo } from 'react'
import type { Static } from 'typebox'
import type { TrialBalanceReply } from '#know/interactions/contract'
import { useAsk } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Bars } from '../../ui/chart-bars.tsx'
import type { Colour } from '../../ui/chart-scale.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { now, number, percent } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Pill, Value } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

type Line = Static<typeof TrialBalanceReply>['lines'][number]

const OUTCOMES = ['delivered', 'suppressed', 'failed', 'expired', 'pending', 'unknown'] as const
type Outcome = (typeof OUTCOMES)[number]
const TITLES: Record<Outcome, string> = {
  delivered: t('delivered'),
  suppressed: t('suppressed'),
  failed: t('failed'),
  expired: t('expired'),
  pending: t('pending'),
  unknown: t('unknown'),
}
const COLOURS: Record<Outcome, Colour> = {
  delivered: 'good',
  suppressed: 'quiet',
  failed: 'bad',
  expired: 'quiet',
  pending: 'info',
  unknown: 'warn',
}
const CHANNELS: Record<string, string> = { sms: 'SMS', email: 'E-mail' }
const channelName = (channel: string): string => CHANNELS[channel] ?? humanised(channel)

/** What is left when every outcome is taken from what was decided; nought when nothing is missing. */
const missing = (line: Line): number => line.decided - OUTCOMES.reduce((sum, outcome) => sum + line[outcome], 0)
const sumOf = (lines: readonly Line[], of: Outcome | 'decided'): number =>
  lines.reduce((sum, line) => sum + line[of], 0)

const columns: Column<Line>[] = [
  { id: 'channel', title: t('channel'), value: ({ channel }) => channelName(channel), width: 'minmax(110px, 1fr)' },
  { id: 'class', title: t('class'), value: (line) => humanised(line.class), width: 120 },
  ...(['decided', ...OUTCOMES] as const).map(
    (of, at): Column<Line> => ({
      id: of,
      title: of === 'decided' ? t('decided') : TITLES[of],
      value: (line) => line[of],
      show: (line) => <Value value={line[of]} />,
      width: 100,
      align: 'end',
      narrow: at === 0,
    }),
  ),
  {
    id: 'balance',
    title: t('balance'),
    value: missing,
    width: 130,
    narrow: false,
    show: (line) =>
      missing(line) === 0 ? (
        <Pill tone="good">{t('adds')}</Pill>
      ) : (
        <Pill tone="bad">{t('differs', { count: missing(line) })}</Pill>
      ),
  },
]

const DAYS = ['1', '7', '30', '365'] as const
const DAY_MS = 86_400_000
/** Periods begin at a full minute, so that coming back asks nothing anew. */
const MINUTE_MS = 60_000

/** The trial balance of contacts. For whoever answers that nothing was lost between deciding and saying. */
export default function InteractionsPage() {
  const [days, setDays] = useUrlState('days', '30')
  const span = DAYS.find((one) => one === days) ?? '30'
  const period = useMemo(() => {
    const to = Math.ceil(now().getTime() / MINUTE_MS) * MINUTE_MS
    return { from: new Date(to - Number(span) * DAY_MS).toISOString(), to: new Date(to).toISOString() }
  }, [span])
  const balance = useAsk(endpoints.trialBalance, { query: period })
  const lines = balance.data?.lines
  const decided = sumOf(lines ?? [], 'decided')
  const wrong = lines?.filter((line) => missing(line) !== 0).length ?? 0
  const byChannel = Map.groupBy(lines ?? [], ({ channel }) => channel)
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        <Select
          w={160}
          aria-label={t('days')}
          data={DAYS.map((value) => ({ value, label: t(`days_${value}`) }))}
          value={span}
          onChange={(chosen) => setDays(chosen ?? '30')}
          allowDeselect={false}
          comboboxProps={{ transitionProps: { duration: 80 } }}
        />
      }
      figures={
        <>
          <Figure
            title={t('decided')}
            value={<Value value={lines && decided} />}
            foot={wrong === 0 ? t('balances') : t('balancesNot', { count: wrong })}
          />
          <Figure
            title={t('delivered')}
            value={<Value value={lines && sumOf(lines, 'delivered')} />}
            foot={
              decided > 0
                ? t('deliveredFoot', { share: percent(sumOf(lines ?? [], 'delivered') / decided) })
                : undefined
            }
          />
          <Figure
            title={t('unknown')}
            value={<Value value={lines && sumOf(lines, 'unknown')} />}
            foot={t('unknownFoot')}
          />
        </>
      }
    >
      {byChannel.size > 0 ? (
        <Chart
          title={t('picture')}
          says={t('pictureSays')}
          table={{
            columns: [t('channel'), ...OUTCOMES.map((outcome) => TITLES[outcome])],
            rows: [...byChannel].map(([channel, of]) => [
              channelName(channel),
              ...OUTCOMES.map((outcome) => number(sumOf(of, outcome))),
            ]),
          }}
        >
          <Bars
            label={t('picture')}
            names={[...byChannel.keys()].map(channelName)}
            series={OUTCOMES.filter((outcome) => sumOf(lines ?? [], outcome) > 0).map((outcome) => ({
              name: TITLES[outcome],
              colour: COLOURS[outcome],
              values: [...byChannel.values()].map((of) => sumOf(of, outcome)),
            }))}
          />
        </Chart>
      ) : null}
      <DataTable
        name="contacts"
        title={t('title')}
        columns={columns}
        rows={lines}
        rowId={(line) => `${line.channel}/${line.class}`}
        error={balance.error}
        onAgain={() => void balance.refetch()}
        sortedBy="-decided"
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
    </Page>
  )
}
