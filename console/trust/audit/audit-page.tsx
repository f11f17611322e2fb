import { Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import type { Static } from 'typebox'
import type { AuditEntry, AuditReport } from '#trust/audit/contract'
import { addressOf, call, type Refusal, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { useNames, Who } from '../../shell/who.tsx'
import { PlainTable } from '../../ui/chart.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { failed } from '../../ui/toast.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Value, When } from '../../ui/values.tsx'
import './audit.css'
import * as endpoints from './endpoints.ts'
import { isLook, saidAs } from './entry.ts'
import { t } from './words.ts'

type Entry = Static<typeof AuditEntry>
type Report = Static<typeof AuditReport>

const PAGE = 500
const FILTERS = ['customerId', 'actorId', 'action', 'from', 'to'] as const

interface Asked {
  customerId?: number
  actorId?: string
  action?: string
  from?: string
  to?: string
}

/** The filter that the address holds, as the server asks for it. */
function useAsked(): Asked {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const asked: Record<string, unknown> = {}
  for (const name of FILTERS) {
    const value = search[name]
    if (!value) continue
    if (name === 'customerId') {
      if (/^\d+$/.test(value)) asked[name] = Number(value)
    } else if (name === 'from' || name === 'to') {
      const at = new Date(value)
      if (!Number.isNaN(at.getTime())) asked[name] = at.toISOString()
    } else asked[name] = value
  }
  return asked
}

function useEntries(asked: Asked & { order?: 'oldest' }) {
  const [entries, setEntries] = useState<Entry[]>()
  const [total, setTotal] = useState<number>()
  const [error, setError] = useState<Refusal | null>(null)
  const [offset, setOffset] = useState({ of: '', at: 0 })
  const [times, setTimes] = useState(0)
  const key = JSON.stringify(asked)
  const from = offset.of === key ? offset.at : 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: `times` counts the times that it is asked again.
  useEffect(() => {
    const closing = new AbortController()
    const query = { ...(JSON.parse(key) as typeof asked), limit: PAGE, offset: from }
    if (from === 0) setEntries(undefined)
    call(endpoints.entries, { query }, { signal: closing.signal }).then(
      (reply) => {
        setError(null)
        setTotal(reply.total)
        setEntries((before) => (from === 0 ? reply.entries : [...(before ?? []), ...reply.entries]))
      },
      (problem: Error) => {
        if (problem.name !== 'AbortError') setError(problem as Refusal)
      },
    )
    return () => closing.abort()
  }, [key, from, times])
  return {
    entries,
    error,
    total,
    more: () => setOffset({ of: key, at: entries?.length ?? 0 }),
    again: () => setTimes((before) => before + 1),
  }
}

/** Whose entries, which, and when: kept in the address, so that a filter can be handed on as a link. */
function Filters() {
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const put = (next: Record<string, string | undefined>): void =>
    void navigate({
      to: '.',
      search: ((before: Record<string, string | undefined>) => ({ ...before, ...next, row: undefined })) as never,
    })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    put(Object.fromEntries(FILTERS.map((name) => [name, String(form.get(name) ?? '').trim() || undefined])))
  }
  return (
    <form
      onSubmit={submit}
      className="audit-filters"
      aria-label={t('filters')}
      key={FILTERS.map((name) => search[name]).join()}
    >
      <TextInput name="customerId" label={t('customer')} inputMode="numeric" defaultValue={search.customerId} />
      <TextInput name="actorId" label={t('actor')} defaultValue={search.actorId} />
      <TextInput name="action" label={t('action')} defaultValue={search.action} />
      <TextInput name="from" type="date" label={t('from')} defaultValue={search.from} />
      <TextInput name="to" type="date" label={t('to')} defaultValue={search.to} />
      <Group gap={8} wrap="nowrap">
        <Button type="submit" variant="default">
          {t('apply')}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          onClick={() => put(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
        >
          {t('clear')}
        </Button>
      </Group>
    </form>
  )
}

/** 'draftId' as words. */
const wordsOf = (name: string): string => humanised(name.replace(/[a-z](?=[A-Z])/g, '$& ').toLowerCase())
const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object'

/** A fact that was kept with an entry, as plainly as its shape lets it be said. */
function said(value: unknown): ReactNode {
  if (value === null || value === '') return <None />
  if (isPlain(value)) return <bdi>{String(value)}</bdi>
  if (Array.isArray(value) && value.every(isPlain))
    return value.length === 0 ? <None /> : <bdi>{value.map(String).join(', ')}</bdi>
  return <pre className="ui-mono audit-raw">{JSON.stringify(value, null, 2)}</pre>
}

function Details({ entry }: { entry: Entry }) {
  const nameOf = useNames([entry.actorId])
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('at'), <When key="at" at={entry.at} />],
          [t('who'), <Who key="who" id={entry.actorId} />],
          [
            t('did'),
            <span key="did" className="ui-mono">
              {entry.action}
            </span>,
          ],
          [t('reason'), entry.reason ? <bdi key="reason">{entry.reason}</bdi> : <None key="reason" />],
          [
            t('subject'),
            entry.subject ? (
              <span key="subject" className="ui-mono">
                {entry.subject}
              </span>
            ) : (
              <None key="subject" />
            ),
          ],
          [t('customers'), <Value key="customers" value={entry.customers.length} />],
          [t('place'), `${entry.chain} / ${number(entry.sequence)}`],
        ]}
      />
      <Group gap={16}>
        <Link to={`/trust/audit?actorId=${encodeURIComponent(entry.actorId)}`}>
          {t('ofPerson', { who: nameOf(entry.actorId) })}
        </Link>
        <Link to={`/trust/audit?action=${encodeURIComponent(entry.action)}`}>
          {t('ofAction', { action: entry.action })}
        </Link>
      </Group>
      {Object.keys(entry.facts).length > 0 ? (
        <div>
          <h3 className="audit-facts">{t('facts')}</h3>
          <Facts facts={Object.entries(entry.facts).map(([name, value]) => [wordsOf(name), said(value)] as const)} />
        </div>
      ) : null}
    </Stack>
  )
}

function Verified({ report }: { report: Report }) {
  return (
    <div className="audit-report" role="status" data-broken={!report.whole || undefined}>
      <p>
        <Icon name={report.whole ? 'good' : 'bad'} className={report.whole ? 'ui-good' : 'ui-bad'} />{' '}
        {report.whole
          ? t('wholeSays', { entries: number(report.entries), anchors: number(report.anchors) })
          : t('brokenSays', { entries: number(report.entries), count: report.breaks.length })}
      </p>
      {report.whole ? null : (
        <>
          <p>{t('brokenDo')}</p>
          <PlainTable
            title={t('problem')}
            columns={[t('place'), t('problem')]}
            rows={report.breaks.slice(0, 100).map((one) => [`${one.chain} / ${number(one.sequence)}`, one.problem])}
            maxHeight={240}
          />
        </>
      )}
    </div>
  )
}

/** Who did what and who looked at whom. For the data protection officer and the administrator. */
export default function AuditPage() {
  const may = useMay()
  const asked = useAsked()
  const [only, setOnly] = useUrlState('only', 'all')
  const [report, setReport] = useState<Report | null>(null)
  // The list itself is in order of time only: what comes first of all that there is, is the server's to say.
  const [sort] = useUrlState('sort', '-at')
  const { entries, total, error, more, again } = useEntries({ ...asked, ...(sort === 'at' ? { order: 'oldest' } : {}) })
  const verify = useTell(endpoints.verify)
  const nameOf = useNames((entries ?? []).map(({ actorId }) => actorId))
  const shown = entries?.filter((entry) => only === 'all' || (only === 'looks') === isLook(entry))
  const columns: Column<Entry>[] = [
    { id: 'at', title: t('at'), value: ({ at }) => at, show: ({ at }) => <When at={at} />, width: 160 },
    { id: 'who', title: t('who'), value: ({ actorId }) => nameOf(actorId), width: 'minmax(84px, 1.4fr)' },
    { id: 'did', title: t('did'), value: ({ action }) => saidAs(action), width: 'minmax(100px, 2fr)' },
    {
      id: 'customers',
      title: t('customers'),
      value: ({ customers }) => customers.length,
      show: ({ customers }) => (customers.length > 0 ? <Value value={customers.length} /> : <None />),
      width: 100,
      align: 'end',
      narrow: false,
    },
    { id: 'reason', title: t('reason'), value: ({ reason }) => reason, width: '2fr', narrow: false },
    { id: 'subject', title: t('subject'), value: ({ subject }) => subject, narrow: false },
  ]
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        <Group gap={8}>
          {may('trust.audit:export') ? (
            <Button
              component="a"
              href={addressOf(endpoints.exported, { query: asked })}
              download="audit.csv"
              variant="default"
              leftSection={<Icon name="download" />}
            >
              {t('export')}
            </Button>
          ) : null}
          {may('trust.audit:verify') ? (
            <Button
              loading={verify.isPending}
              onClick={() => void verify.mutateAsync({}).then(setReport, failed)}
              leftSection={<Icon name="check" />}
            >
              {t('verify')}
            </Button>
          ) : null}
        </Group>
      }
      figures={
        <>
          <Figure
            title={t('shown')}
            value={entries ? number(entries.length) : '–'}
            foot={
              total === undefined ? undefined : t(sort === 'at' ? 'shownOldest' : 'shownFoot', { all: number(total) })
            }
          />
          <Figure
            title={t('looks')}
            value={entries ? number(entries.filter(isLook).length) : '–'}
            to="/trust/audit?only=looks"
            foot={t('looksFoot')}
          />
          <Figure
            title={t('people')}
            value={entries ? new Set(entries.map(({ actorId }) => actorId)).size : '–'}
            foot={t('peopleFoot')}
          />
          <Figure title={t('chain')} value={report ? t(report.whole ? 'whole' : 'broken') : t('notVerified')} />
        </>
      }
    >
      {report ? <Verified report={report} /> : null}
      <Filters />
      <DataTable
        name="audit"
        title={t('title')}
        columns={columns}
        rows={shown}
        all={only === 'all' ? total : undefined}
        rowId={({ chain, sequence }) => `${chain}-${sequence}`}
        error={error}
        onAgain={again}
        filters={
          <SegmentedControl
            size="xs"
            aria-label={t('only')}
            value={only}
            onChange={setOnly}
            data={[
              { value: 'all', label: t('everything') },
              { value: 'looks', label: t('views') },
              { value: 'changes', label: t('changes') },
            ]}
          />
        }
        inspect={(entry) => <Details entry={entry} />}
        inspectTitle={({ action }) => saidAs(action)}
        sortedBy="-at"
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
      {entries && total !== undefined && entries.length < total ? (
        <Group>
          <Button variant="default" onClick={more}>
            {t('more')}
          </Button>
        </Group>
      ) : null}
    </Page>
  )
}
