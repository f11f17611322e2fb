import { Button, Group, Stack, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { queries, useAsk, useTell } from '../../shell/api.ts'
import * as shell from '../../shell/endpoints.ts'
import { useSession } from '../../shell/session.tsx'
import { useNames } from '../../shell/who.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { ago } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { Pill, type Tone } from '../../ui/values.tsx'
import { isOpen, type Review } from './draft.tsx'
import * as endpoints from './endpoints.ts'
import './playbook.css'
import { UndoChange } from './undo.tsx'
import { t } from './words.ts'

const TONES: Record<string, Tone> = { prepared: 'good', failed: 'bad' }

/** Whether each server that lives is ready to run what was approved. */
function Servers({ approvalId, sequence }: { approvalId: string; sequence: number | null }) {
  const servers = useAsk(
    endpoints.servers,
    { params: { approvalId } },
    { refetchInterval: sequence === null ? 1000 : 2000, staleTime: 0 },
  )
  const found = servers.data?.servers ?? []
  if (servers.data && found.length === 0) return <p className="ui-quiet">{t('noServers')}</p>
  return (
    <ul className="playbook-rows" aria-label={t('servers')}>
      {found.map(({ serverId, name, state, reason, sequence: running }) => (
        <li key={serverId}>
          <span className="playbook-what">
            <bdi>{name}</bdi> <span className="ui-quiet">{reason || t('serverRuns', { sequence: running })}</span>
          </span>
          <Pill tone={TONES[state] ?? 'quiet'} icon={state === 'waiting' ? 'wait' : undefined}>
            {state === 'prepared' ? t('serverPrepared') : state === 'failed' ? t('serverFailed') : t('serverWaiting')}
          </Pill>
        </li>
      ))}
    </ul>
  )
}

/** Why this person may not approve now; null when they may. */
function hindrance(review: Review, me: string, authors: readonly string[], mayApprove: boolean): string | null {
  if (!mayApprove) return t('cannotRole')
  if (authors.includes(me)) return t('cannotOwn')
  if (review.conflicts.length > 0) return t('cannotConflicts')
  if (review.changes.length === 0) return t('cannotEmpty')
  const isSound =
    review.findings.every(({ severity }) => severity !== 'error') &&
    review.cases.every(({ results }) => results.every(({ passed }) => passed))
  return isSound ? null : t('cannotErrors')
}

/** From asking for a review to running: the next step for whoever looks, and who did the earlier ones. */
export function Approval({ review, authors }: { review: Review; authors: readonly string[] }) {
  const { me, may } = useSession()
  const { draft } = review
  const params = { draftId: draft.draftId }
  const [note, setNote] = useState('')
  const [asking, setAsking] = useState<'withdraw' | 'undo' | 'activate' | null>(null)
  const stale = [endpoints.review, endpoints.drafts, shell.drafts]
  const requestReview = useTell(endpoints.requestReview, { stale })
  const approve = useTell(endpoints.approve, { stale })
  const withdraw = useTell(endpoints.withdraw, { stale })
  const activate = useTell(endpoints.activate, { stale: [...stale, endpoints.history, endpoints.revision] })
  const nameOf = useNames([
    draft.requestedBy,
    draft.withdrawnBy,
    ...review.approvals.map(({ approvedBy }) => approvedBy),
  ])
  const given = review.approvals.find(
    ({ revision, ontoSequence }) => revision === review.revision && ontoSequence === review.ontoSequence,
  )
  const why = hindrance(review, me.id, authors, may('trust.playbook:approve'))
  const open = isOpen(draft)
  const goLive = async (): Promise<void> => {
    try {
      const { sequence } = await activate.mutateAsync({ params: { approvalId: given!.approvalId } })
      done(t('activatedToast', { sequence }))
      void queries.invalidateQueries({ queryKey: [endpoints.running.url] })
    } catch (error) {
      failed(error)
    }
  }
  const running = review.approvals.at(-1)
  return (
    <Panel title={t('reviewTitle')}>
      <Stack gap={12} className="playbook-panel">
        {draft.withdrawnAt ? (
          <p>{t('withdrawnBy', { who: nameOf(draft.withdrawnBy), ago: ago(new Date(draft.withdrawnAt)) })}</p>
        ) : null}
        {draft.requestedAt ? (
          <p>{t('requestedBy', { who: nameOf(draft.requestedBy), ago: ago(new Date(draft.requestedAt)) })}</p>
        ) : null}
        {review.approvals.map((approval) => (
          <p key={approval.approvalId}>
            <Icon
              name={approval === given || draft.sequence !== null ? 'good' : 'wait'}
              className={approval === given || draft.sequence !== null ? 'ui-good' : 'ui-quiet'}
            />{' '}
            {t(approval === given || draft.sequence !== null ? 'approvals' : 'approvalOld', {
              who: nameOf(approval.approvedBy),
              ago: ago(new Date(approval.approvedAt)),
            })}{' '}
            {approval.note ? <bdi>“{approval.note}”</bdi> : null}
          </p>
        ))}
        {draft.sequence !== null ? (
          <>
            <p>
              <Icon name="good" className="ui-good" /> {t('runsSince', { sequence: draft.sequence })}{' '}
              <Link to={`/trust/playbook?tab=history&hrow=${draft.sequence}`}>{t('whatItChanged')}</Link>
            </p>
            {running ? <Servers approvalId={running.approvalId} sequence={draft.sequence} /> : null}
            {may('trust.playbook:draft') ? (
              <Group>
                <Button variant="default" leftSection={<Icon name="undo" />} onClick={() => setAsking('undo')}>
                  {t('undo')}
                </Button>
              </Group>
            ) : null}
          </>
        ) : null}
        {open && given ? (
          <>
            <Servers approvalId={given.approvalId} sequence={null} />
            {may('trust.playbook:activate') ? (
              <Group>
                <Button loading={activate.isPending} onClick={() => setAsking('activate')}>
                  {t('activate')}
                </Button>
                {activate.isPending ? <span role="status">{t('activateWait')}</span> : null}
              </Group>
            ) : null}
          </>
        ) : null}
        {open && !given ? (
          <>
            {draft.requestedAt === null && may('trust.playbook:draft') && review.changes.length > 0 ? (
              <Group>
                <Button
                  variant={why === null ? 'default' : 'filled'}
                  loading={requestReview.isPending}
                  onClick={() =>
                    void requestReview.mutateAsync({ params, body: {} }).then(() => done(t('requested')), failed)
                  }
                >
                  {t('requestReview')}
                </Button>
              </Group>
            ) : null}
            {why === null ? (
              <>
                <p>{t('approveSays', { count: review.changes.length, sequence: review.ontoSequence })}</p>
                <Textarea
                  label={t('approveNote')}
                  value={note}
                  maxLength={2000}
                  autosize
                  onChange={(event) => setNote(event.currentTarget.value)}
                />
                <Group>
                  <Button
                    loading={approve.isPending}
                    onClick={() =>
                      void approve
                        .mutateAsync({ params, body: { revision: review.revision, ...(note ? { note } : {}) } })
                        .then(() => done(t('approvedToast')), failed)
                    }
                  >
                    {t('approve')}
                  </Button>
                </Group>
              </>
            ) : (
              <p className="ui-quiet">{why}</p>
            )}
          </>
        ) : null}
        {open && may('trust.playbook:draft') ? (
          <Group>
            <Button size="xs" variant="default" onClick={() => setAsking('withdraw')}>
              {t('withdraw')}
            </Button>
          </Group>
        ) : null}
      </Stack>
      <ConfirmTyped
        opened={asking === 'withdraw'}
        onClose={() => setAsking(null)}
        title={t('withdraw')}
        action={t('withdraw')}
        withReason
        onConfirm={(reason) =>
          withdraw.mutateAsync({ params, body: { reason } }).then(() => done(t('withdrawn')), failed)
        }
      >
        {t('withdrawSays')}
      </ConfirmTyped>
      <ConfirmTyped
        opened={asking === 'activate'}
        onClose={() => setAsking(null)}
        title={t('activate')}
        action={t('activate')}
        makes
        onConfirm={goLive}
      >
        {t('activateSays')}
      </ConfirmTyped>
      {asking === 'undo' && draft.sequence !== null ? (
        <UndoChange sequence={draft.sequence} onClose={() => setAsking(null)} />
      ) : null}
    </Panel>
  )
}
