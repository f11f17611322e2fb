import { Button, Group } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { DraftDocumentsReply } from '#trust/playbook/contract'
import { call, useAsk, useTell } from '../../shell/api.ts'
import * as shell from '../../shell/endpoints.ts'
import { useMay } from '../../shell/session.tsx'
import { useNames } from '../../shell/who.tsx'
import { Diff } from '../../ui/diff.tsx'
import { useFew } from '../../ui/few.tsx'
import { ago } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/page.tsx'
import { Empty, Failed, RowsComing, Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { humanised } from '../../ui/typed-value.tsx'
import { Pill } from '../../ui/values.tsx'
import { Approval } from './approval.tsx'
import { Checks } from './checks.tsx'
import { ChooseDocument } from './choose.tsx'
import { Difference } from './difference.tsx'
import { ChangePill, Fields, isOpen, type Review, StatePill, stateOf } from './draft.tsx'
import { EffectOfDraft } from './effect.tsx'
import * as endpoints from './endpoints.ts'
import './playbook.css'
import { t } from './words.ts'

type Documents = Static<typeof DraftDocumentsReply>['documents']

const STEPS = ['step1', 'step2', 'step3', 'step4'] as const
const DONE = { stateDraft: 1, stateWithdrawn: 1, stateReview: 1, stateApproved: 3, stateRuns: 4 }

function Steps({ review }: { review: Review }) {
  const reached = review.changes.length === 0 && isOpen(review.draft) ? 0 : DONE[stateOf(review.draft)]
  return (
    <ol className="playbook-steps" aria-label={t('steps')}>
      {STEPS.map((step, at) => (
        <li key={step} data-done={at < reached || undefined} aria-current={at === reached ? 'step' : undefined}>
          {at < reached ? <Icon name="check" size={12} /> : null} {t(step)}
        </li>
      ))}
    </ol>
  )
}

/** The documents a draft writes or removes: by whom, when, and whether others have changed them too. */
function Changes({ draftId, documents, editable }: { draftId: string; documents: Documents; editable: boolean }) {
  const [choosing, setChoosing] = useState(false)
  const [few, rest] = useFew(documents)
  const drop = useTell(endpoints.drop, { stale: [endpoints.review, endpoints.draftDocuments, endpoints.drafts] })
  const write = useTell(endpoints.write, { stale: [endpoints.review, endpoints.draftDocuments, endpoints.drafts] })
  const takeOut = async ({ kind, id, title }: Documents[number]): Promise<void> => {
    try {
      const { draft } = await call(endpoints.draftDocument, { params: { draftId, kind, id } })
      await drop.mutateAsync({ params: { draftId, kind, id } })
      done(t('tookOut', { what: title }), () =>
        write.mutateAsync({
          params: { draftId },
          body: { changes: [{ kind, id, ...(draft?.text ? { text: draft.text } : {}), over: 'untouched' }] },
        }),
      )
    } catch (error) {
      failed(error)
    }
  }
  const choose = editable ? (
    <Button
      size={documents.length === 0 ? 'sm' : 'xs'}
      variant={documents.length === 0 ? 'filled' : 'default'}
      onClick={() => setChoosing(true)}
      leftSection={<Icon name="plus" />}
    >
      {t('change')}
    </Button>
  ) : null
  return (
    <Panel title={t('documentsChanged')} aside={documents.length === 0 ? null : choose}>
      {documents.length === 0 ? (
        <Empty icon="playbook" title={t('noDocuments')} sentence={t('noDocumentsSays')} action={choose} />
      ) : (
        <ul className="playbook-rows">
          {few.map((one) => {
            const { kind, id, title, change, changedBy, changedAt, standing } = one
            return (
              <li key={`${kind}/${id}`}>
                <span className="playbook-what">
                  <Link to={`/trust/playbook/drafts/${draftId}/${kind}/${id}`}>
                    <bdi>{title}</bdi>
                  </Link>{' '}
                  <span className="ui-quiet">
                    {humanised(kind)} ·{' '}
                    {t('changedBy', { who: changedBy.name ?? changedBy.id, ago: ago(new Date(changedAt)) })}
                  </span>
                </span>
                {change === 'removed' ? <ChangePill change="removed" /> : null}
                {standing === 'conflict' ? <Pill tone="bad">{t('conflict')}</Pill> : null}
                {standing === 'theirs' || standing === 'both_alike' ? <Pill tone="warn">{t('theirs')}</Pill> : null}
                {editable ? (
                  <Group gap={8}>
                    <Button
                      size="xs"
                      variant="default"
                      component={Link}
                      to={`/trust/playbook/drafts/${draftId}/${kind}/${id}`}
                      aria-label={t('editOf', { what: title })}
                    >
                      {t('edit')}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => void takeOut(one)}
                      aria-label={t('takeOutOf', { what: title })}
                    >
                      {t('takeOut')}
                    </Button>
                  </Group>
                ) : null}
              </li>
            )
          })}
          {rest ? <li>{rest}</li> : null}
        </ul>
      )}
      {choosing ? <ChooseDocument draftId={draftId} onClose={() => setChoosing(false)} /> : null}
    </Panel>
  )
}

/** One document that others changed differently meanwhile: theirs and mine. */
function BothSides({ draftId, kind, id }: { draftId: string; kind: string; id: string }) {
  const found = useAsk(endpoints.draftDocument, { params: { draftId, kind, id } })
  return (
    <Shown of={found}>
      {({ draft, running }) => <Diff before={running?.text ?? ''} after={draft?.text ?? ''} title={`${kind} ${id}`} />}
    </Shown>
  )
}

/** What to do when what runs has moved on under a draft: nothing of either side is lost. */
function CarryOver({ review, documents }: { review: Review; documents: Documents }) {
  const navigate = useNavigate()
  const { draft } = review
  const [busy, setBusy] = useState(false)
  const begin = useTell(endpoints.begin, { stale: [endpoints.drafts, shell.drafts] })
  const withdraw = useTell(endpoints.withdraw, { stale: [endpoints.drafts, shell.drafts, endpoints.review] })
  const carry = async (): Promise<void> => {
    setBusy(true)
    try {
      const changes = await Promise.all(
        documents.map(async ({ kind, id }) => {
          const found = await call(endpoints.draftDocument, { params: { draftId: draft.draftId, kind, id } })
          return { kind, id, ...(found.draft?.text ? { text: found.draft.text } : {}) }
        }),
      )
      const { draftId } = await begin.mutateAsync({
        body: { title: draft.title, reason: draft.reason, changes },
        idempotencyKey: `carry-${draft.draftId}-${review.ontoSequence}`,
      })
      await withdraw.mutateAsync({ params: { draftId: draft.draftId }, body: { reason: t('carriedReason') } })
      done(t('carried'))
      void navigate({ to: `/trust/playbook/drafts/${draftId}` })
    } catch (error) {
      failed(error)
    } finally {
      setBusy(false)
    }
  }
  const clashing = documents.filter(({ standing }) => standing === 'conflict')
  return (
    <Panel title={t('carryTitle')}>
      <p>{t('carrySays')}</p>
      {clashing.map(({ kind, id, title, theirs }) => (
        <section key={`${kind}/${id}`} className="playbook-text">
          <p>
            <strong>
              <bdi>{title}</bdi>
            </strong>
          </p>
          <Fields fields={theirs.slice(0, 6)} />
          <BothSides draftId={draft.draftId} kind={kind} id={id} />
        </section>
      ))}
      <Group mt={12}>
        <Button loading={busy} onClick={() => void carry()}>
          {t('carry')}
        </Button>
      </Group>
    </Panel>
  )
}

/** A draft from its first word to running: what it changes, what that does, who says yes. */
export default function DraftPage() {
  const may = useMay()
  const { draftId } = useParams({ strict: false }) as { draftId: string }
  const params = { draftId }
  const review = useAsk(endpoints.review, { params, query: {} }, { refetchInterval: 10_000 })
  const documents = useAsk(endpoints.draftDocuments, { params }, { refetchInterval: 10_000 })
  const draft = review.data?.draft
  const nameOf = useNames([draft?.madeBy])
  if (!review.data || !draft)
    return (
      <Page title={t('drafts')} sentence={t('beginSays')}>
        {review.error ? <Failed failure={review.error} onAgain={() => void review.refetch()} /> : <RowsComing />}
      </Page>
    )
  const found = documents.data?.documents ?? []
  const authors = [draft.madeBy, ...found.map(({ changedBy }) => changedBy.id)]
  const isSound =
    review.data.conflicts.length === 0 && review.data.findings.every(({ severity }) => severity !== 'error')
  const editable = isOpen(draft) && may('trust.playbook:draft')
  return (
    <Page
      title={draft.title}
      sentence={`${draft.reason} (${t('changedBy', { who: nameOf(draft.madeBy), ago: ago(new Date(draft.madeAt)) })})`}
      action={<StatePill draft={draft} />}
    >
      <Steps review={review.data} />
      <div className="playbook-two">
        <div>
          {review.data.conflicts.length > 0 && editable && documents.data ? (
            <CarryOver review={review.data} documents={found} />
          ) : null}
          <Shown of={documents}>
            {(data) => <Changes draftId={draftId} documents={data.documents} editable={editable} />}
          </Shown>
          {review.data.changes.length > 0 ? <Difference draftId={draftId} changes={review.data.changes} /> : null}
          {review.data.changes.length > 0 && isOpen(draft) ? (
            <EffectOfDraft draftId={draftId} revision={review.data.revision} sound={isSound} />
          ) : null}
        </div>
        <div>
          <Approval review={review.data} authors={authors} />
          {review.data.changes.length > 0 ? <Checks findings={review.data.findings} cases={review.data.cases} /> : null}
        </div>
      </div>
    </Page>
  )
}
