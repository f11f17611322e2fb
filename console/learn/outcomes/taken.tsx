import type { AcceptanceReply } from '#learn/outcomes/contract'
import { PlainTable } from '../../ui/chart.tsx'
import { number, percent } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { Empty } from '../../ui/state.tsx'
import { takenInterval } from './figures.ts'
import { Intervals } from './intervals.tsx'
import { t } from './words.ts'

const PICTURED_MAX = 20

/** What was taken up of what was seen, line by line, with the base of each share. */
export function TakenUp({
  reply,
  byName,
  to,
}: {
  reply: AcceptanceReply
  byName: string
  to: (key: string) => string | undefined
}) {
  // The surest first: one taken of one seen is no success story.
  const lines = [...reply.lines].sort((a, b) => (b.interval?.[0] ?? -1) - (a.interval?.[0] ?? -1))
  const seen = lines.filter((line) => line.seen > 0)
  const title = t('takenTitle', { by: byName.toLowerCase() })
  if (seen.length === 0)
    return (
      <Panel title={title}>
        <Empty icon="outcome" title={t('takenNone')} sentence={t('takenNoneSentence')} />
      </Panel>
    )
  return (
    <>
      <Panel title={title}>
        <p className="quiet-line">
          {t('takenMeans')}{' '}
          {reply.customersTried !== null && reply.ofCustomers !== null && reply.customersTried < reply.ofCustomers
            ? t('sampled', { tried: number(reply.customersTried), all: number(reply.ofCustomers) })
            : ''}
        </p>
        <Intervals
          label={title}
          scale={(share) => percent(share, share < 0.1 ? 1 : 0)}
          lines={seen.slice(0, PICTURED_MAX).map((line) => takenInterval(line, to(line.key)))}
        />
      </Panel>
      <Panel title={t('table')}>
        <PlainTable
          title={`${title}: ${t('table')}`}
          columns={[
            byName,
            t('contacts'),
            t('seen'),
            t('clicked'),
            t('accepted'),
            t('refused'),
            t('deferred'),
            t('never'),
            t('rate'),
            t('certainty'),
          ]}
          rows={lines.map((line) => [
            line.title,
            number(line.contacts),
            number(line.seen),
            number(line.clicked),
            number(line.accepted),
            number(line.refused),
            number(line.deferred),
            number(line.declinedForGood),
            line.rate === null ? '–' : percent(line.rate),
            line.interval ? t('points', { low: percent(line.interval[0]!), high: percent(line.interval[1]!) }) : '–',
          ])}
        />
      </Panel>
    </>
  )
}
