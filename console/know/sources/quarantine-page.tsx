import { Button, Group, Select, Stack } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Static } from 'typebox'
import type { QuarantinedRow } from '#know/sources/contract'
import { call, type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { Chart } from '../../ui/chart.tsx'
import { Bars } from '../../ui/chart-bars.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day, number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { failed } from '../../ui/toast.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Value } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import type { Feed } from './feed.tsx'
import './sources.css'
import { useTitles } from './titles.ts'
import { t } from './words.ts'

type Row = Static<typeof QuarantinedRow>

const PAGE_ROWS = 500

const columns: Column<Row>[] = [
  { id: 'line', title: t('line'), value: ({ line }) => line, width: 72, align: 'end' },
  { id: 'reason', title: t('reason'), value: ({ reason }) => humanised(reason), width: 150 },
  { id: 'field', title: t('field'), value: ({ field }) => field, width: 150, narrow: false },
  { id: 'found', title: t('found'), value: ({ found }) => found },
  { id: 'expected', title: t('expected'), value: ({ expected }) => expected, narrow: false },
  { id: 'raw', title: t('raw'), value: ({ raw }) => raw, width: '2fr', narrow: false },
]

/** Rows of one feed in quarantine, page by page as they are asked for. */
function useQuarantine(feedId: number, again: number) {
  const [rows, setRows] = useState<Row[]>()
  const [reasons, setReasons] = useState<{ reason: string; rows: number }[]>([])
  const [error, setError] = useState<Refusal | null>(null)
  const [after, setAfter] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` counts the times that the rows are read anew.
  useEffect(() => {
    const closing = new AbortController()
    call(
      endpoints.quarantine,
      { params: { feedId }, query: { after, limit: PAGE_ROWS } },
      { signal: closing.signal },
    ).then(
      (reply) => {
        setError(null)
        setReasons(reply.reasons)
        setRows((before) => (after === 0 ? reply.rows : [...(before ?? []), ...reply.rows]))
      },
      (problem: Error) => {
        if (problem.name !== 'AbortError') setError(problem as Refusal)
      },
    )
    return () => closing.abort()
  }, [feedId, after, again])
  return { rows, reasons, error, more: () => setAfter(rows?.at(-1)?.line ?? 0), restart: () => setAfter(0) }
}

/** What waits of one feed: why, each row as it was, and giving it again. For whoever is on duty. */
export default function QuarantinePage() {
  const feedId = Number((useParams({ strict: false }) as { feedId: string }).feedId)
  const feeds = useAsk(endpoints.feeds, { query: { limit: 500 } })
  const titleOf = useTitles()
  const feed = feeds.data?.feeds.find((each) => each.feedId === feedId)
  const [times, setTimes] = useState(0)
  const [asking, setAsking] = useState(false)
  const [result, setResult] = useState<Feed | null>(null)
  const [only, setOnly] = useUrlState('reason')
  const { rows, reasons, error, more, restart } = useQuarantine(feedId, times)
  const giveAgain = useTell(endpoints.giveAgain, { stale: [endpoints.feeds, endpoints.health, endpoints.waiting] })
  const total = reasons.reduce((sum, reason) => sum + reason.rows, 0)
  const shown = only === '' ? rows : rows?.filter(({ reason }) => reason === only)
  const reread = (): void => {
    restart()
    setTimes((before) => before + 1)
  }
  const give = async (): Promise<void> => {
    await giveAgain.mutateAsync({ params: { feedId }, body: {} }).then((reply) => {
      setResult(reply)
      reread()
    }, failed)
  }
  return (
    <Page
      title={feed ? t('feedTitle', { source: titleOf(feed.source), day: day(feed.businessOn) }) : t('quarantined')}
      sentence={feed ? t('feedSentence', { file: feed.fileName }) : t('rowsSentence')}
      action={
        <Button disabled={total === 0} leftSection={<Icon name="again" />} onClick={() => setAsking(true)}>
          {t('again')}
        </Button>
      }
      figures={
        <>
          <Figure
            title={t('waiting')}
            value={rows ? number(total) : '–'}
            foot={feed ? t('of', { what: number(feed.rowsRead) }) : null}
          />
          <Figure title={t('applied')} value={<Value value={feed?.rowsApplied} />} />
          <Figure title={t('duplicate')} value={<Value value={feed?.rowsDuplicate} />} />
        </>
      }
    >
      <Group gap={16}>
        <Link to="/know/sources">{t('backToFeeds')}</Link>
        {feed ? <Link to={`/trust/playbook/documents/source/${feed.source}`}>{t('mapping')}</Link> : null}
      </Group>
      {result ? (
        <p className="sources-result" role="status">
          <Icon
            name={result.rowsQuarantined > 0 ? 'warn' : 'good'}
            className={result.rowsQuarantined > 0 ? 'ui-warn' : 'ui-good'}
          />
          {t('againResult', {
            applied: number(result.rowsApplied),
            read: number(result.rowsRead),
            duplicate: number(result.rowsDuplicate),
            waiting: number(result.rowsQuarantined),
          })}
        </p>
      ) : null}
      {reasons.length > 0 ? (
        <Chart
          title={t('reasons')}
          says={t('reasonsSay', {
            rows: number(total),
            count: reasons.length,
            first: humanised([...reasons].sort((a, b) => b.rows - a.rows)[0]!.reason),
          })}
          table={{
            columns: [t('reason'), t('rowsOf')],
            rows: reasons.map((each) => [humanised(each.reason), number(each.rows)]),
          }}
        >
          <Bars
            label={t('reasons')}
            names={reasons.map(({ reason }) => humanised(reason))}
            series={[{ name: t('rowsOf'), colour: 'warn', values: reasons.map(({ rows: count }) => count) }]}
            onPick={(at) => setOnly(reasons[at]?.reason ?? '')}
          />
        </Chart>
      ) : null}
      <DataTable
        name="quarantine"
        title={t('quarantined')}
        columns={columns}
        rows={shown}
        rowId={({ line }) => String(line)}
        error={error}
        onAgain={reread}
        filters={
          reasons.length > 1 ? (
            <Select
              aria-label={t('reason')}
              w={200}
              data={[
                { value: '', label: t('all') },
                ...reasons.map(({ reason }) => ({ value: reason, label: humanised(reason) })),
              ]}
              value={only}
              onChange={(value) => setOnly(value ?? '')}
              allowDeselect={false}
            />
          ) : undefined
        }
        inspect={(row) => (
          <Stack gap={16}>
            <Facts
              facts={[
                [t('line'), row.line],
                [t('reason'), humanised(row.reason)],
                [t('field'), row.field ?? <None key="field" />],
                [t('found'), row.found === null ? <None key="found" /> : <bdi key="found">{row.found}</bdi>],
                [t('expected'), row.expected ?? <None key="expected" />],
              ]}
            />
            <div>
              <p className="ui-quiet sources-said">{t('raw')}</p>
              <pre className="ui-mono sources-raw">{row.raw}</pre>
            </div>
          </Stack>
        )}
        inspectTitle={(row) => `${t('line')} ${row.line}`}
        sortedBy="line"
        empty={{ title: t('noRowsTitle'), sentence: t('noRowsSentence') }}
      />
      {rows && rows.length < total && only === '' ? (
        <Group>
          <Button variant="default" onClick={more}>
            {t('loadMore')}
          </Button>
        </Group>
      ) : null}
      <ConfirmTyped
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('again')}
        action={t('again')}
        makes
        onConfirm={give}
      >
        {t('againSays')} {t('againFirst')}
      </ConfirmTyped>
    </Page>
  )
}
