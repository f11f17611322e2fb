import { Button, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import type { JobReply } from '#platform/jobs/contract'
import type { SetAsideMessage } from '#platform/outbox/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { percent } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import type { Failure } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { Day, None, Pill, type Tone, Value, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { t, titleOf } from './words.ts'

const TONES: Record<string, Tone> = { done: 'good', failed: 'bad', running: 'info', cancelled: 'warn' }
const State = ({ state }: { state: string }) => <Pill tone={TONES[state] ?? 'quiet'}>{state}</Pill>

/** Jobs tell their progress in their own words: a share, a count of a total, or nothing. */
function shareOf({ progress }: JobReply): number | null {
  const { done, total, share } = (progress ?? {}) as { done?: unknown; total?: unknown; share?: unknown }
  if (typeof share === 'number') return share
  return typeof done === 'number' && typeof total === 'number' && total > 0 ? done / total : null
}
const Progress = ({ job }: { job: JobReply }) => {
  const share = shareOf(job)
  return share === null ? <None /> : <span>{percent(Math.min(1, share), 0)}</span>
}
/** What it is about: the moment that a planned one was due, or what somebody asked for. */
const About = ({ job: { key } }: { job: JobReply }) =>
  key && /^\d{4}-\d{2}-\d{2}T/.test(key) ? (
    <When at={key} />
  ) : key && /^\d{4}-\d{2}-\d{2}$/.test(key) ? (
    <Day on={key} />
  ) : (
    <span>{key}</span>
  )
const asText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value, null, 2)

const jobColumns: Column<JobReply>[] = [
  { id: 'name', title: t('job'), value: ({ name }) => titleOf(name), width: 'minmax(180px, 2fr)' },
  {
    id: 'key',
    title: t('about'),
    value: ({ key }) => key,
    show: (job) => <About job={job} />,
    width: 'minmax(150px, 1fr)',
    narrow: false,
  },
  {
    id: 'state',
    title: t('state'),
    value: ({ state }) => state,
    show: ({ state }) => <State state={state} />,
    width: 130,
  },
  {
    id: 'progress',
    title: t('progress'),
    value: shareOf,
    show: (job) => <Progress job={job} />,
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'attempts',
    title: t('attempts'),
    value: ({ attempts }) => attempts,
    show: ({ attempts }) => <Value value={attempts} />,
    width: 90,
    align: 'end',
    narrow: false,
  },
  {
    id: 'created',
    title: t('created'),
    value: ({ createdAt }) => createdAt,
    show: ({ createdAt }) => <When at={createdAt} />,
    width: 170,
  },
  {
    id: 'ended',
    title: t('ended'),
    value: ({ endedAt }) => endedAt,
    show: ({ endedAt }) => <When at={endedAt} />,
    width: 170,
    narrow: false,
  },
]

function JobDetails({ job, onCancel }: { job: JobReply; onCancel: (() => void) | undefined }) {
  const text = (value: unknown) => {
    const found = asText(value)
    return found === null ? <None /> : <pre className="ui-mono ui-wrap">{found}</pre>
  }
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('state'), <State key="state" state={job.state} />],
          [t('about'), <About key="about" job={job} />],
          [t('name'), <code key="name">{job.name}</code>],
          [t('progress'), text(job.progress)],
          [t('attempts'), <Value key="attempts" value={job.attempts} />],
          [t('created'), <When key="created" at={job.createdAt} />],
          [t('ended'), <When key="ended" at={job.endedAt} />],
          [t('error'), job.error ?? <None key="error" />],
          [t('result'), text(job.result)],
        ]}
      />
      {job.cancelAsked && job.endedAt === null ? <p>{t('cancelAsked')}</p> : null}
      {onCancel && job.endedAt === null && !job.cancelAsked ? (
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
      ) : null}
    </Stack>
  )
}

function Jobs({ rows, error, onAgain }: { rows: JobReply[] | undefined; error: Failure | null; onAgain: () => void }) {
  const may = useMay()
  const [stopping, setStopping] = useState<JobReply | null>(null)
  const cancel = useTell(endpoints.cancel, { stale: [endpoints.jobs] })
  const stop = async (): Promise<void> => {
    if (!stopping) return
    await cancel.mutateAsync({ params: { jobId: stopping.jobId } }).then(() => done(t('cancelled')), failed)
  }
  return (
    <>
      <DataTable
        name="jobs"
        title={t('jobs')}
        columns={jobColumns}
        rows={rows}
        rowId={({ jobId }) => jobId}
        error={error}
        onAgain={onAgain}
        inspect={(job) => (
          <JobDetails job={job} onCancel={may('platform.jobs:cancel') ? () => setStopping(job) : undefined} />
        )}
        inspectTitle={({ name }) => titleOf(name)}
        sortedBy="-created"
        height={460}
        empty={{ title: t('emptyJobs'), sentence: t('emptyJobsSentence') }}
      />
      <ConfirmTyped
        opened={stopping !== null}
        onClose={() => setStopping(null)}
        title={t('cancelTitle', { name: titleOf(stopping?.name ?? '') })}
        action={t('cancel')}
        onConfirm={stop}
      >
        {t('cancelSentence')}
      </ConfirmTyped>
    </>
  )
}

const idOf = (message: SetAsideMessage): string =>
  `${message.customerId}-${message.version}-${message.sequence}-${message.subscription}`

function SetAside() {
  const may = useMay()
  const messages = useAsk(endpoints.setAside, {}, { refetchInterval: 30_000 })
  const again = useTell(endpoints.giveAgain, { stale: [endpoints.setAside] })
  const give = ({ customerId, version, sequence, subscription }: SetAsideMessage) =>
    again
      .mutateAsync({ body: { customerId, version, sequence, subscription } })
      .then(() => done(t('givenAgain')), failed)
  const columns: Column<SetAsideMessage>[] = [
    { id: 'type', title: t('message'), value: ({ type }) => type, width: 'minmax(140px, 1fr)' },
    {
      id: 'subscription',
      title: t('subscription'),
      value: ({ subscription }) => subscription,
      width: 'minmax(160px, 1fr)',
      narrow: false,
    },
    {
      id: 'customer',
      title: t('customer'),
      value: ({ customerId }) => customerId || null,
      width: 110,
      align: 'end',
      narrow: false,
    },
    { id: 'attempts', title: t('attempts'), value: ({ attempts }) => attempts, width: 90, align: 'end', narrow: false },
    {
      id: 'at',
      title: t('setAsideAt'),
      value: ({ setAsideAt }) => setAsideAt,
      show: ({ setAsideAt }) => <When at={setAsideAt} />,
      width: 170,
      narrow: false,
    },
    ...(may('platform.outbox:give_again')
      ? [
          {
            id: 'again',
            title: t('again'),
            value: () => null,
            show: (message: SetAsideMessage) => (
              <Button size="xs" variant="default" onClick={() => void give(message)}>
                {t('again')}
              </Button>
            ),
            width: 110,
          },
        ]
      : []),
  ]
  return (
    <>
      <Title order={2}>{t('setAside')}</Title>
      <DataTable
        name="set-aside"
        prefix="aside-"
        title={t('setAside')}
        columns={columns}
        rows={messages.data?.messages}
        rowId={idOf}
        error={messages.error}
        onAgain={() => void messages.refetch()}
        height={320}
        empty={{ title: t('emptyMessages'), sentence: t('emptyMessagesSentence') }}
      />
    </>
  )
}

/** What the system does by itself, and what it could not do. For whoever is on duty. */
export default function JobsPage() {
  const may = useMay()
  const mayJobs = may('platform.jobs:read')
  const jobs = useAsk(endpoints.jobs, {}, { refetchInterval: 5000, enabled: mayJobs })
  const rows = jobs.data?.jobs
  const count = (state: string) => rows?.filter((job) => job.state === state).length
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      figures={
        mayJobs ? (
          <>
            <Figure title={t('running')} value={<Value value={count('running')} />} />
            <Figure title={t('waiting')} value={<Value value={count('waiting')} />} />
            <Figure
              title={t('failed')}
              value={<Value value={count('failed')} />}
              foot={rows ? t('latest', { count: rows.length }) : null}
            />
          </>
        ) : null
      }
    >
      {mayJobs ? <Jobs rows={rows} error={jobs.error} onAgain={() => void jobs.refetch()} /> : null}
      {may('platform.outbox:read') ? <SetAside /> : null}
    </Page>
  )
}
