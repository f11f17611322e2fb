import { setTimeout as sleep } from 'node:timers/promises'
import type { Decided } from '#decide/decisions'
import { post, readUrl } from '#platform/outbound'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record, signingKey } from '#trust/audit'
import type { EventType, NewWebhook, TestReply, Webhook, WebhookChange } from './contract.ts'
import { bodyOf, eventIdOf, headersOf, type WebhookEvent } from './event.ts'
import { noWebhook, webhookOf } from './log/index.ts'
import { leftAloneUntil, nextAttempt } from './pauses.ts'
import { secretOf, signatureOf } from './sign.ts'
import * as store from './store.ts'

export { type Deliverer, startDeliverer } from './deliver/index.ts'
export { subscriptions } from './events.ts'
export { jobs } from './jobs.ts'
export { countReplay, deliverAgain, deliveriesOf, deliverSetAside, deliveryOf, replay } from './log/index.ts'
export { routes } from './routes.ts'
export { isSigned } from './sign.ts'

const DAY_MS = 86_400_000
/** For so long a server may go by what it knew; so rarely is it asked where nobody wants to hear of anything. */
const KNOWN_MS = 250
const ANSWER_MS = 10_000
const LEASE_SECONDS = 30
const AT_ONCE = 20
const ANSWER_CHARACTERS_KEPT = 2000

interface Known {
  readMs: number
  types: ReadonlySet<string>
}
// One server process has one configuration: the key of what it has in memory.
const known = new WeakMap<object, Known>()

/** Whether anybody may want to hear of a type. Who does is asked where the deliveries are written. */
async function mayBeWanted(rt: Runtime, type: EventType): Promise<boolean> {
  const nowMs = performance.now()
  let found = known.get(rt.config)
  if (!found || nowMs - found.readMs > KNOWN_MS) {
    found = { readMs: nowMs, types: new Set(await store.wantedTypes(rt.db)) }
    known.set(rt.config, found)
  }
  return found.types.has(type)
}

/** Waits until every server knows what was committed: from the answer on, nothing that happens is missed. */
async function knownEverywhere(rt: Runtime): Promise<void> {
  known.delete(rt.config)
  await sleep(KNOWN_MS + 10)
}

/** Makes events of one type deliveries, in the transaction around it; told again, it has no effect. */
export async function tell(rt: Runtime, type: EventType, events: () => readonly WebhookEvent[]): Promise<void> {
  if (!(await mayBeWanted(rt, type))) return
  const rows = events().map((event) => ({
    customerId: event.customerId,
    eventId: event.id,
    body: bodyOf(event),
    happenedAt: event.at,
  }))
  if (rows.length > 0) await store.insertDeliveries(rt.db, type, rows, rt.clock.now())
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
  await knownEverywhere(rt)
  return { webhookId, secret: secretOf(signingKey(rt), webhookId, 1) }
}

export async function listWebhooks(rt: Runtime): Promise<Webhook[]> {
  const now = rt.clock.now()
  return (await store.webhooks(rt.db)).map(
    ({ secretNumber: _, oldSecretUntil, recentAttempts, recentFailed, recentMedianMs, ...row }) => ({
      ...row,
      resumesAt: row.resumesAt?.toISOString() ?? null,
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      oldestWaitingAt: row.oldestWaitingAt?.toISOString() ?? null,
      oldSignsUntil: oldSecretUntil !== null && oldSecretUntil > now ? oldSecretUntil.toISOString() : null,
      recent: { attempts: recentAttempts, failed: recentFailed, medianMs: recentMedianMs },
      madeAt: row.madeAt.toISOString(),
    }),
  )
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
      facts: { fields: Object.keys(change), ...(change.state ? { state: change.state } : {}) },
    })
  })
  await knownEverywhere(rt)
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
    if (number === undefined) throw noWebhook(webhookId)
    await record(rt, { actor, action: 'engage.webhooks:secret_renewed', subject: webhookId })
    return { secret: secretOf(signingKey(rt), webhookId, number), oldSignsUntil }
  })
}

interface Outcome {
  received: boolean
  status: number | null
  reason: string | null
  /** The beginning of what the receiver answered; null when there was no answer. */
  answer: string | null
  tookMs: number
  headers: Record<string, string>
}

/** The beginning of a text, as the database takes it and a page shows it. A receiver may answer with anything. */
const beginningOf = (text: string, charactersMax: number): string =>
  text
    .slice(0, charactersMax)
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}/gu, '\ufffd')

/** One signed request. Never throws: what went wrong is the answer. */
async function send(rt: Runtime, webhook: store.WebhookRow, eventId: string, body: string): Promise<Outcome> {
  const now = rt.clock.now()
  const key = signingKey(rt)
  const secrets = [secretOf(key, webhook.webhookId, webhook.secretNumber)]
  if (webhook.oldSecretUntil !== null && webhook.oldSecretUntil > now)
    secrets.push(secretOf(key, webhook.webhookId, webhook.secretNumber - 1))
  const timestamp = Math.floor(now.getTime() / 1000)
  const headers = headersOf(eventId, String(timestamp), signatureOf(secrets, eventId, timestamp, body))
  const beganMs = performance.now()
  const came = (status: number | null, reason: string | null, answer: string | null): Outcome => ({
    received: reason === null,
    status,
    reason,
    answer: answer === null ? null : beginningOf(answer, ANSWER_CHARACTERS_KEPT),
    tookMs: Math.round(performance.now() - beganMs),
    headers,
  })
  try {
    const { localAllowed } = rt.config.webhooks
    const { status, text } = await post({ url: webhook.url, body, timeoutMs: ANSWER_MS, localAllowed, headers })
    return came(status, status >= 200 && status < 300 ? null : `answered ${status}`, text)
  } catch (error) {
    return came(null, beginningOf(error instanceof Error ? error.message : String(error), 500), null)
  }
}

/** Sends a ping to a webhook now, and says what came of it. It is no event, and is not tried again. */
export async function testWebhook(rt: Runtime, webhookId: string, actor: Actor): Promise<TestReply> {
  const webhook = await webhookOf(rt, webhookId)
  await record(rt, { actor, action: 'engage.webhooks:tested', subject: webhookId })
  const id = rt.ids.next()
  const at = rt.clock.now().toISOString()
  const body = JSON.stringify({ id, type: 'ping', at, customerId: null, version: null, data: {} })
  const { headers, ...came } = await send(rt, webhook, id, body)
  return { ...came, request: { url: webhook.url, headers, body } }
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
  const sentAt = rt.clock.now()
  const { received, status, reason, answer, tookMs } = await send(rt, webhook, claimed.eventId, claimed.body)
  const at = rt.clock.now()
  await store.insertAttempt(rt.db, claimed, { attemptId: rt.ids.next(), sentAt, tookMs, status, reason, answer })
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
