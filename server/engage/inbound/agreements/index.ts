import type { ActionDocument } from '#decide/propositions/contract'
import { todayOf } from '#know/customers'
import { notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, bankOf, documentOf, revisionById } from '#trust/playbook'
import { awaited, lapsed } from '../acceptance.ts'
import { holdersToSign, type Recorded, signFor } from '../index.ts'
import { acceptedBy, promisedBy } from '../store.ts'
import type { CustomerActor } from '../tokens/index.ts'
import type { Agreement, MyAgreements, MySignature } from './contract.ts'
import * as store from './store.ts'

/**
 * What waits for the signature of this customer or of who signs with them: agreed to by one holder, not by all, neither
 * refused nor lapsed. Looks only.
 */
export async function agreementsOf(rt: Runtime, customerId: number): Promise<Agreement[]> {
  const on = await todayOf(rt, bankOf(await activeRevision(rt)).zone)
  const begun = await store.begunBy(rt.db, await store.together(rt.db, customerId, on))
  const open: { one: store.Begun; waits: number[] }[] = []
  for (const one of begun) {
    if (lapsed(one.expiresOn, on)) continue
    const holders = await holdersToSign(rt, {}, one, on)
    const waits = awaited(
      holders,
      one.agreed.map((each) => each.customerId),
    )
    if (holders.includes(customerId) && waits.length > 0) open.push({ one, waits })
  }
  if (open.length === 0) return []
  const everybody = open.flatMap(({ one, waits }) => [...waits, ...one.agreed.map((each) => each.customerId)])
  const names = await store.namesOf(rt.db, everybody)
  const nameOf = (id: number): string | null => names.get(id) ?? null
  return Promise.all(
    open.map(async ({ one, waits }) => ({
      contactId: one.contactId,
      customerId: one.customerId,
      action: one.action,
      title:
        documentOf<ActionDocument>(await revisionById(rt, one.revision), 'action', one.action)?.title ?? one.action,
      offer: one.frozen,
      expiresOn: one.expiresOn,
      agreed: one.agreed.map(({ customerId: id, at, channel }) => ({
        customerId: id,
        name: nameOf(id),
        at: new Date(at).toISOString(),
        channel,
      })),
      awaited: waits.map((id) => ({ customerId: id, name: nameOf(id) })),
    })),
  )
}

/** The same for a member of staff, whose look is on record. */
export function viewAgreements(
  rt: Runtime,
  { customerId, actor }: { customerId: number; actor: Actor },
): Promise<Agreement[]> {
  return transaction(rt, async (rt) => {
    await record(rt, { actor, action: 'engage.inbound:agreements_viewed', customerIds: [customerId] })
    return agreementsOf(rt, customerId)
  })
}

/** The same for the customer who asks, in their own words: who else has agreed, and whether they are waited for. */
export async function agreementsMine(rt: Runtime, actor: CustomerActor): Promise<MyAgreements> {
  if (actor.claims.asker !== 'self') return { agreements: [] }
  const me = actor.customerId
  return {
    agreements: (await agreementsOf(rt, me)).map(({ contactId, title, offer, expiresOn, agreed, awaited: waits }) => ({
      contactId,
      title,
      offer,
      expiresOn,
      agreed: agreed.filter(({ customerId }) => customerId !== me).map(({ name }) => name),
      awaited: waits.filter(({ customerId }) => customerId !== me).map(({ name }) => name),
      awaitsMe: waits.some(({ customerId }) => customerId === me),
    })),
  }
}

/**
 * One holder's own yes or no to what another began. What nobody began, or is not theirs to sign for, does not exist for
 * them. Errors: `contact_unknown` (not found), `offer_expired` (conflict).
 */
export async function signMine(rt: Runtime, actor: CustomerActor, said: MySignature): Promise<Recorded> {
  const promised = actor.claims.asker === 'self' ? await promisedBy(rt.db, said.contactId) : undefined
  const on = await todayOf(rt, bankOf(await activeRevision(rt)).zone)
  const begun = promised ? await acceptedBy(rt.db, promised.customerId, said.contactId) : []
  const signs = promised && begun.length > 0 && (await holdersToSign(rt, {}, promised, on)).includes(actor.customerId)
  if (!promised || !signs)
    throw notFound(
      'contact_unknown',
      { contactId: said.contactId },
      'Nothing waits for this customer’s agreement under this id.',
      'Ask what waits: GET /api/engage/inbound/mine/agreements.',
    )
  const { channel } = actor.claims
  return signFor(
    rt,
    {
      contactId: said.contactId,
      kind: said.kind,
      byCustomerId: actor.customerId,
      // Seen to above: they sign for what is the other holder's contact.
      actor: { ...actor, customerId: promised.customerId } as CustomerActor,
      idempotencyKey: said.key ?? `${said.contactId}:${said.kind}:${actor.customerId}`,
      ...(channel === null ? {} : { channel }),
    },
    promised,
    on,
  )
}
