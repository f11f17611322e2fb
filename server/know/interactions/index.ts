import { createHash } from 'node:crypto'
import { loadPeople, standsUnder, todayOf, unitsOf } from '#know/customers'
import { conflict, invalid, mismatch, notFound } from '#platform/errors'
import { publish, takeVersion } from '#platform/outbox'
import { bucketOf, type Runtime, transaction } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, bankOf } from '#trust/playbook'
import { isAnswered, type ResponseKind, stateAfter } from './response-state.ts'
import * as store from './store.ts'

export { invariants } from './check.ts'
export { subscriptions } from './events.ts'
export { jobs } from './jobs.ts'
export { readings } from './metrics.ts'
export { type ContactState, isAnswered, RESPONSE_KINDS, type ResponseKind, stateAfter } from './response-state.ts'
export { routes } from './routes.ts'
export type { ContactRow, PastContact, TrialBalanceLine } from './store.ts'

/** What a claim says of a contact; the version is taken by `claimContacts`' caller under the customer's lock. */
export type Claim = Omit<store.ContactRow, 'settledAt' | 'source' | 'reason'>

/**
 * The past contacts of each customer since an instant, newest first; customers without any have an empty list.
 * Call it inside the transaction that holds the customers' versions when the answer decides a claim.
 */
export async function historyOf(
  rt: Runtime,
  customerIds: number[],
  since: Date,
): Promise<Map<number, store.PastContact[]>> {
  const found = new Map<number, store.PastContact[]>(customerIds.map((id) => [id, []]))
  for (const row of await store.contactsSince(rt.db, customerIds, since)) found.get(row.customerId)?.push(row)
  return found
}

/**
 * Inserts contacts whose customers' versions the surrounding transaction has taken and for whom it has re-read
 * standings, authority, consents, suppressions, caps and stops since. One that was claimed before, under the same
 * communication, step and channel, fails the transaction: nothing is claimed twice.
 */
export async function claimContacts(rt: Runtime, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return
  const rows = claims.map((claim) => ({ ...claim, source: 'clientele', reason: null, settledAt: null }))
  await store.insertContacts(rt.db, rows)
}

export interface ResponseGiven {
  contactId: string
  kind: ResponseKind
  /** Where the customer answered; by default where the contact was made. */
  channel?: string
  /** A code of the bank's for why not, when the customer said. */
  reason?: string
  /** When it happened, by the channel's clock; not later than now and not before the claim, else it is now. */
  occurredAt?: Date
  /** Given by the channel, unique per customer; the same key with another body is a mismatch. */
  idempotencyKey: string
  actor: Actor
}

export interface ResponseRecorded {
  customerId: number
  contactId: string
  state: store.ContactRow['state']
  /** True when the same answer was already known and nothing changed. */
  repeated: boolean
}

/** The message that every recorded response publishes, once. */
export interface ResponseMessage {
  contactId: string
  decisionId: string | null
  kind: ResponseKind
  issue: string | null
  group: string | null
  action: string | null
  treatment: string | null
  class: string
  channel: string
  placement: string | null
  claimedAt: string
  occurredAt: string
  /** Whether this customer had answered (accepted, refused, not now, never) this contact before. */
  answeredBefore: boolean
}

/**
 * Records what the customer did with a contact, and tells the house, in one transaction.
 * Errors: `contact_unknown` (not found), `response_mismatch` (same key, other body), `response_to_external` (invalid).
 */
export function recordResponse(rt: Runtime, given: ResponseGiven): Promise<ResponseRecorded> {
  return transaction(rt, async (rt) => {
    const found = await store.contactById(rt.db, given.contactId)
    if (!found)
      throw notFound(
        'contact_unknown',
        { contactId: given.contactId },
        'No contact has this id.',
        'Answer with the contactId that came with the offer.',
      )
    const { customerId } = found
    await mustSee(rt, given.actor, [customerId])
    const version = await takeVersion(rt, customerId)
    const contact = (await store.contactById(rt.db, given.contactId))!
    const channel = given.channel ?? contact.channel
    const digest = createHash('sha256')
      .update(JSON.stringify([given.contactId, given.kind, channel, given.reason ?? null]))
      .digest('hex')
    const earlier = await store.responseByKey(rt.db, customerId, given.idempotencyKey)
    if (earlier) {
      if (earlier.digest !== digest)
        throw mismatch(
          'response_mismatch',
          { contactId: given.contactId, idempotencyKey: given.idempotencyKey },
          'This idempotency key was used for another response.',
          'Send the same body again, or a new key.',
        )
      return { customerId, contactId: contact.contactId, state: contact.state, repeated: true }
    }
    if (contact.source !== 'clientele')
      throw invalid(
        'response_to_external',
        { contactId: given.contactId, source: contact.source },
        'This contact was made by another system, which keeps its answers.',
        'Send the answer as an event of that system.',
      )
    const now = rt.clock.now()
    // A channel's clock may be wrong; an answer is neither in the future nor older than what it answers.
    const occurredAt =
      given.occurredAt && given.occurredAt <= now && given.occurredAt >= contact.claimedAt ? given.occurredAt : now
    const inserted = await store.insertResponse(rt.db, {
      customerId,
      responseId: rt.ids.next(bucketOf(customerId)),
      contactId: contact.contactId,
      kind: given.kind,
      channel,
      idempotencyKey: given.idempotencyKey,
      digest,
      reason: given.reason ?? null,
      version,
      occurredAt,
      recordedAt: now,
    })
    if (inserted.length === 0) return { customerId, contactId: contact.contactId, state: contact.state, repeated: true }
    const state = stateAfter(contact.state, given.kind)
    if (state !== contact.state) await store.setState(rt.db, contact, state, isAnswered(state) ? now : null)
    const payload: ResponseMessage = {
      contactId: contact.contactId,
      decisionId: contact.decisionId,
      kind: given.kind,
      issue: contact.issue,
      group: contact.group,
      action: contact.action,
      treatment: contact.treatment,
      class: contact.class,
      channel: contact.channel,
      placement: contact.placement,
      claimedAt: contact.claimedAt.toISOString(),
      occurredAt: occurredAt.toISOString(),
      answeredBefore: isAnswered(contact.state),
    }
    await publish(rt, { type: 'know.response_recorded', customerId, version, payload })
    return { customerId, contactId: contact.contactId, state, repeated: false }
  })
}

export interface ExternalContact {
  customerId: number
  /** The system that made it: collections, cards, an insurer. */
  source: string
  /** Its id there; given again it has no effect. */
  sourceContactId: string
  direction: 'inbound' | 'outbound'
  channel: string
  class: store.ContactRow['class']
  /** What it was about, a code of that system. */
  topic: string
  occurredAt: Date
}

/**
 * Takes another system's contact into the one history. Answers its id, and whether it was there before. Errors:
 * `customer_unknown` (not found), `contact_other_body` (same key, another customer, channel, topic, class or time).
 */
export function recordExternalContact(
  rt: Runtime,
  given: ExternalContact,
): Promise<{ contactId: string; repeated: boolean }> {
  if (given.source === 'clientele')
    throw invalid(
      'contact_source',
      { source: given.source },
      'This source is our own.',
      'Name the system that made the contact.',
    )
  return transaction(rt, async (rt) => {
    const version = await takeVersion(rt, given.customerId)
    if (!(await unitsOf(rt, [given.customerId])).has(given.customerId))
      throw notFound(
        'customer_unknown',
        { customerId: given.customerId },
        'There is no such customer.',
        'Give the number of a customer, or send an event that names them as their system does.',
      )
    const key = {
      customerId: given.customerId,
      communication: `${given.source}:${given.sourceContactId}`,
      step: 0,
      channel: given.channel,
    }
    const contactId = rt.ids.next(bucketOf(given.customerId))
    const earlier = await store.keepExternalKey(rt.db, { ...given, contactId })
    if (earlier) {
      const before = await store.contactById(rt.db, earlier.contactId)
      if (earlier.customerId !== given.customerId || (before && !isSameContact(before, given)))
        throw mismatch(
          'contact_other_body',
          { source: given.source, sourceContactId: given.sourceContactId },
          'This contact was given before as another one.',
          'Send the same body again, or a new sourceContactId.',
        )
      return { contactId: earlier.contactId, repeated: true }
    }
    const inserted = await store.insertNewContact(rt.db, {
      ...key,
      contactId,
      decisionId: null,
      direction: given.direction,
      placement: null,
      issue: null,
      group: null,
      action: given.topic,
      treatment: null,
      class: given.class,
      state: 'delivered',
      reason: null,
      source: given.source,
      claimedVersion: version,
      claimedAt: given.occurredAt,
      expiresAt: null,
      settledAt: given.occurredAt,
    })
    if (inserted.length > 0) return { contactId, repeated: false }
    throw conflict(
      'contact_clash',
      { communication: key.communication },
      'The contact clashes with another.',
      'Send it again.',
    )
  })
}

const isSameContact = (before: store.ContactRow, given: ExternalContact): boolean =>
  before.direction === given.direction &&
  before.channel === given.channel &&
  before.class === given.class &&
  before.action === given.topic &&
  before.claimedAt.getTime() === given.occurredAt.getTime()

/** One contact by its id, or undefined. */
export const contactOf = (rt: Runtime, contactId: string) => store.contactById(rt.db, contactId)

/** One customer's contacts and answers, newest first; the view is audited in the same transaction. */
export function viewTimeline(
  rt: Runtime,
  asked: { customerId: number; before?: Date; contactsMax: number; actor: Actor; reason?: string },
) {
  return transaction(rt, async (rt) => {
    await record(rt, {
      actor: asked.actor,
      action: 'know.interactions:viewed',
      customerIds: [asked.customerId],
      ...(asked.reason ? { reason: asked.reason } : {}),
    })
    return store.timeline(rt.db, asked.customerId, asked.before ?? new Date('9999-12-31T00:00:00Z'), asked.contactsMax)
  })
}

/** Ends the offers that nobody saw, and the claims that nobody carried out, before their time was up; run every minute. Answers how many. */
export const expireContacts = (rt: Runtime): Promise<number> => store.expireContacts(rt.db, rt.clock.now())

/** Ends the open contacts of a customer with whom all contact stops today. Answers how many; the reason stays untold. */
export function suppressStopped(rt: Runtime, customerId: number): Promise<number> {
  return transaction(rt, async (rt) => {
    await takeVersion(rt, customerId)
    const today = await todayOf(rt, bankOf(await activeRevision(rt)).zone)
    const person = (await loadPeople(rt.db, [customerId], today)).get(customerId)
    if (!person || !standsUnder(person, 'stop_all', today)) return 0
    return store.suppressOpen(rt.db, customerId, 'no_contact', rt.clock.now())
  })
}

/** Ends a contact that was claimed and then not shown, with the reason, a code; without effect on one that was. */
export async function suppressContact(
  rt: Runtime,
  contact: { customerId: number; contactId: string; reason: string },
): Promise<void> {
  await store.suppressOne(rt.db, contact, contact.reason, rt.clock.now())
}

/** Ends a contact that was claimed and did not reach the customer, with the reason, a code. False: it had ended, or was seen. */
export const failContact = (
  rt: Runtime,
  contact: { customerId: number; contactId: string; reason: string },
): Promise<boolean> =>
  transaction(rt, async (rt) => {
    await takeVersion(rt, contact.customerId)
    return store.failOne(rt.db, contact, contact.reason, rt.clock.now())
  })

/** The contact trial balance of [from, to) by channel and class: decided equals the sum of the other columns. */
export const contactTrialBalance = (rt: Runtime, from: Date, to: Date) => store.trialBalance(rt.db, from, to)
