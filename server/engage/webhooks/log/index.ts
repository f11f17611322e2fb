import { notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import type { DeliveriesQuery, Delivery, DeliveryDetail, ReplayCount, ReplayFrom } from '../contract.ts'
import { headersOf } from '../event.ts'
import * as store from '../store.ts'
import { masked } from './masked.ts'
import * as log from './store.ts'

export const noWebhook = (webhookId: string) =>
  notFound('no_such_webhook', { webhookId }, 'There is no such webhook.', 'List them: GET /api/engage/webhooks.')
const noDelivery = (webhookId: string, eventId: string) =>
  notFound('no_such_delivery', { webhookId, eventId }, 'This webhook has no such event.', 'List its deliveries.')

export async function webhookOf(rt: Runtime, webhookId: string): Promise<store.WebhookRow> {
  const found = await store.webhookById(rt.db, webhookId)
  if (!found) throw noWebhook(webhookId)
  return found
}

const lineOf = ({ sequence, customerId, state, happenedAt, dueAt, lastAt, ...row }: log.DeliveryRow): Delivery => ({
  ...row,
  sequence,
  customerId: customerId === 0 ? null : customerId,
  state,
  happenedAt: happenedAt.toISOString(),
  dueAt: state === 'waiting' ? dueAt.toISOString() : null,
  lastAt: lastAt?.toISOString() ?? null,
})

/** What was and is to be delivered, the latest first, a page at a time. */
export async function deliveriesOf(
  rt: Runtime,
  webhookId: string,
  { state, type, before, limit = 50 }: DeliveriesQuery,
): Promise<{ deliveries: Delivery[]; next: number | null }> {
  await webhookOf(rt, webhookId)
  const rows = await log.deliveries(rt.db, webhookId, { state, type, before, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { deliveries: page.map(lineOf), next: rows.length > limit ? page.at(-1)!.sequence : null }
}

/**
 * One delivery with its request and every try. What it says of a customer is for those who may open it, and their look
 * is on record; everybody else sees its form. Errors: `no_such_webhook`, `no_such_delivery`.
 */
export async function deliveryOf(
  rt: Runtime,
  { webhookId, eventId, actor }: { webhookId: string; eventId: string; actor: Actor },
): Promise<DeliveryDetail> {
  const { url } = await webhookOf(rt, webhookId)
  const found = await log.delivery(rt.db, webhookId, eventId)
  if (!found) throw noDelivery(webhookId, eventId)
  const { body, ...row } = found
  const opened = await opens(rt, actor, row.customerId, eventId)
  const tries = await log.attemptsOf(rt.db, row.customerId, webhookId, eventId)
  return {
    ...lineOf(row),
    request: {
      url,
      headers: headersOf(eventId, '…', 'v1=…'),
      body: opened ? body : masked(body),
      masked: !opened,
    },
    tries: tries.map(({ sentAt, answer, ...one }) => ({
      ...one,
      sentAt: sentAt.toISOString(),
      answer: opened ? answer : null,
    })),
  }
}

async function opens(rt: Runtime, actor: Actor, customerId: number, eventId: string): Promise<boolean> {
  if (customerId === 0) return true
  if (!actor.permissions.has('engage.webhooks:open')) return false
  const sees = await mustSee(rt, actor, [customerId]).then(
    () => true,
    () => false,
  )
  if (sees) await record(rt, { actor, action: 'engage.webhooks:opened', customerIds: [customerId], subject: eventId })
  return sees
}

/** What a replay is from; an event must be one of this webhook's. */
async function fromOf(rt: Runtime, webhookId: string, { from, fromEventId }: ReplayFrom): Promise<log.Which> {
  if (from !== undefined) return { from: new Date(from) }
  const sequence = await log.sequenceOf(rt.db, webhookId, fromEventId!)
  if (sequence === undefined) throw noDelivery(webhookId, fromEventId!)
  return { sequence }
}

/** How many deliveries a replay would be, and how many of them have not been delivered yet. */
export async function countReplay(rt: Runtime, webhookId: string, from: ReplayFrom): Promise<ReplayCount> {
  await webhookOf(rt, webhookId)
  return log.countOf(rt.db, webhookId, await fromOf(rt, webhookId, from))
}

/** Delivers again what happened from an instant, or from an event, on. Answers how many deliveries. */
export function replay(rt: Runtime, webhookId: string, from: ReplayFrom, actor: Actor): Promise<number> {
  return transaction(rt, async (rt) => {
    await webhookOf(rt, webhookId)
    const deliveries = await log.again(rt.db, webhookId, await fromOf(rt, webhookId, from), rt.clock.now())
    await record(rt, { actor, action: 'engage.webhooks:replayed', subject: webhookId, facts: { deliveries } })
    return deliveries
  })
}

/** Delivers one event again, such as one that was set aside. */
export function deliverAgain(rt: Runtime, webhookId: string, eventId: string, actor: Actor): Promise<void> {
  return transaction(rt, async (rt) => {
    if ((await log.again(rt.db, webhookId, { only: eventId }, rt.clock.now())) === 0)
      throw noDelivery(webhookId, eventId)
    await record(rt, { actor, action: 'engage.webhooks:given_again', subject: webhookId, facts: { eventId } })
  })
}

/** Delivers everything again that was set aside. Answers how many deliveries. */
export function deliverSetAside(rt: Runtime, webhookId: string, actor: Actor): Promise<number> {
  return transaction(rt, async (rt) => {
    await webhookOf(rt, webhookId)
    const deliveries = await log.again(rt.db, webhookId, 'set_aside', rt.clock.now())
    await record(rt, { actor, action: 'engage.webhooks:given_again', subject: webhookId, facts: { deliveries } })
    return deliveries
  })
}
