import { Button, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { HistoryReply, RevisionReply } from '#trust/playbook/contract'
import { useAsk } from '../../shell/api.ts'
import { useSession } from '../../shell/session.tsx'
import { useNames, Who } from '../../shell/who.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { instant } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, Value, When } from '../../ui/values.tsx'
import { BeginDraft } from './begin.tsx'
import { ChangesInWords } from './difference.tsx'
import { type Draft, isOpen, StatePill, stateOf, stateText } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import { UndoChange } from './undo.tsx'
import { t } from './words.ts'

type Activation = Static<typeof HistoryReply>['activations'][number]
type Listed = Static<typeof RevisionReply>['documents'][number]

const TABS = ['drafts', 'documents', 'history'] as const

function Drafts({ drafts, begin }: { drafts: ReturnType<typeof useDrafts>; begin: React.ReactNode }) {
  const rows = drafts.data?.drafts
  const nameOf = useNames((rows ?? []).map(({ madeBy }) => madeBy))
  const columns: Column<Draft>[] = [
    { id: 'title', title: t('name'), value: ({ title }) => title, width: '3fr' },
    { id: 'state', title: t('state'), value: stateText, show: (draft) => <StatePill draft={draft} />, width: 150 },
    { id: 'by', title: t('by'), value: ({ madeBy }) => nameOf(madeBy), width: 'minmax(140px, 1fr)', narrow: false },
    {
      id: 'documents',
      title: t('count'),
      value: ({ documents }) => documents,
      show: ({ documents }) => <Value value={documents} />,
      width: 100,
      align: 'end',
      narrow: false,
    },
    { id: 'reason', title: t('reason'), value: ({ reason }) => reason, width: '3fr', narrow: false },
    {
      id: 'began',
      title: t('began'),
      value: (d) => d.madeAt,
      show: (d) => <When at={d.madeAt} />,
      width: 170,
      narrow: false,
    },
  ]
  return (
    <DataTable
      name="drafts"
      title={t('drafts')}
      columns={columns}
      rows={rows}
      rowId={({ draftId }) => draftId}
      error={drafts.error}
      onAgain={() => void drafts.refetch()}
      open={({ draftId }) => `/trust/playbook/drafts/${draftId}`}
      sortedBy="-began"
      empty={{ title: t('emptyDrafts'), sentence: t('emptyDraftsSays'), action: begin }}
    />
  )
}

const documentColumns: Column<Listed>[] = [
  { id: 'title', title: t('titleOf'), value: ({ title }) => title, width: '3fr' },
  { id: 'kind', title: t('kind'), value: ({ kind }) => humanised(kind), width: 150 },
  { id: 'id', title: t('id'), value: ({ id }) => id, width: '2fr', narrow: false },
]

function Documents() {
  const revision = useAsk(endpoints.revision, { query: {} })
  return (
    <DataTable
      name="documents"
      prefix="d"
      title={t('documents')}
      columns={documentColumns}
      rows={revision.data?.documents}
      rowId={({ kind, id }) => `${kind}/${id}`}
      error={revision.error}
      onAgain={() => void revision.refetch()}
      open={({ kind, id }) => `/trust/playbook/documents/${kind}/${id}`}
      sortedBy="kind"
      empty={{ title: t('emptyDocuments'), sentence: t('emptyDocumentsSays') }}
    />
  )
}

/** One revision that ran: who, why, and what it changed of the one before. */
function Ran({ activation, before }: { activation: Activation; before: Activation | undefined }) {
  const { may } = useSession()
  const [undoing, setUndoing] = useState(false)
  const difference = useAsk(
    endpoints.diff,
    { query: { from: before?.revision ?? '', to: activation.revision } },
    { enabled: before !== undefined },
  )
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('reason'), activation.reason ? <bdi key="reason">{activation.reason}</bdi> : <None key="reason" />],
          [t('madeBy'), <Who key="made" id={activation.madeBy} />],
          [t('approvedBy'), <Who key="approved" id={activation.approvedBy} />],
          [t('activatedBy'), <Who key="activated" id={activation.activatedBy} />],
          [t('activated'), <When key="at" at={activation.activatedAt} />],
        ]}
      />
      {before ? (
        <>
          {may('trust.playbook:draft') ? (
            <Button variant="default" leftSection={<Icon name="undo" />} onClick={() => setUndoing(true)}>
              {t('undo')}
            </Button>
          ) : null}
          <Shown of={difference}>{({ changes }) => <ChangesInWords changes={changes} />}</Shown>
        </>
      ) : (
        <p className="ui-quiet">{t('undoFirst')}</p>
      )}
      {undoing ? <UndoChange sequence={activation.sequence} onClose={() => setUndoing(false)} /> : null}
    </Stack>
  )
}

const titleOf = ({ title, undoes }: Activation): string =>
  title === null ? t('first') : undoes === null ? title : `${title} (${t('undoOf', { sequence: undoes })})`

function History() {
  const history = useAsk(endpoints.history, { query: { limit: 500 } })
  const rows = history.data?.activations
  const nameOf = useNames(
    (rows ?? []).flatMap(({ madeBy, approvedBy, activatedBy }) => [madeBy, approvedBy, activatedBy]),
  )
  const columns: Column<Activation>[] = [
    { id: 'sequence', title: t('sequence'), value: ({ sequence }) => sequence, width: 90 },
    { id: 'what', title: t('what'), value: titleOf, width: '3fr' },
    {
      id: 'documents',
      title: t('count'),
      value: ({ changes }) => changes.length,
      width: 110,
      align: 'end',
      narrow: false,
    },
    { id: 'made', title: t('madeBy'), value: ({ madeBy }) => nameOf(madeBy), narrow: false },
    { id: 'approved', title: t('approvedBy'), value: ({ approvedBy }) => nameOf(approvedBy), narrow: false },
    {
      id: 'at',
      title: t('activated'),
      value: (a) => a.activatedAt,
      show: (a) => <When at={a.activatedAt} />,
      width: 154,
    },
  ]
  return (
    <DataTable
      name="history"
      prefix="h"
      title={t('history')}
      columns={columns}
      rows={rows}
      rowId={({ sequence }) => String(sequence)}
      error={history.error}
      onAgain={() => void history.refetch()}
      inspect={(activation) => (
        <Ran
          key={activation.sequence}
          activation={activation}
          before={rows?.find(({ sequence }) => sequence === activation.sequence - 1)}
        />
      )}
      inspectTitle={(activation) => `${activation.sequence}: ${titleOf(activation)}`}
      sortedBy="-sequence"
      empty={{ title: t('emptyHistory'), sentence: t('emptyHistorySays') }}
    />
  )
}

const useDrafts = () => useAsk(endpoints.drafts, { query: { limit: 500 } }, { refetchInterval: 15_000 })

/** What runs, what is being changed, what ran. For strategists, and for whoever approves. */
export default function PlaybookPage() {
  const { me, may } = useSession()
  const [tab, setTab] = useUrlState('tab', 'drafts', { opens: true })
  const [beginning, setBeginning] = useState(false)
  const drafts = useDrafts()
  const history = useAsk(endpoints.history, { query: { limit: 1 } })
  const now = history.data?.activations[0]
  const open = drafts.data?.drafts.filter(isOpen)
  const count = (state: string) => open?.filter((draft) => stateOf(draft) === state).length ?? '–'
  const begin = may('trust.playbook:draft') ? (
    <Button leftSection={<Icon name="plus" />} onClick={() => setBeginning(true)}>
      {t('begin')}
    </Button>
  ) : null
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={begin}
      figures={
        <>
          <Figure
            title={t('runs')}
            value={now ? t('revision', { sequence: now.sequence }) : history.data ? t('none') : '–'}
            to="/trust/playbook?tab=history"
            foot={now ? t('since', { at: instant(new Date(now.activatedAt)) }) : null}
          />
          <Figure
            title={t('open')}
            value={open?.length ?? '–'}
            to="/trust/playbook"
            foot={open ? t('mine', { count: open.filter(({ madeBy }) => madeBy === me.id).length }) : null}
          />
          <Figure title={t('forReview')} value={count('stateReview')} to={`/trust/playbook?q=${t('stateReview')}`} />
          <Figure title={t('approved')} value={count('stateApproved')} to={`/trust/playbook?q=${t('stateApproved')}`} />
        </>
      }
    >
      <SegmentedControl
        aria-label={t('view')}
        value={tab}
        onChange={setTab}
        data={TABS.map((each) => ({ value: each, label: t(each) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {tab === 'documents' ? <Documents /> : tab === 'history' ? <History /> : <Drafts drafts={drafts} begin={begin} />}
      {beginning ? <BeginDraft onClose={() => setBeginning(false)} /> : null}
    </Page>
  )
}
