import { useState } from 'react'
import type { DeskReply } from '#engage/inbound/contract'
import { isRefusal, type Refusal, useTell } from '../../shell/api.ts'
import { now } from '../../ui/format.ts'
import * as endpoints from './endpoints.ts'
import type { Actor, Answer, Held, Told } from './talk.ts'
import { t } from './words-say.ts'

export type Place = DeskReply['placements'][number]

/** What an answer makes old: what was said, what is next, and the facts that follow. */
const STALE = [endpoints.agreements, endpoints.calls, endpoints.timeline, endpoints.preview, endpoints.facts]

const NOTHING: Record<string, string> = {
  stopped: t('nothing_stopped'),
  no_contact: t('nothing_no_contact'),
  control: t('nothing_control'),
  not_rendered: t('nothing_not_rendered'),
}

/** A talk with one customer: one thing after the other is claimed, said and answered, as on any other channel. */
export function useTalk({
  customerId,
  place,
  actor,
  reason,
}: {
  customerId: number
  place: Place | undefined
  actor: Actor | null
  reason: string | undefined
}) {
  const [held, setHeld] = useState<Held | null>(null)
  const [told, setTold] = useState<Told[]>([])
  /** Why something could not be said or recorded. */
  const [trouble, setTrouble] = useState<string | null>(null)
  const ask = useTell(endpoints.ask, { stale: STALE })
  const respond = useTell(endpoints.respond, { stale: STALE })
  const tell = (error: unknown): void => {
    if (!isRefusal(error)) throw error
    setTrouble(said(error))
  }

  async function say({ action, title }: { action: string; title: string }): Promise<void> {
    if (!place) return
    setTrouble(null)
    const acting = actor ? { asker: actor.role, actingCustomerId: actor.customerId } : {}
    try {
      const { actions, nothingBecause } = await ask.mutateAsync({
        body: {
          customerId,
          placement: place.id,
          action,
          ...(place.outbound ? { reason: 'outbound_call' } : {}),
          ...acting,
        },
        reason,
      })
      const [shown] = actions
      if (shown) setHeld({ shown, title, at: now() })
      else if (nothingBecause === 'no_longer') setTrouble(t('nothing_no_longer', { title }))
      else setTrouble(NOTHING[nothingBecause ?? ''] ?? t('nothing_else', { title }))
    } catch (error) {
      tell(error)
    }
  }

  async function answer(one: Held, kind: Answer): Promise<void> {
    setTrouble(null)
    const { contactId } = one.shown
    const channel = place?.channel
    try {
      const { awaiting } = await respond.mutateAsync({
        body: { contactId, kind, ...(channel ? { channel } : {}) },
        reason,
      })
      const answered: Told = { held: one, answer: kind, awaiting: awaiting !== null }
      setTold((before) => [answered, ...before.filter(({ held }) => held.shown.contactId !== contactId)])
      setHeld(null)
    } catch (error) {
      tell(error)
    }
  }

  return {
    held,
    told,
    trouble,
    busy: ask.isPending || respond.isPending,
    say,
    answer,
    /** Opens what was answered once more: a person may refuse and then think better of it. */
    again: (one: Told): void => setHeld(one.held),
    leave: (): void => setHeld(null),
  }
}

const said = ({ message, next }: Refusal): string => `${message} ${next}`.trim()
