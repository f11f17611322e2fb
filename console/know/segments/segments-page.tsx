import { Button, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ComponentProps, useEffect, useMemo } from 'react'
import type { Static } from 'typebox'
import type { SegmentListReply } from '#know/segments/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import type { Colour } from '../../ui/chart-scale.ts'
import { Tree } from '../../ui/chart-tree.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day, number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { None, Percent, Pill, type Tone, Value } from '../../ui/values.tsx'
import BaseFlows from './base.tsx'
import * as endpoints from './endpoints.ts'
import './segments.css'
import { STRATEGIES } from './strategies.ts'
import { t } from './words.ts'

type Segment = Static<typeof SegmentListReply>['segments'][number]
interface Sized extends Segment {
  count: number | undefined
  all: number | undefined
}

const TONES: Record<string, Tone> = { gain: 'info', grow: 'good', keep: 'quiet', care: 'warn' }
/** How many each segment has, once the numbers are those of the rules that are shown. */
function useSizes(revision: string | undefined) {
  const may = useMay()
  const sizes = useAsk(endpoints.sizes, {}, { enabled: may('know.segments:count') })
  const { data, refetch } = sizes
  // Another playbook began to run between the two answers.
  const overtaken = data !== undefined && revision !== undefined && data.revision !== revision
  useEffect(() => {
    if (overtaken) void refetch()
  }, [overtaken, refetch])
  const counts = useMemo(() => new Map(data?.sizes.map(({ segment, count }) => [segment, count])), [data])
  return { sizes, data: overtaken ? undefined : data, counts: overtaken ? NO_COUNTS : counts }
}
const NO_COUNTS: ReadonlyMap<string, number> = new Map()

const columns: Column<Sized>[] = [
  {
    id: 'name',
    title: t('name'),
    value: ({ title }) => title,
    width: 'minmax(130px, 1.2fr)',
    show: ({ id, title }) => (
      <Link to={`/know/segments/${id}`} className="know-segment-name ui-clip">
        {title}
      </Link>
    ),
  },
  {
    id: 'count',
    title: t('count'),
    value: ({ count }) => count,
    width: 110,
    align: 'end',
    show: ({ id, count }) => <Value value={count} to={`/know/segments/${id}/members`} />,
  },
  {
    id: 'share',
    title: t('share'),
    value: ({ count, all }) => (count === undefined || !all ? undefined : count / all),
    width: 80,
    align: 'end',
    narrow: false,
    show: ({ count, all }) => <Percent share={count === undefined || !all ? undefined : count / all} />,
  },
  {
    id: 'strategy',
    title: t('strategy'),
    value: ({ strategy }) => strategy,
    width: 110,
    show: ({ strategy }) =>
      strategy ? <Pill tone={TONES[strategy] ?? 'quiet'}>{STRATEGIES[strategy] ?? strategy}</Pill> : <None />,
  },
  {
    id: 'group',
    title: t('group'),
    value: ({ group }) => (group ? humanised(group) : null),
    width: 120,
    narrow: false,
  },
  { id: 'meaning', title: t('meaning'), value: ({ meaning }) => meaning, width: 'minmax(160px, 2fr)', narrow: false },
  {
    id: 'rule',
    title: t('rule'),
    value: ({ rule }) => rule,
    width: 'minmax(160px, 2fr)',
    narrow: false,
    show: ({ rule }) => (
      <span className="ui-mono ui-clip" style={{ display: 'block' }} title={rule}>
        {rule}
      </span>
    ),
  },
]

/** The segments of the playbook and how many each has. For segment managers and whoever plans for them. */
export default function SegmentsPage() {
  const may = useMay()
  const list = useAsk(endpoints.list, {})
  const { sizes, data: sized, counts } = useSizes(list.data?.revision)
  const customers = sized?.asOf ? sized.customers : undefined
  const rows = useMemo(
    () => list.data?.segments.map((segment): Sized => ({ ...segment, count: counts.get(segment.id), all: customers })),
    [list.data, counts, customers],
  )
  const of = (strategy: string): number => rows?.filter((row) => row.strategy === strategy).length ?? 0
  const largest = rows?.reduce<Sized | undefined>(
    (most, row) => ((row.count ?? -1) > (most?.count ?? -1) ? row : most),
    undefined,
  )
  const begin = may('know.segments:count') ? (
    <Button component={Link} to="/know/segments/new" leftSection={<Icon name="plus" />}>
      {t('newSegment')}
    </Button>
  ) : undefined
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={begin}
      figures={
        <>
          <Figure
            title={t('segmentCount')}
            value={rows?.length ?? '–'}
            foot={t('strategyFoot', { count: of('grow'), keep: of('keep'), care: of('care') })}
          />
          <Figure
            title={t('counted')}
            value={<Value value={customers} />}
            foot={sized?.asOf ? t('countedOn', { on: day(sized.asOf) }) : t('countedFoot')}
          />
          <Figure
            title={t('largest')}
            value={largest?.count === undefined ? '–' : largest.title}
            foot={
              largest?.count === undefined || !largest.all
                ? undefined
                : t('largestFoot', { count: largest.count, share: percent(largest.count / largest.all) })
            }
            {...(largest ? { to: `/know/segments/${largest.id}` } : {})}
          />
        </>
      }
    >
      {rows?.length !== 0 && !list.error && may('know.segments:count') ? (
        <div className="know-pictures">
          <Sizes rows={sized?.asOf ? rows : undefined} asked={sizes} none={sized?.asOf === null} />
          <BaseFlows />
        </div>
      ) : null}
      <DataTable
        name="segments"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ id }) => id}
        error={list.error}
        onAgain={() => void list.refetch()}
        open={({ id }) => `/know/segments/${id}`}
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence'), action: begin }}
      />
    </Page>
  )
}

const COLOURS: Record<string, Colour> = { gain: 'info', grow: 'good', keep: 'quiet', care: 'warn' }

const HEIGHT = 280
/** The line above the picture that says what its colours mean. */
const LEGEND = 28

const COMING = <Skeleton height={HEIGHT + LEGEND} aria-busy="true" />

function Sizes({
  rows,
  asked,
  none,
}: {
  rows: readonly Sized[] | undefined
  asked: ComponentProps<typeof Shown>['of']
  /** Whether no attribute was ever computed. */
  none: boolean
}) {
  if (rows === undefined)
    return (
      <Panel title={t('sizes')}>
        <p className="ui-quiet know-pictured">{none ? t('sizesNone') : t('sizesSay')}</p>
        {none ? null : (
          <Shown of={asked} coming={COMING}>
            {() => COMING}
          </Shown>
        )}
      </Panel>
    )
  const byStrategy = Map.groupBy(rows, ({ strategy }) => strategy ?? '')
  return (
    <Chart
      title={t('sizes')}
      says={t('sizesSay')}
      height={HEIGHT}
      table={{
        columns: [t('name'), t('strategy'), t('count')],
        rows: [...rows]
          .sort((a, b) => (b.count ?? 0) - (a.count ?? 0))
          .map(({ id, title, strategy, count }) => [
            <Link key={id} to={`/know/segments/${id}`} className="know-segment-name">
              {title}
            </Link>,
            STRATEGIES[strategy ?? ''] ?? t('noStrategy'),
            number(count ?? 0),
          ]),
      }}
    >
      <Tree
        label={t('sizes')}
        height={HEIGHT}
        branches={[...byStrategy].map(([strategy, segments]) => ({
          name: STRATEGIES[strategy] ?? t('noStrategy'),
          colour: COLOURS[strategy] ?? 'quiet',
          parts: segments.map(({ id, title, count }) => ({
            name: title,
            value: count ?? 0,
            to: `/know/segments/${id}`,
          })),
        }))}
      />
    </Chart>
  )
}
