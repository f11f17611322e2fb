import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import type { Static } from 'typebox'
import type { BaseReply } from '#know/segments/contract'
import { useAsk } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Flows } from '../../ui/chart-flows.tsx'
import type { Colour } from '../../ui/chart-scale.ts'
import { day, number, signed } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import './segments.css'
import { t } from './words.ts'

type Base = Static<typeof BaseReply>
type Flow = Base['flows'][number]
type State = Flow['from']

/** From the fewest to the most; whoever came or came back enters above them, whoever left goes below. */
const ORDER: readonly State[] = ['none', 'four', 'three', 'two', 'one', 'left']
const HELD: Record<State, number> = { none: 0, left: 0, one: 1, two: 2, three: 3, four: 4 }
const NAMES: Record<State, string> = {
  none: t('heldNone'),
  one: t('heldOne'),
  two: t('heldTwo'),
  three: t('heldThree'),
  four: t('heldFour'),
  left: t('heldLeft'),
}

type Kind = 'came' | 'left' | 'more' | 'less' | 'stayed'
const kindOf = ({ from, to }: Flow): Kind =>
  HELD[from] === 0
    ? 'came'
    : HELD[to] === 0
      ? 'left'
      : HELD[to] > HELD[from]
        ? 'more'
        : HELD[to] < HELD[from]
          ? 'less'
          : 'stayed'

const COLOURS: Record<Kind, Colour> = { came: 'good', more: 'good', stayed: 'quiet', less: 'warn', left: 'bad' }

const sumOf = (flows: readonly Flow[]): number => flows.reduce((sum, { customers }) => sum + customers, 0)

function pictureOf({ flows }: Base) {
  const id = (at: number, state: State) => `${at} ${state}`
  const found = new Map<string, { at: number; state: State; customers: number }>()
  const put = (at: number, state: State, customers: number): void => {
    const key = id(at, state)
    found.set(key, { at, state, customers: (found.get(key)?.customers ?? 0) + customers })
  }
  for (const { at, from, to, customers } of flows) {
    if (at === 0 || HELD[from] === 0) put(at, from, customers)
    put(at + 1, to, customers)
  }
  return {
    places: [...found]
      .sort(([, a], [, b]) => a.at - b.at || ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      .map(([key, { at, state, customers }]) => ({
        id: key,
        at,
        name: `${NAMES[state]} ${number(customers)}`,
        colour: (state === 'left' ? 'bad' : state === 'none' ? 'good' : 'quiet') as Colour,
      })),
    flows: flows.map((flow) => ({
      from: id(flow.at, flow.from),
      to: id(flow.at + 1, flow.to),
      value: flow.customers,
      says: `${NAMES[flow.from]} → ${NAMES[flow.to]}`,
      colour: COLOURS[kindOf(flow)],
      faint: kindOf(flow) === 'stayed',
    })),
  }
}

/** How the customer base moved from month to month, by how many products each customer owns. */
function BaseMoved({ base }: { base: Base }) {
  const { flows, ends } = base
  const picture = useMemo(() => pictureOf(base), [base])
  const of = (kind: Kind): number => sumOf(flows.filter((flow) => kindOf(flow) === kind))
  const before = sumOf(flows.filter((flow) => flow.at === 0 && HELD[flow.from] > 0))
  const after = sumOf(flows.filter((flow) => flow.at === ends.length - 2 && HELD[flow.to] > 0))
  return (
    <Chart
      title={t('baseTitle')}
      says={
        flows.length === 0
          ? t('baseNone')
          : t('baseSays', {
              from: day(ends[0]!),
              to: day(ends.at(-1)!),
              before: number(before),
              after: number(after),
              difference: signed(after - before),
              came: number(of('came')),
              left: number(of('left')),
              more: number(of('more')),
              less: number(of('less')),
            })
      }
      height={280}
      foot={
        <p className="know-ends" aria-hidden="true">
          {ends.map((end) => (
            <span key={end}>{day(end)}</span>
          ))}
        </p>
      }
      table={{
        columns: [t('baseFrom'), t('baseBefore'), t('baseAfter'), t('count')],
        rows: flows.map((flow) => [
          `${day(ends[flow.at]!)} – ${day(ends[flow.at + 1]!)}`,
          NAMES[flow.from],
          NAMES[flow.to],
          number(flow.customers),
        ]),
      }}
    >
      <Flows label={t('baseTitle')} {...picture} />
    </Chart>
  )
}

/** On the page of segments, and on the home page of whoever answers for the base. */
export default function BaseFlows() {
  const base = useAsk(endpoints.base, { query: { months: 2 } }, { staleTime: 300_000 })
  return base.data ? (
    <BaseMoved base={base.data} />
  ) : (
    <Panel title={t('baseTitle')}>
      <Shown of={base} coming={<Skeleton height={350} aria-busy="true" />}>
        {() => null}
      </Shown>
    </Panel>
  )
}
