import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { OpenCall } from '#engage/inbound/contract'
import { isRefusal, useAsk, useTell } from '../../shell/api.ts'
import { instant, now, zone } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { When } from '../../ui/values.tsx'
import { instantAt, wallTime } from '../../ui/wall-time.ts'
import * as endpoints from './endpoints.ts'
import './saying.css'
import { t } from './words-say.ts'

const STALE = [endpoints.calls, endpoints.agreements, endpoints.timeline, endpoints.preview, endpoints.facts]
const ANSWERS = ['accept', 'not_now', 'refuse', 'never'] as const
const AHEAD_MS = 3_600_000

/**
 * Calls to the customer that were begun and are not answered: whoever opens the page finds them, with the time at which
 * the customer wished to be called back, and tells what came of it.
 */
export function Calls({
  customerId,
  saying,
  reason,
  onNoted,
}: {
  customerId: number
  /** The call whose words stand above: what was answered is told there, what came of it otherwise here. */
  saying: string | undefined
  reason: string | undefined
  onNoted: () => void
}) {
  const found = useAsk(endpoints.calls, { params: { customerId } }, { reason, keep: true })
  const calls = found.data?.calls ?? []
  if (calls.length === 0) return null
  return (
    <section className="know-agreements" aria-label={t('calls')}>
      <h3>{t('calls')}</h3>
      <ul>
        {calls.map((call) => (
          <One
            key={call.contactId}
            call={call}
            saying={call.contactId === saying}
            reason={reason}
            onNoted={() => {
              if (call.contactId === saying) onNoted()
            }}
            onGone={() => void found.refetch()}
          />
        ))}
      </ul>
    </section>
  )
}

function One({
  call: { contactId, title, begunAt, reached, callBackAt, channel },
  saying,
  reason,
  onNoted,
  onGone,
}: {
  call: OpenCall
  saying: boolean
  reason: string | undefined
  onNoted: () => void
  onGone: () => void
}) {
  const note = useTell(endpoints.noteCall, { stale: STALE })
  const respond = useTell(endpoints.respond, { stale: STALE })
  const [wall, setWall] = useState(() => wallTime(new Date(now().getTime() + AHEAD_MS), zone()))
  const busy = note.isPending || respond.isPending
  const at = instantAt(wall, zone())
  const tell = (under: Promise<unknown>, sentence: string): void =>
    void under.then(
      () => {
        done(sentence)
        onNoted()
      },
      (error: unknown) => {
        if (!isRefusal(error)) throw error
        failed(error)
        onGone()
      },
    )
  const noted = (outcome: 'not_reached' | 'call_back', callBack?: Date) =>
    note.mutateAsync({
      body: {
        contactId,
        outcome,
        // The same thing noted again, after a lost answer, is noted once.
        key: `${contactId}:${outcome}${callBack ? `:${callBack.getTime()}` : ''}`,
        ...(callBack ? { callBackAt: callBack.toISOString() } : {}),
      },
      reason,
    })
  const answered = (kind: (typeof ANSWERS)[number] | 'impression') =>
    respond.mutateAsync({ body: { contactId, kind, channel }, reason })
  return (
    <li>
      <strong>
        <Icon name="talk" size={14} /> <bdi>{title}</bdi>
      </strong>
      <span className="know-small ui-quiet">
        {t('callBegun')} <When at={begunAt} />
        {reached ? `, ${t('callReached')}` : ''}
        {callBackAt ? `, ${t('callBackOn', { at: instant(new Date(callBackAt)) })}` : ''}
      </span>
      <div className="know-sign" role="group" aria-label={t('callAnswer')}>
        {saying
          ? null
          : ANSWERS.map((kind) => (
              <Button
                key={kind}
                size="compact-xs"
                variant={kind === 'accept' ? 'filled' : 'default'}
                disabled={busy}
                onClick={() => tell(answered(kind), t('callAnswered', { title }))}
              >
                {t(kind)}
              </Button>
            ))}
        {reached ? null : (
          <Button
            size="compact-xs"
            variant="default"
            disabled={busy}
            onClick={() => tell(noted('not_reached'), t('notReachedDone'))}
          >
            {t('notReached')}
          </Button>
        )}
      </div>
      <div className="know-sign">
        <TextInput
          size="xs"
          type="datetime-local"
          label={t('callBack')}
          description={t('callBackHint', { zone: zone() })}
          value={wall}
          onChange={({ currentTarget }) => setWall(currentTarget.value)}
        />
        <Button
          size="compact-xs"
          variant="default"
          disabled={busy || at === null || at <= now()}
          onClick={() => at && tell(noted('call_back', at), t('callBackDone', { at: instant(at) }))}
        >
          {t('callBackSave')}
        </Button>
      </div>
    </li>
  )
}
