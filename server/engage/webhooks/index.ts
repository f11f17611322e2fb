import type { Decided } from '#decide/decisions'
import { notFound } from '#platform/errors'
import { post, readUrl } from '#platform/outbound'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record, signingKey } from '#trust/audit'
import type { NewWebhook, ReplayBody, Webhook, WebhookChange } from './contract.ts'
import { bodyOf, type EventType, eventIdOf, type WebhookEvent } from './event.ts'
import { leftAloneUntil, nextAttempt } from './pauses.ts'
import { secretOf, signatureOf } from './sign.ts'
import * as store from './store.ts'

export { type Deliverer, startDeliverer } from './deliver/index.ts'
export { subscriptions } from './events.ts'
export { jobs } from './jobs.ts'
export { routes } from './routes.ts'
export { isSigned } from './sign.ts'

const DAY_MS = 86_400_000
const KNOWN_MS = 1_000
const ANSWER_MS = 10_000
const LEASE_SECONDS = 30
const AT_ONCE = 20

interface Known {
  readMs: number
  open: readonly { webhookId: string; types: string[] }[]
}
// One server process has one configuration: the key of what it has in memory.
const known = new WeakMap<object, Known>()

/** Who wants to hear of a type; at most a second old, so that where nobody does nothing is read. */
async function wanting(rt: Runtime, type: EventType): Promise<string[]> {
  const nowMs = performance.now()
  let found = known.get(rt.config)
  if (!found || nowMs - found.readMs > KNOWN_MS) {
    found = { readMs: nowMs, open: await store.openWebhooks(rt.db) }
    known.set(rt.config, found)
  }
  return found.open.filter(({ types }) => types.includes(type)).map(({ webhookId }) => webhookId)
}

/** Makes events deliveries, in the transaction around it; told again, it has no effect. */
export async function tell(rt: Runtime, type: EventType, events: () => readonly WebhookEvent[]): Promise<void> {
  const to = await wanting(rt, type)
  if (to.length === 0) return
  const rows = events().flatMap((event) =>
    to.map((webhookId) => ({
      customerId: event.customerId,
      webhookId,
      eventId: event.id,
      type,
      body: bodyOf(event),
      happenedAt: event.at,
    })),
  )
  if (rows.length > 0) await store.insertDeliveries(rt.db, rows, rt.clock.now())
}

/** What decisions mean to other systems: told in the transaction that makes them. For app/modules. */
export async function tellDecided(rt: Runtime, decided: readonly Decided[]): Promise<void> {
  await tell(rt, 'decision.made', () =>
    decided.map(({ decision, claims }) => ({
      id: eventIdOf(`decision.made ${decision.decisionId}`),
      type: 'decision.made',
      at: decision.askedAt,
      customerId: decision.customerId,
      version: decision.claimedVersion,
      data: {
        decisionId: decision.decisionId,
        channel: decision.channel,
        placement: decision.placement,
        nothingBecause: decision.nothingBecause,
        actions: claims.map(({ contactId, action, treatment }) => ({ contactId, action, treatment })),
      },
    })),
  )
  await tell(rt, 'contact.claimed', () =>
    decided.flatMap(({ claims }) =>
      claims.map(({ claimedVersion, claimedAt, expiresAt, customerId, ...claim }) => ({
        id: eventIdOf(`contact.claimed ${claim.contactId}`),
        type: 'contact.claimed' as const,
        at: claimedAt,
        customerId,
        version: claimedVersion,
        data: {
          contactId: claim.contactId,
          decisionId: claim.decisionId,
          direction: claim.direction,
          channel: claim.channel,
          placement: claim.placement,
          issue: claim.issue,
          group: claim.group,
          action: claim.action,
          treatment: claim.treatment,
          class: claim.class,
          expiresAt: expiresAt?.toISOString() ?? null,
        },
      })),
    ),
  )
}

const unknown = (webhookId: string) =>
  notFound('no_such_webhook', { webhookId }, 'There is no such webhook.', 'List them: GET /api/engage/webhooks.')

async function webhookOf(rt: Runtime, webhookId: string): Promise<store.WebhookRow> {
  const found = await store.webhookById(rt.db, webhookId)
  if (!found) throw unknown(webhookId)
  return found
}

/** Makes a webhook; its secret is answered this once. Errors: `url_refused` (invalid). */
export async function createWebhook(
  rt: Runtime,
  { title, url, types }: NewWebhook,
  actor: Actor,
): Promise<{ webhookId: string; secret: string }> {
  readUrl(url, rt.config.webhooks)
  const webhookId = rt.ids.next()
  await transaction(rt, async (rt) => {
    await store.insertWebhook(rt.db, { webhookId, title, url, types, madeBy: actor.id, madeAt: rt.clock.now() })
    await record(rt, {
      actor,
      action: 'engage.webhooks:made',
      subject: webhookId,
      facts: { host: new URL(url).host, types },
    })
  })
  known.delete(rt.config)
  return { webhookId, secret: secretOf(signingKey(rt), webhookId, 1) }
}

export async function listWebhooks(rt: Runtime): Promise<Webhook[]> {
  return (await store.webhooks(rt.db)).map(({ secretNumber: _, oldSecretUntil: __, ...row }) => ({
    ...row,
    resumesAt: row.resumesAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    madeAt: row.madeAt.toISOString(),
  }))
}

/** Changes a webhook; what waits for it goes where it points then. */
export async function changeWebhook(
  rt: Runtime,
  webhookId: string,
  change: WebhookChange,
  actor: Actor,
): Promise<void> {
  if (change.url !== undefined) readUrl(change.url, rt.config.webhooks)
  await transaction(rt, async (rt) => {
    const { title, url, types, state } = await webhookOf(rt, webhookId)
    await store.updateWebhook(rt.db, webhookId, {
      title: change.title ?? title,
      url: change.url ?? url,
      types: change.types ?? types,
      state: change.state ?? state,
    })
    await record(rt, {
      actor,
      action: 'engage.webhooks:changed',
      subject: webhookId,
      facts: { fields: Object.keys(change) },
    })
  })
  known.delete(rt.config)
}

/** Takes a webhook away, with what waits for it. */
export async function removeWebhook(rt: Runtime, webhookId: string, actor: Actor): Promise<void> {
  await transaction(rt, async (rt) => {
    await webhookOf(rt, webhookId)
    await store.removeWebhook(rt.db, webhookId)
    await record(rt, { actor, action: 'engage.webhooks:removed', subject: webhookId })
  })
  known.delete(rt.config)
}

/** A new secret; the one before signs too for a day, so that no request is refused while the receiver changes over. */
export function renewSecret(
  rt: Runtime,
  webhookId: string,
  actor: Actor,
): Promise<{ secret: string; oldSignsUntil: Date }> {
  return transaction(rt, async (rt) => {
    const oldSignsUntil = new Date(rt.clock.now().getTime() + DAY_MS)
    const number = await store.nextSecret(rt.db, webhookId, oldSignsUntil)
    if (number === undefined) throw unknown(webhookId)
    await record(rt, { actor, action: 'engage.webhooks:secret_renewed', subject: webhookId })
    return { secret: secretOf(signingKey(rt), webhookId, number), oldSignsUntil }
  })
}

/** What was and is to be delivered, the latest first, a page at a time. */
export async function deliveriesOf(
  rt: Runtime,
  webhookId: string,
  asked: { state?: string | undefined; before?: number | undefined; limit: number },
) {
  await webhookOf(rt, webhookId)
  const rows = await store.deliveries(rt.db, webhookId, {
    state: asked.state,
    before: asked.before,
    limit: asked.limit + 1,
  })
  const page = rows.slice(0, asked.limit)
  return {
    deliveries: page.map((row) => ({
      ...row,
      customerId: row.customerId === 0 ? null : row.customerId,
      happenedAt: row.happenedAt.toISOString(),
      dueAt: row.state === 'waiting' ? row.dueAt.toISOString() : null,
      lastAt: row.lastAt?.toISOString() ?? null,
    })),
    next: rows.length > asked.limit ? page.at(-1)!.sequence : null,
  }
}

/** Delivers again what happened from an instant, or from an event, on. Answers how many deliveries. */
export function replay(rt: Runtime, webhookId: string, from: ReplayBody, actor: Actor): Promise<number> {
  return transaction(rt, async (rt) => {
    await webhookOf(rt, webhookId)
    const now = rt.clock.now()
    let count: number
    if ('from' in from) count = await store.again(rt.db, webhookId, { from: new Date(from.from) }, now)
    else {
      const sequence = await store.sequenceOf(rt.db, webhookId, from.fromEventId)
      if (sequence === undefined) throw noDelivery(webhookId, from.fromEventId)
      count = await store.again(rt.db, webhookId, { sequence }, now)
    }
    await record(rt, { actor, action: 'engage.webhooks:replayed', subject: webhookId, facts: { deliveries: count } })
    return count
  })
}

const noDelivery = (webhookId: string, eventId: string) =>
  notFound('no_such_delivery', { webhookId, eventId }, 'This webhook has no such event.', 'List its deliveries.')

/** Delivers one event again, such as one that was set aside. */
export function deliverAgain(rt: Runtime, webhookId: string, eventId: string, actor: Actor): Promise<void> {
  return transaction(rt, async (rt) => {
    if ((await store.again(rt.db, webhookId, { only: eventId }, rt.clock.now())) === 0)
      throw noDelivery(webhookId, eventId)
    await record(rt, { actor, action: 'engage.webhooks:given_again', subject: webhookId, facts: { eventId } })
  })
}

interface Outcome {
  received: boolean
  status: number | null
  reason: string | null
}

/** One signed request. Never throws: what went wrong is the answer. */
async function send(rt: Runtime, webhook: store.WebhookRow, eventId: string, body: string): Promise<Outcome> {
  const now = rt.clock.now()
  const key = signingKey(rt)
  const secrets = [secretOf(key, webhook.webhookId, webhook.secretNumber)]
  if (webhook.oldSecretUntil !== null && webhook.oldSecretUntil > now)
    secrets.push(secretOf(key, webhook.webhookId, webhook.secretNumber - 1))
  const timestamp = Math.floor(now.getTime() / 1000)
  try {
    const { status } = await post({
      url: webhook.url,
      body,
      timeoutMs: ANSWER_MS,
      localAllowed: rt.config.webhooks.localAllowed,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'clientele-webhooks/1',
        'clientele-webhook-id': eventId,
        'clientele-webhook-timestamp': String(timestamp),
        'clientele-webhook-signature': signatureOf(secrets, eventId, timestamp, body),
      },
    })
    const received = status >= 200 && status < 300
    return { received, status, reason: received ? null : `answered ${status}` }
  } catch (error) {
    return {
      received: false,
      status: null,
      reason: (error instanceof Error ? error.message : String(error)).slice(0, 500),
    }
  }
}

/** Sends a ping to a webhook now, and says what came of it. It is no event, and is not tried again. */
export async function testWebhook(rt: Runtime, webhookId: string, actor: Actor): Promise<Outcome> {
  const webhook = await webhookOf(rt, webhookId)
  await record(rt, { actor, action: 'engage.webhooks:tested', subject: webhookId })
  const id = rt.ids.next()
  const at = rt.clock.now().toISOString()
  return send(rt, webhook, id, JSON.stringify({ id, type: 'ping', at, customerId: null, version: null, data: {} }))
}

/** Delivers what is due now, each customer's first; answers how many attempts were made. */
export async function deliverDue(rt: Runtime): Promise<number> {
  const claimed = await store.claimDue(rt.db, rt.clock.now(), AT_ONCE, LEASE_SECONDS)
  await Promise.all(claimed.map((one) => attempt(rt, one)))
  return claimed.length
}

async function attempt(rt: Runtime, claimed: store.Claimed): Promise<void> {
  const webhook = await store.webhookById(rt.db, claimed.webhookId)
  if (!webhook) return
  const { received, status, reason } = await send(rt, webhook, claimed.eventId, claimed.body)
  const at = rt.clock.now()
  if (received) {
    await store.settle(rt.db, claimed, { state: 'delivered', dueAt: null, status, reason: null, at })
    await store.noteSuccess(rt.db, webhook.webhookId)
    return
  }
  const dueAt = nextAttempt(claimed.attempts + 1, at) ?? null
  await store.settle(rt.db, claimed, { state: dueAt ? 'waiting' : 'set_aside', dueAt, status, reason, at })
  // A refusal of one event says nothing about the others; a receiver that is away would be asked in vain for each.
  if (status !== null && status < 500 && status !== 429) return
  const failures = await store.noteFailure(rt.db, webhook.webhookId)
  await store.leaveAlone(rt.db, webhook.webhookId, leftAloneUntil(failures, at))
}
