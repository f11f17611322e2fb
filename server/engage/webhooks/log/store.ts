import type { Db } from '#platform/postgres'
import type { ReplayCount } from '../contract.ts'
import type { Attempt } from '../store.ts'

export interface DeliveryRow {
  eventId: string
  sequence: number
  customerId: number
  type: string
  happenedAt: Date
  state: string
  attempts: number
  dueAt: Date
  lastStatus: number | null
  lastReason: string | null
  lastAt: Date | null
}

export const deliveries = (
  db: Db,
  webhookId: string,
  asked: { state: string | undefined; type: string | undefined; before: number | undefined; limit: number },
) => db<DeliveryRow[]>`
  select d.event_id as "eventId", d.sequence, d.customer_id as "customerId", d.type, d.happened_at as "happenedAt", d.state, d.attempts,
         d.due_at as "dueAt", d.last_status as "lastStatus", d.last_reason as "lastReason", d.last_at as "lastAt"
    from engage.webhook_delivery d
   where d.webhook_id = ${webhookId} and ${asked.state === undefined ? db`true` : db`d.state = ${asked.state}`}
     and ${asked.type === undefined ? db`true` : db`d.type = ${asked.type}`}
     and ${asked.before === undefined ? db`true` : db`d.sequence < ${asked.before}`}
   order by d.sequence desc
   limit ${asked.limit}`

export async function delivery(
  db: Db,
  webhookId: string,
  eventId: string,
): Promise<(DeliveryRow & { body: string }) | undefined> {
  const [row] = await db<(DeliveryRow & { body: string })[]>`
    select d.event_id as "eventId", d.sequence, d.customer_id as "customerId", d.type, d.happened_at as "happenedAt", d.state, d.attempts,
           d.due_at as "dueAt", d.last_status as "lastStatus", d.last_reason as "lastReason", d.last_at as "lastAt", d.body
      from engage.webhook_delivery d
     where d.webhook_id = ${webhookId} and d.event_id = ${eventId}`
  return row
}

const ATTEMPTS_MAX = 50

/** The latest requests of a delivery, the first of them first. */
export const attemptsOf = (db: Db, customerId: number, webhookId: string, eventId: string) => db<Attempt[]>`
  select * from (
    select t.attempt_id as "attemptId", t.sent_at as "sentAt", t.took_ms as "tookMs", t.status, t.reason, t.answer
      from engage.webhook_attempt t
     where t.customer_id = ${customerId} and t.webhook_id = ${webhookId} and t.event_id = ${eventId}
     order by t.attempt_id desc
     limit ${ATTEMPTS_MAX}) t
   order by t."attemptId"`

export async function sequenceOf(db: Db, webhookId: string, eventId: string): Promise<number | undefined> {
  const [row] = await db<{ sequence: number }[]>`
    select d.sequence from engage.webhook_delivery d where d.webhook_id = ${webhookId} and d.event_id = ${eventId}`
  return row?.sequence
}

/** Which deliveries: from an instant or a sequence on, one alone, or all that were set aside. */
export type Which = { from: Date } | { sequence: number } | { only: string } | 'set_aside'

const those = (db: Db, which: Which) =>
  which === 'set_aside'
    ? db`d.state = 'set_aside'`
    : 'only' in which
      ? db`d.event_id = ${which.only}`
      : 'from' in which
        ? db`d.happened_at >= ${which.from}`
        : db`d.sequence >= ${which.sequence}`

/** Lets deliveries wait again. Answers how many. */
export async function again(db: Db, webhookId: string, which: Which, now: Date): Promise<number> {
  const rows = await db`
    update engage.webhook_delivery d
       set state = 'waiting', attempts = 0, due_at = ${now}, leased_until = null, fence = nextval('engage.webhook_fence_seq')
     where d.webhook_id = ${webhookId} and ${those(db, which)}`
  return rows.count
}

export async function countOf(db: Db, webhookId: string, which: Which): Promise<ReplayCount> {
  const [row] = await db<ReplayCount[]>`
    select count(*)::int as deliveries, count(*) filter (where d.state = 'waiting')::int as waiting,
           count(*) filter (where d.state = 'set_aside')::int as "setAside"
      from engage.webhook_delivery d
     where d.webhook_id = ${webhookId} and ${those(db, which)}`
  return row!
}
