import type { ActionDocument } from '#decide/propositions/contract'
import { takeEvent } from '#know/events'
import { contactOf, failContact, recordResponse } from '#know/interactions'
import { conflict, invalid, notFound } from '#platform/errors'
import { callerOf, once } from '#platform/http'
import { type Runtime, transaction } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, documentOf, documentsOf, type Revision } from '#trust/playbook'
import type { PlacementDocument } from '../contract.ts'
import type { CallNoted, CallNotedReply, OpenCall } from './contract.ts'
import * as store from './store.ts'

const SOURCE = 'staff'
const DAY_MS = 86_400_000
/** Further ahead nobody remembers what it was about. */
const CALL_BACK_DAYS_MAX = 60

const staffed = (revision: Revision): string[] =>
  documentsOf<PlacementDocument>(revision, 'placement').flatMap((one) => (one.staffed ? [one.id] : []))

/** Calls to a customer that were begun and have no answer yet, by whomever; the look is on record. */
export async function viewOpenCalls(
  rt: Runtime,
  { customerId, actor }: { customerId: number; actor: Actor },
): Promise<OpenCall[]> {
  await record(rt, { actor, action: 'engage.inbound:calls_viewed', customerIds: [customerId] })
  const revision = await activeRevision(rt)
  return (await store.openCalls(rt.db, customerId, staffed(revision))).map(({ state, begunAt, ...call }) => ({
    ...call,
    title: documentOf<ActionDocument>(revision, 'action', call.action)?.title ?? call.action,
    begunAt: begunAt.toISOString(),
    reached: state === 'shown',
  }))
}

/**
 * What came of a call in which nothing was answered: nobody was reached, or the customer asks to be called back. It is
 * noted once for each key, in the contact, as an event of the customer and in the audit. Errors: `contact_unknown` (not
 * found), `not_a_call`, `call_back_time` (invalid), `call_ended` (conflict).
 */
export async function noteCall(
  rt: Runtime,
  { actor, key, ...noted }: CallNoted & { actor: Actor },
): Promise<CallNotedReply> {
  const { contactId, outcome } = noted
  const contact = await contactOf(rt, contactId)
  if (!contact)
    throw notFound('contact_unknown', { contactId }, 'No contact has this id.', 'Begin the call first: ask for it.')
  const { customerId } = contact
  await mustSee(rt, actor, [customerId])
  const revision = await activeRevision(rt)
  if (contact.direction !== 'outbound' || !contact.placement || !staffed(revision).includes(contact.placement))
    throw invalid(
      'not_a_call',
      { contactId, channel: contact.channel },
      'This contact is no call that a member of staff makes.',
      'Tell what the customer answered as a response.',
    )
  mayCallBack(rt, noted)
  const { answer } = await once(rt, { actorId: callerOf(actor), route: 'desk/calls', key, content: noted }, (rt) =>
    transaction(rt, async (rt) => {
      const state =
        outcome === 'not_reached' ? await unreached(rt, customerId, contactId) : await reached(rt, contactId, actor)
      await record(rt, {
        actor,
        action: 'engage.inbound:called',
        customerIds: [customerId],
        subject: contactId,
        facts: { outcome, channel: contact.channel },
      })
      await takeEvent(rt, {
        source: SOURCE,
        id: `${customerId}:${key}`,
        customerId,
        type: outcome === 'not_reached' ? 'call.not_reached' : 'call.back_asked',
        occurredAt: rt.clock.now().toISOString(),
        payload: {
          contact_id: contactId,
          action: contact.action,
          channel: contact.channel,
          ...(noted.callBackAt ? { at: noted.callBackAt } : {}),
        },
      })
      return state
    }),
  )
  return { contactId, state: answer as string }
}

/** Nobody answered: the contact has failed, and counts as one that was made, since the telephone rang. */
async function unreached(rt: Runtime, customerId: number, contactId: string): Promise<string> {
  if (await failContact(rt, { customerId, contactId, reason: 'not_reached' })) return 'failed'
  throw conflict(
    'call_ended',
    { contactId },
    'What came of this call is recorded already.',
    'Read the page again; begin another call if there is need.',
  )
}

const reached = async (rt: Runtime, contactId: string, actor: Actor): Promise<string> =>
  (await recordResponse(rt, { contactId, kind: 'impression', idempotencyKey: `${contactId}:impression`, actor })).state

function mayCallBack(rt: Runtime, { outcome, callBackAt }: Pick<CallNoted, 'outcome' | 'callBackAt'>): void {
  const ahead = callBackAt === undefined ? undefined : Date.parse(callBackAt) - rt.clock.now().getTime()
  const fits =
    outcome === 'not_reached'
      ? ahead === undefined
      : ahead !== undefined && ahead > 0 && ahead <= CALL_BACK_DAYS_MAX * DAY_MS
  if (!fits)
    throw invalid(
      'call_back_time',
      { at: 'body/callBackAt', found: callBackAt ?? null },
      outcome === 'not_reached'
        ? 'Who was not reached has named no time.'
        : `The customer names a time ahead, within ${CALL_BACK_DAYS_MAX} days.`,
      outcome === 'not_reached' ? 'Leave the time out.' : 'Ask when.',
    )
}
