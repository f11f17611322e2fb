import type { LiftLine } from '#learn/outcomes/contract'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty } from '../../ui/state.tsx'
import { None, Pill } from '../../ui/values.tsx'
import { liftInterval, points, rateText, toldApart, verdictOf, verdictWords } from './figures.ts'
import { Intervals } from './intervals.tsx'
import { t } from './words.ts'

interface Row {
  readonly line: LiftLine
  readonly title: string
}

const TONES = { good: 'good', bad: 'bad', open: 'quiet', plain: 'quiet' } as const

const columns: Column<Row>[] = [
  { id: 'action', title: t('action'), value: ({ title }) => title, width: 'minmax(150px, 2fr)' },
  { id: 'outcome', title: t('outcome'), value: ({ line }) => line.title, width: 'minmax(150px, 3fr)', narrow: false },
  {
    id: 'treated',
    title: t('treated'),
    value: ({ line }) => rateText(line.treated),
    width: 120,
    align: 'end',
    narrow: false,
  },
  {
    id: 'control',
    title: t('control'),
    value: ({ line }) => rateText(line.control),
    width: 120,
    align: 'end',
    narrow: false,
  },
  {
    id: 'lift',
    title: t('difference'),
    value: ({ line }) => line.lift,
    // Without an interval the difference is that of a handful of customers.
    show: ({ line }) => (line.lift === null || line.interval === null ? <None /> : points(line.lift)),
    width: 84,
    align: 'end',
  },
  {
    id: 'interval',
    title: t('certainty'),
    value: ({ line }) =>
      line.interval ? t('points', { low: points(line.interval[0]!), high: points(line.interval[1]!) }) : '–',
    width: 130,
    align: 'end',
    narrow: false,
  },
  {
    id: 'says',
    title: t('says'),
    value: ({ line }) => verdictWords(line),
    show: ({ line }) => <Pill tone={TONES[verdictOf(line)]}>{verdictWords(line)}</Pill>,
    width: 'minmax(200px, 2fr)',
    narrow: false,
  },
  {
    id: 'saw',
    title: t('sawIt'),
    value: ({ line }) => line.seen,
    show: ({ line }) => number(line.seen),
    width: 70,
    align: 'end',
    narrow: false,
  },
  {
    id: 'maturing',
    title: t('stillMaturing'),
    value: ({ line }) => line.maturing,
    show: ({ line }) => maturingText(line),
    width: 136,
    align: 'end',
    narrow: false,
  },
]

/** How many wait, and how many of them have it already: to be watched, and judged only when their time has passed. */
function maturingText({ maturing, soFar }: LiftLine): string {
  const already = soFar.treated.successes + soFar.control.successes
  return already === 0
    ? number(maturing)
    : t('maturingAlready', { maturing: number(maturing), already: number(already) })
}

/** What contact changed: a picture of intervals, and the same with every base as a table. */
export function Lift({
  lines,
  titleOf,
  to,
}: {
  lines: readonly LiftLine[]
  titleOf: (action: string) => string
  to: (action: string) => string | undefined
}) {
  const told = toldApart(lines)
  const untold = lines.filter((line) => !told.includes(line)).sort((a, b) => b.seen - a.seen)
  const waiting = untold.length
  return (
    <>
      <Panel title={t('liftTitle')}>
        {told.length === 0 ? (
          <Empty icon="outcome" title={t('liftNone')} sentence={t('liftNoneSentence')} />
        ) : (
          <>
            <p className="quiet-line">{t('liftMeans')}</p>
            <Intervals
              label={t('liftTitle')}
              zero
              scale={points}
              lines={told.map((line) =>
                liftInterval(line, `${line.outcome} ${line.action}`, titleOf(line.action), to(line.action)),
              )}
            />
            {waiting > 0 ? <p className="quiet-line">{t('notYetSentence', { count: waiting })}</p> : null}
          </>
        )}
      </Panel>
      <DataTable
        name="lift"
        title={t('table')}
        columns={columns}
        rows={[...told, ...untold].map((line) => ({ line, title: titleOf(line.action) }))}
        rowId={({ line }) => `${line.outcome}.${line.action}`}
        empty={{ title: t('liftNone'), sentence: t('liftNoneSentence') }}
      />
    </>
  )
}
