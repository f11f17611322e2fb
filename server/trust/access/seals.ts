import { forbidden, notFound } from '#platform/errors'
import type { Actor } from '#platform/http'
import { type Runtime, transaction } from '#platform/runtime'
import { record } from '#trust/audit'
import { inScope, type Units } from './scope.ts'
import * as store from './store.ts'

/**
 * The customers among these whose record is closed to the actor: their own, and those under a seal they may not open.
 * Seals bind people; another system's key is bound by its permissions and scope, for it serves the customer themselves.
 */
export async function sealedAmong(rt: Runtime, actor: Actor, customerIds: readonly number[]): Promise<Set<number>> {
  if (actor.kind !== 'person' || customerIds.length === 0) return new Set()
  const closed = await closedTo(rt, actor, customerIds)
  if (actor.customerId !== undefined && customerIds.includes(actor.customerId)) closed.add(actor.customerId)
  return closed
}

/** Everybody whose record is closed to the actor: for what is counted and ordered over all customers at once. */
export async function sealedFrom(rt: Runtime, actor: Actor): Promise<Set<number>> {
  if (actor.kind !== 'person') return new Set()
  const closed = await closedTo(rt, actor, 'all')
  if (actor.customerId !== undefined) closed.add(actor.customerId)
  return closed
}

async function closedTo(rt: Runtime, actor: Actor, customerIds: readonly number[] | 'all'): Promise<Set<number>> {
  const closed = new Set<number>()
  for (const { customerId, kind } of await sealsOn(rt, customerIds))
    if (!actor.permissions.has(`trust.seals:open_${kind}`)) closed.add(customerId)
  return closed
}

const REASON_LENGTH_MIN = 10

type SealedBy = (
  rt: Runtime,
  customerIds: readonly number[] | 'all',
) => Promise<{ customerId: number; kind: store.SealKind }[]>
// Whom the bank's own systems say to be staff is known further up.
let sealedBy: SealedBy = () => Promise.resolve([])

/** Registers what else seals records, beside the seals set by hand: what is so about a customer. */
export const registerSeals = (load: SealedBy): void => {
  sealedBy = load
}

const sealsOn = async (rt: Runtime, customerIds: readonly number[] | 'all') => [
  ...(await store.sealsOf(rt.db, customerIds)),
  ...(await sealedBy(rt, customerIds)),
]

type UnitsOf = (rt: Runtime, customerIds: readonly number[]) => Promise<Map<number, Units>>
// Where a customer belongs is known further up, so it is registered at start. Until then nobody is let in.
let unitsOf: UnitsOf = () => Promise.reject(new Error('nothing is registered that knows where a customer belongs'))

/** Registers what knows where customers belong: their branch, team and portfolio. */
export const registerUnits = (load: UnitsOf): void => {
  unitsOf = load
}

/**
 * Lets the actor at these customers' records or throws. A customer out of scope, under a seal the actor may not open,
 * or not there at all looks the same: no such customer. A seal they may open asks for a reason, which goes on record.
 * A customer is let in at their own record.
 */
export async function mustSee(rt: Runtime, actor: Actor, customerIds: readonly number[]): Promise<void> {
  if (actor.scope === 'all' && actor.kind !== 'person') return
  if (actor.kind === 'customer') {
    if (customerIds.every((id) => id === actor.customerId)) return
    throw notFound('no_such_customer', {}, 'A customer sees their own record only.')
  }
  if (actor.customerId !== undefined && customerIds.includes(actor.customerId)) {
    throw forbidden('own_record', {}, 'Nobody opens their own record.', 'Be served by a colleague, as any customer is.')
  }
  const where = await unitsOf(rt, customerIds)
  const seals = await sealsOn(rt, customerIds)
  const hidden = customerIds.some((id) => {
    const found = where.get(id)
    return (
      found === undefined ||
      !inScope(actor.scope, found) ||
      seals.some(
        (seal) =>
          seal.customerId === id && actor.kind === 'person' && !actor.permissions.has(`trust.seals:open_${seal.kind}`),
      )
    )
  })
  if (hidden)
    // Not even the number is told: it may be known only from a decision or a contact of theirs.
    throw notFound(
      'no_such_customer',
      {},
      'There is no such customer among those you answer for.',
      'Check the number, or ask for the unit in your scope.',
    )
  if (seals.length === 0 || actor.kind !== 'person') return
  const reason = actor.reason?.trim() ?? ''
  if (reason.length < REASON_LENGTH_MIN) {
    throw forbidden(
      'reason_needed',
      { seals: [...new Set(seals.map((seal) => seal.kind))], expected: `at least ${REASON_LENGTH_MIN} characters` },
      'This record is sealed: opening it needs a reason.',
      'Send the reason in words as X-Access-Reason; it goes on record.',
    )
  }
  for (const id of new Set(seals.map((seal) => seal.customerId))) {
    const kinds = [...new Set(seals.filter((seal) => seal.customerId === id).map((seal) => seal.kind))]
    await record(rt, {
      actor,
      action: 'trust.seals:opened',
      customerIds: [id],
      reason,
      facts: { seals: kinds },
    })
  }
}

export const sealsOf = (rt: Runtime, customerId: number): Promise<store.SealRow[]> => store.sealsOf(rt.db, [customerId])

/** Seals a record: from then on only those may open it who may open that kind of seal. */
export const seal = (
  rt: Runtime,
  { customerId, kind, reason }: { customerId: number; kind: store.SealKind; reason: string },
  actor: Actor,
): Promise<void> =>
  transaction(rt, async (rt) => {
    await store.addSeal(rt.db, { customerId, kind, reason, sealedAt: rt.clock.now(), sealedBy: actor.id })
    await record(rt, { actor, action: 'trust.seals:sealed', customerIds: [customerId], reason, facts: { kind } })
  })

export const unseal = (
  rt: Runtime,
  { customerId, kind, reason }: { customerId: number; kind: store.SealKind; reason: string },
  actor: Actor,
): Promise<void> =>
  transaction(rt, async (rt) => {
    if (!(await store.removeSeal(rt.db, customerId, kind)))
      throw notFound('no_such_seal', { customerId, kind }, 'The record is not under this seal.')
    await record(rt, { actor, action: 'trust.seals:unsealed', customerIds: [customerId], reason, facts: { kind } })
  })
