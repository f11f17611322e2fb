import type { Db } from '#platform/postgres'

export interface WebhookRow {
  webhookId: string
  title: string
  url: string
  types: string[]
  state: 'on' | 'paused' | 'off'
  secretNumber: number
  oldSecretUntil: Date | null
  failures: number
  resumesAt: Date | null
  madeBy: string
  madeAt: Date
}

const columns = (db: Db) => db`
  w.webhook_id as "webhookId", w.title, w.url, w.types, w.state, w.secret_number as "secretNumber",
  w.old_secret_until as "oldSecretUntil", w.failures, w.resumes_at as "resumesAt", w.made_by as "madeBy", w.made_at as "madeAt"`

export const insertWebhook = (
  db: Db,
  w: Pick<WebhookRow, 'webhookId' | 'title' | 'url' | 'types' | 'madeBy' | 'madeAt'>,
) => db`
  insert into engage.webhook (webhook_id, title, url, types, made_by, made_at)
  values (${w.webhookId}, ${w.title}, ${w.url}, ${w.types}, ${w.madeBy}, ${w.madeAt})`

/** Requests that "how it does lately" speaks of. */
const RECENT_MAX = 100

export interface WebhookHealth {
  waiting: number
  oldestWaitingAt: Date | null
  setAside: number
  setAsideBecause: string | null
  deliveredAt: Date | null
  recentAttempts: number
  recentFailed: number
  recentMedianMs: number | null
}

export const webhooks = (db: Db) => db<(WebhookRow & WebhookHealth)[]>`
  select ${columns(db)}, q.waiting, q.oldest as "oldestWaitingAt", a.set_aside as "setAside", b.last_reason as "setAsideBecause",
         l.last_at as "deliveredAt", r.attempts as "recentAttempts", r.failed as "recentFailed", r.median as "recentMedianMs"
    from engage.webhook w
   cross join lateral (select count(*)::int as waiting, min(d.happened_at) as oldest from engage.webhook_delivery d
                        where d.webhook_id = w.webhook_id and d.state = 'waiting') q
   cross join lateral (select count(*)::int as set_aside from engage.webhook_delivery d
                        where d.webhook_id = w.webhook_id and d.state = 'set_aside') a
    left join lateral (select d.last_reason from engage.webhook_delivery d
                        where d.webhook_id = w.webhook_id and d.state = 'set_aside' order by d.sequence desc limit 1) b on true
    left join lateral (select d.last_at from engage.webhook_delivery d
                        where d.webhook_id = w.webhook_id and d.state = 'delivered' order by d.last_at desc limit 1) l on true
   cross join lateral (select count(*)::int as attempts, (count(*) filter (where t.reason is not null))::int as failed,
                              percentile_disc(0.5) within group (order by t.took_ms) filter (where t.status is not null) as median
                         from (select t.status, t.reason, t.took_ms from engage.webhook_attempt t
                                where t.webhook_id = w.webhook_id order by t.attempt_id desc limit ${RECENT_MAX}) t) r
   order by w.made_at, w.webhook_id`

export async function webhookById(db: Db, webhookId: string): Promise<WebhookRow | undefined> {
  const [row] = await db<WebhookRow[]>`select ${columns(db)} from engage.webhook w where w.webhook_id = ${webhookId}`
  return row
}

/** The types that somebody wants to hear of now. */
export async function wantedTypes(db: Db): Promise<string[]> {
  const rows = await db<{ type: string }[]>`
    select distinct unnest(w.types) as type from engage.webhook w where w.state <> 'off'`
  return rows.map(({ type }) => type)
}

export const updateWebhook = (
  db: Db,
  webhookId: string,
  w: Pick<WebhookRow, 'title' | 'url' | 'types' | 'state'>,
) => db`
  update engage.webhook set title = ${w.title}, url = ${w.url}, types = ${w.types}, state = ${w.state}, failures = 0, resumes_at = null
   where webhook_id = ${webhookId}`

export const removeWebhook = (db: Db, webhookId: string) =>
  db`delete from engage.webhook where webhook_id = ${webhookId}`

export async function nextSecret(db: Db, webhookId: string, oldUntil: Date): Promise<number | undefined> {
  const [row] = await db<{ number: number }[]>`
    update engage.webhook set secret_number = secret_number + 1, old_secret_until = ${oldUntil}
     where webhook_id = ${webhookId} returning secret_number as number`
  return row?.number
}

export interface NewDelivery {
  customerId: number
  eventId: string
  body: string
  happenedAt: Date
}

/**
 * Events of one type for every webhook that wants it now, in the order given; those that are there already stay as they
 * are. The lock holds a webhook that is being taken away until this is committed, or leaves it out.
 */
export const insertDeliveries = (db: Db, type: string, rows: readonly NewDelivery[], dueAt: Date) => db`
  with hook as (select w.webhook_id from engage.webhook w
                 where w.state <> 'off' and ${type} = any (w.types) order by w.webhook_id for key share)
  insert into engage.webhook_delivery (customer_id, webhook_id, event_id, type, body, happened_at, due_at)
  select n.customer_id, h.webhook_id, n.event_id, ${type}, n.body, n.happened_at, ${dueAt}
    from unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.eventId)}::uuid[],
                ${rows.map((r) => r.body)}::text[], ${rows.map((r) => r.happenedAt.toISOString())}::timestamptz[])
         with ordinality as n (customer_id, event_id, body, happened_at, place)
   cross join hook h
   order by n.place
  on conflict do nothing`

export interface Claimed {
  customerId: number
  webhookId: string
  eventId: string
  sequence: number
  body: string
  attempts: number
  fence: number
}

/** The first waiting delivery of each customer and webhook that is due, each with one server: leased by the database's clock. */
export const claimDue = (db: Db, now: Date, limit: number, leaseSeconds: number) => db<Claimed[]>`
  update engage.webhook_delivery d
     set leased_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), fence = nextval('engage.webhook_fence_seq')
    from (select c.customer_id, c.webhook_id, c.event_id
            from engage.webhook_delivery c
            join engage.webhook w on w.webhook_id = c.webhook_id and w.state = 'on' and (w.resumes_at is null or w.resumes_at <= ${now})
           where c.state = 'waiting' and c.due_at <= ${now} and (c.leased_until is null or c.leased_until < clock_timestamp())
             and not exists (select from engage.webhook_delivery e
                              where e.webhook_id = c.webhook_id and e.customer_id = c.customer_id and e.state = 'waiting'
                                and e.sequence < c.sequence)
           order by c.due_at, c.sequence
           limit ${limit}
             for update of c skip locked) as due
   where (d.customer_id, d.webhook_id, d.event_id) = (due.customer_id, due.webhook_id, due.event_id)
  returning d.customer_id as "customerId", d.webhook_id as "webhookId", d.event_id as "eventId", d.sequence, d.body, d.attempts, d.fence`

/** What came of an attempt; without effect when another server has the delivery by now. `dueAt` null: it is over. */
export async function settle(
  db: Db,
  claimed: Claimed,
  outcome: {
    state: 'waiting' | 'delivered' | 'set_aside'
    dueAt: Date | null
    status: number | null
    reason: string | null
    at: Date
  },
): Promise<boolean> {
  const { customerId, webhookId, eventId } = claimed
  const rows = await db`
    update engage.webhook_delivery d
       set state = ${outcome.state}, attempts = d.attempts + 1, leased_until = null, last_status = ${outcome.status},
           last_reason = ${outcome.reason}, last_at = ${outcome.at}, due_at = coalesce(${outcome.dueAt}, d.due_at)
     where d.customer_id = ${customerId} and d.webhook_id = ${webhookId} and d.event_id = ${eventId} and d.fence = ${claimed.fence}
    returning d.event_id`
  // What waits behind it would be looked at in vain until then.
  if (rows.length > 0 && outcome.dueAt !== null)
    await db`
      update engage.webhook_delivery d set due_at = ${outcome.dueAt}
       where d.webhook_id = ${webhookId} and d.customer_id = ${customerId} and d.state = 'waiting'
         and d.sequence > ${claimed.sequence} and d.due_at < ${outcome.dueAt}`
  if (rows.length > 0 && outcome.dueAt === null)
    await db`
      update engage.webhook_delivery d set due_at = ${outcome.at}
       where d.webhook_id = ${webhookId} and d.customer_id = ${customerId} and d.state = 'waiting' and d.due_at > ${outcome.at}`
  return rows.length > 0
}

export interface Attempt {
  attemptId: string
  sentAt: Date
  tookMs: number
  status: number | null
  /** Null: it was received. */
  reason: string | null
  /** The beginning of what the receiver answered. */
  answer: string | null
}

/** Keeps what came of a request, while its delivery is there. */
export const insertAttempt = (db: Db, { customerId, webhookId, eventId }: Claimed, attempt: Attempt) => db`
  insert into engage.webhook_attempt (customer_id, webhook_id, event_id, attempt_id, sent_at, took_ms, status, reason, answer)
  select d.customer_id, d.webhook_id, d.event_id, ${attempt.attemptId}, ${attempt.sentAt}, ${attempt.tookMs}, ${attempt.status},
         ${attempt.reason}, ${attempt.answer}
    from engage.webhook_delivery d
   where d.customer_id = ${customerId} and d.webhook_id = ${webhookId} and d.event_id = ${eventId}
     for key share`

export async function noteFailure(db: Db, webhookId: string): Promise<number> {
  const [row] = await db<{ failures: number }[]>`
    update engage.webhook set failures = failures + 1 where webhook_id = ${webhookId} returning failures`
  return row?.failures ?? 0
}

export const leaveAlone = (db: Db, webhookId: string, until: Date | null) => db`
  update engage.webhook set resumes_at = ${until} where webhook_id = ${webhookId}`

export const noteSuccess = (db: Db, webhookId: string) => db`
  update engage.webhook set failures = 0, resumes_at = null where webhook_id = ${webhookId} and (failures > 0 or resumes_at is not null)`

export const forgetDelivered = async (db: Db, before: Date): Promise<number> =>
  (await db`delete from engage.webhook_delivery d where d.state <> 'waiting' and d.last_at < ${before}`).count
