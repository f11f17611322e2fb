import { Button, Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Day, Money, None, Value, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { type Feed, FeedState as State, stateOf } from './feed.tsx'
import { Late } from './late.tsx'
import { useTitles } from './titles.ts'
import { t } from './words.ts'

interface Row extends Feed {
  title: string
}

const columns: Column<Row>[] = [
  { id: 'source', title: t('source'), value: ({ title }) => title, width: 'minmax(116px, 1.1fr)' },
  {
    id: 'date',
    title: t('date'),
    value: (feed) => feed.businessOn,
    show: (feed) => <Day on={feed.businessOn} />,
    width: 116,
  },
  { id: 'file', title: t('file'), value: ({ fileName }) => fileName, width: 'minmax(170px, 1.1fr)', narrow: false },
  {
    id: 'state',
    title: t('state'),
    value: stateOf,
    show: (feed) => <State feed={feed} />,
    width: 132,
    narrow: false,
  },
  {
    id: 'read',
    title: t('read'),
    value: ({ rowsRead }) => rowsRead,
    show: ({ rowsRead }) => <Value value={rowsRead} />,
    width: 92,
    align: 'end',
    narrow: false,
  },
  {
    id: 'applied',
    title: t('applied'),
    value: ({ rowsApplied }) => rowsApplied,
    show: ({ rowsApplied }) => <Value value={rowsApplied} />,
    width: 92,
    align: 'end',
    narrow: false,
  },
  {
    id: 'waiting',
    title: t('waiting'),
    value: ({ rowsQuarantined }) => rowsQuarantined,
    show: ({ feedId, rowsQuarantined }) => (
      <Value
        value={rowsQuarantined}
        {...(rowsQuarantined > 0 ? { to: `/know/sources/${feedId}`, what: t('waiting') } : {})}
      />
    ),
    width: 88,
    align: 'end',
  },
  {
    id: 'given',
    title: t('given'),
    value: ({ givenAt }) => givenAt,
    show: ({ givenAt }) => <When at={givenAt} />,
    width: 170,
    narrow: false,
  },
]

function Details({ feed }: { feed: Feed }) {
  const may = useMay()
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('file'), feed.fileName],
          [t('state'), <State key="state" feed={feed} />],
          [t('because'), feed.refusedBecause ?? <None key="none" />],
          [t('read'), <Value key="read" value={feed.rowsRead} />],
          [t('control'), <Value key="control" value={feed.controlRows} />],
          [t('applied'), <Value key="applied" value={feed.rowsApplied} />],
          [t('duplicate'), <Value key="duplicate" value={feed.rowsDuplicate} />],
          [t('waiting'), <Value key="waiting" value={feed.rowsQuarantined} />],
          [t('controlSum'), <Money key="controlSum" minor={feed.controlSumMinor} />],
          [t('foundSum'), <Money key="foundSum" minor={feed.foundSumMinor} />],
          [t('given'), <When key="given" at={feed.givenAt} />],
          [t('settled'), <When key="settled" at={feed.settledAt} />],
        ]}
      />
      {feed.rowsQuarantined === 0 ? null : may('know.sources:write') ? (
        <Group>
          <Button component={Link} to={`/know/sources/${feed.feedId}`} variant="default">
            {t('rows')}
          </Button>
        </Group>
      ) : (
        <p className="ui-quiet">{t('notYours')}</p>
      )}
    </Stack>
  )
}

/** What the bank's systems delivered. For whoever is on duty. */
export default function FeedsPage() {
  const feeds = useAsk(endpoints.feeds, { query: { limit: 500 } })
  const health = useAsk(endpoints.health, {}, { refetchInterval: 60_000 })
  const titleOf = useTitles()
  const rows = useMemo(
    () => feeds.data?.feeds.map((feed): Row => ({ ...feed, title: titleOf(feed.source) })),
    [feeds.data, titleOf],
  )
  const sources = health.data?.sources ?? []
  const oldest = sources
    .map(({ asOf }) => asOf)
    .filter((asOf) => asOf !== null)
    .sort()[0]
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        <>
          <Figure
            title={t('onTime')}
            value={health.data ? sources.filter(({ state }) => state === 'ok').length : '–'}
            foot={health.data ? t('ofAll', { count: sources.length }) : null}
          />
          <Figure
            title={t('quarantined')}
            value={<Value value={rows?.reduce((sum, feed) => sum + feed.rowsQuarantined, 0)} />}
            foot={t('quarantinedFoot')}
            to="/know/sources?sort=-waiting"
          />
          <Figure title={t('asOf')} value={oldest ? day(oldest) : '–'} foot={t('asOfFoot')} />
        </>
      }
    >
      <Late sources={sources} />
      <DataTable
        name="feeds"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ feedId }) => String(feedId)}
        error={feeds.error}
        onAgain={() => void feeds.refetch()}
        inspect={(feed) => <Details feed={feed} />}
        inspectTitle={({ title, businessOn }) => `${title}, ${day(businessOn)}`}
        sortedBy="-given"
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
    </Page>
  )
}
