import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Place } from '#engage/inbound/contract'
import { useAsk } from '../../shell/api.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Spark } from '../../ui/spark.tsx'
import { None, Percent, Pill, Value } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import './places.css'
import { t } from './words.ts'

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const count = (id: string, title: string, value: (place: Place) => number, narrow: boolean): Column<Place> => ({
  id,
  title,
  value,
  show: (place) => <Value value={value(place)} />,
  width: 125,
  align: 'end',
  narrow,
})

const columns: Column<Place>[] = [
  { id: 'title', title: t('placement'), value: ({ title }) => title, width: 'minmax(120px, 2fr)' },
  { id: 'channel', title: t('channel'), value: ({ channelTitle }) => channelTitle, width: 180, narrow: false },
  {
    id: 'who',
    title: t('who'),
    value: ({ staffed }) => (staffed ? t('staffed') : t('self')),
    show: ({ staffed }) => <Pill>{staffed ? t('staffed') : t('self')}</Pill>,
    width: 120,
    narrow: false,
  },
  { id: 'slots', title: t('slots'), value: ({ actionsMax }) => actionsMax, width: 80, align: 'end', narrow: false },
  count('fills', t('fills'), ({ treatments }) => treatments.length, false),
  count('today', t('asksToday'), ({ today }) => today.asks, true),
  count('asks28', t('asks28'), ({ last28Days }) => last28Days.asks, false),
  {
    id: 'trend',
    title: t('trend'),
    value: () => null,
    show: ({ asksByDay }) => {
      const known = asksByDay.filter((asks) => asks !== null)
      return known.some((asks) => asks > 0) && known.length > 1 ? <Spark values={known} /> : <None />
    },
    width: 100,
    narrow: false,
  },
  {
    id: 'accepted',
    title: t('accepted'),
    value: ({ last28Days }) => shareOf(last28Days.accepted, last28Days.impressions),
    show: ({ last28Days }) => <Percent share={shareOf(last28Days.accepted, last28Days.impressions)} />,
    width: 100,
    align: 'end',
  },
]

/** Keeps a line’s place until it is known. */
const NOT_YET = '\u00a0'

/** Where a channel can show something. For campaign managers, product owners and those who connect the pages. */
export default function PlacesPage() {
  const found = useAsk(endpoints.places, {}, { refetchInterval: 15_000 })
  const rows = found.data?.placements
  const sum = (of: (place: Place) => number): number => (rows ?? []).reduce((all, place) => all + of(place), 0)
  const asks = sum(({ today }) => today.asks)
  const seen = sum(({ last28Days }) => last28Days.impressions)
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('figPlaces')}
            value={<Value value={rows?.length} />}
            foot={rows ? t('figPlacesFoot', { count: new Set(rows.map(({ channel }) => channel)).size }) : null}
          />
          <Figure title={t('asksToday')} value={<Value value={rows && asks} />} />
          <Figure
            title={t('filled')}
            value={
              <Percent
                share={
                  rows
                    ? shareOf(
                        sum(({ today }) => today.filled),
                        asks,
                      )
                    : null
                }
                digits={0}
              />
            }
            foot={rows ? t('ofAsks', { count: asks }) : NOT_YET}
          />
          <Figure
            title={t('accepted')}
            value={
              <Percent
                share={
                  rows
                    ? shareOf(
                        sum(({ last28Days }) => last28Days.accepted),
                        seen,
                      )
                    : null
                }
              />
            }
            foot={rows ? `${t('ofSeen', { count: seen })} ${t('in28')}` : NOT_YET}
          />
        </>
      }
    >
      {found.data && found.data.daysMissing > 0 ? (
        <p className="place-note ui-quiet">{t('missing', { count: found.data.daysMissing })}</p>
      ) : null}
      <DataTable
        name="placements"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ placement }) => placement}
        error={found.error}
        onAgain={() => void found.refetch()}
        open={({ placement }) => `/engage/inbound/${placement}`}
        sortedBy="-today"
        empty={{
          title: t('emptyTitle'),
          sentence: t('emptySentence'),
          action: (
            <Button variant="default" renderRoot={(props) => <Link {...props} to={'/trust/playbook' as never} />}>
              {t('toPlaybook')}
            </Button>
          ),
        }}
      />
    </Page>
  )
}
