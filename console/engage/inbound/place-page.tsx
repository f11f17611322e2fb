import { Button, Group } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { Place, PlacesReply } from '#engage/inbound/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Chart } from '../../ui/chart.tsx'
import { Columns } from '../../ui/chart-columns.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day, number } from '../../ui/format.ts'
import { Figure, Page, Panel } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { Percent, Pill, Value } from '../../ui/values.tsx'
import { Connect } from './connect.tsx'
import * as endpoints from './endpoints.ts'
import './places.css'
import { TryIt } from './try-it.tsx'
import { t } from './words.ts'

type Fills = Place['treatments'][number]

const columns: Column<Fills>[] = [
  {
    id: 'title',
    title: t('message'),
    value: ({ title }) => title,
    show: ({ treatment, title }) => <Link to={`/engage/content/${treatment}`}>{title}</Link>,
    width: 'minmax(180px, 2fr)',
  },
  {
    id: 'action',
    title: t('action'),
    value: ({ actionTitle }) => actionTitle,
    show: ({ action, actionTitle }) => <Link to={`/decide/propositions/actions/${action}`}>{actionTitle}</Link>,
    narrow: false,
  },
  {
    id: 'class',
    title: t('class'),
    value: (one) => one.class,
    show: (one) => <Pill tone={one.class === 'marketing' ? 'info' : 'quiet'}>{one.class}</Pill>,
    width: 130,
  },
  { id: 'for', title: t('for'), value: ({ here }) => (here ? t('here') : t('anywhere')), width: 170, narrow: false },
]
// Who connects the pages may not see what is said, and is led nowhere.
const plain = columns.map(({ show, ...column }) => (column.id === 'class' && show ? { ...column, show } : column))

const DAY_MS = 86_400_000
const dayBefore = (today: string, back: number): string =>
  new Date(Date.parse(`${today}T00:00:00Z`) - back * DAY_MS).toISOString().slice(0, 10)

function spanOf(seconds: number): string {
  if (seconds % 86_400 === 0) return t('days', { count: seconds / 86_400 })
  if (seconds >= 7200) return t('hours', { count: Math.round(seconds / 3600) })
  return t('minutes', { count: Math.max(1, Math.round(seconds / 60)) })
}

function PerDay({ place, today }: { place: Place; today: string }) {
  const days = place.asksByDay.map((asks, at) => ({ on: dayBefore(today, place.asksByDay.length - 1 - at), asks }))
  const most = days.reduce((best, one) => ((one.asks ?? 0) > (best.asks ?? 0) ? one : best), days[0]!)
  if (place.last28Days.asks === 0) return null
  const says = t('perDaySays', { count: place.last28Days.asks, day: day(most.on) })
  return (
    <Chart
      title={t('perDay')}
      says={says}
      table={{
        columns: [t('day'), t('asks')],
        rows: days.map(({ on, asks }) => [day(on), asks === null ? t('notCounted') : number(asks)]),
      }}
    >
      <Columns
        label={says}
        names={days.map(({ on }) => day(on))}
        series={[{ name: t('asks'), values: days.map(({ asks }) => asks ?? 0) }]}
        height={180}
      />
    </Chart>
  )
}

function One({ place, reply }: { place: Place; reply: PlacesReply }) {
  const may = useMay()
  const { today, last28Days: all } = place
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return (
    <Page
      title={place.title}
      sentence={t('placeSentence', {
        who: place.staffed ? t('staffScreen') : t('ownScreen'),
        channel: place.channelTitle,
        count: place.actionsMax,
      })}
      action={
        may('trust.playbook:draft') ? (
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link {...props} to={`/trust/playbook/documents/placement/${place.placement}` as never} />
            )}
          >
            {t('edit')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          <Figure
            title={t('asksToday')}
            value={<Value value={today.asks} />}
            foot={`${number(all.asks)} ${t('in28')}`}
          />
          <Figure
            title={t('filled')}
            value={<Percent share={share(all.filled, all.asks)} digits={0} />}
            foot={t('ofAsks', { count: all.asks })}
          />
          <Figure
            title={t('seen')}
            value={<Value value={all.impressions} />}
            foot={t('clickedToo', { count: all.clicks })}
          />
          <Figure
            title={t('accepted')}
            value={<Percent share={share(all.accepted, all.impressions)} />}
            foot={`${number(all.accepted)} ${t('in28')}`}
          />
          <Figure
            title={t('refused')}
            value={<Percent share={share(all.refused + all.putOff, all.impressions)} />}
            foot={`${number(all.refused)} · ${t('putOff')} ${number(all.putOff)}`}
          />
        </>
      }
    >
      <Group gap={16}>
        <Link to="/engage/inbound">{t('toAll')}</Link>
        <span className="ui-quiet">{t('expires', { span: spanOf(place.validForSeconds) })}</span>
      </Group>
      {reply.daysMissing > 0 ? (
        <p className="place-note ui-quiet">{t('missing', { count: reply.daysMissing })}</p>
      ) : null}
      <PerDay place={place} today={reply.day} />
      <Panel title={t('tryIt')}>
        <TryIt place={place} />
      </Panel>
      <section aria-label={t('canFill')}>
        <h2 className="place-head">{t('canFill')}</h2>
        <DataTable
          name="placement-treatments"
          title={t('canFill')}
          columns={may('decide.propositions:read') ? columns : plain}
          rows={place.treatments}
          rowId={({ treatment }) => treatment}
          height={380}
          sortedBy="title"
          empty={{ title: t('noneFillTitle'), sentence: t('noneFillSentence', { channel: place.channelTitle }) }}
        />
      </section>
      <Connect place={place} reply={reply} />
    </Page>
  )
}

/** One placement: what came of it, what it would show to somebody, what can fill it, and how a page asks for it. */
export default function PlacePage() {
  const { placementId = '' } = useParams({ strict: false }) as { placementId?: string }
  const found = useAsk(endpoints.places, {}, { refetchInterval: 15_000 })
  const place = found.data?.placements.find(({ placement }) => placement === placementId)
  if (found.data && place) return <One key={placementId} place={place} reply={found.data} />
  return (
    <Page title={found.data ? t('goneTitle') : t('title')} sentence={t('sentence')}>
      <Shown of={found}>
        {() => (
          <Empty
            icon="place"
            title={t('goneTitle')}
            sentence={t('goneSentence', { placement: placementId })}
            action={
              <Button variant="default" renderRoot={(props) => <Link {...props} to={'/engage/inbound' as never} />}>
                {t('toAll')}
              </Button>
            }
          />
        )}
      </Shown>
    </Page>
  )
}
