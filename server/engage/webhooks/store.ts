import type { Db } from '#platform/postgres'

export interface WebhookRow {
  webhookId: string
  title: string
  url: string
  types: string[]
  state: 'on' | 'off'
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

export const webhooks = (db: Db) => db<
  (WebhookRow & { waiting: number; setAside: number; deliveredAt: Date | null })[]
>`
  select ${columns(db)}, coalesce(d.waiting, 0)::int as waiting, coalesce(d.set_aside, 0)::int as "setAside", d.delivered_at as "deliveredAt"
    from engage.webhook w
    left join (select d.webhook_id, count(*) filter (where d.state = 'waiting') as waiting,
                      count(*) filter (where d.state = 'set_aside') as set_aside,
                      max(d.last_at) filter (where d.state = 'delivered') as delivered_at
                 from engage.webhook_delivery d group by d.webhook_id) d using (webhook_id)
   order by w.made_at, w.webhook_id`

export async function webhookById(db: Db, webhookId: string): Promise<WebhookRow | undefined> {
  const [row] = await db<WebhookRow[]>`select ${columns(db)} from engage.webhook w where w.webhook_id = ${webhookId}`
  return row
}

export const openWebhooks = (db: Db) =>
  db<{ webhookId: string; types: string[] }[]>`
    select w.webhook_id as "webhookId", w.types from engage.webhook w where w.state = 'on' order by w.webhook_id`

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
  webhookId: string
  eventId: string
  type: string
  body: string
  happenedAt: Date
}

/** In the order given; those that are there already stay as they are. */
export const insertDeliveries = (db: Db, rows: readonly NewDelivery[], dueAt: Date) => db`
  insert into engage.webhook_delivery (customer_id, webhook_id, event_id, type, body, happened_at, due_at)
  select n.customer_id, n.webhook_id, n.event_id, n.type, n.body, n.happened_at, ${dueAt}
    from unnest(${rows.map((r) => r.customerId)}::bigint[], ${rows.map((r) => r.webhookId)}::uuid[],
                ${rows.map((r) => r.eventId)}::uuid[], ${rows.map((r) => r.type)}::text[], ${rows.map((r) => r.body)}::text[],
                ${rows.map((r) => r.happenedAt.toISOString())}::timestamptz[])
         with ordinality as n (customer_id, webhook_id, event_id, type, body, happened_at, place)
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

export async function noteFailure(db: Db, webhookId: string): Promise<number> {
  const [row] = await db<{ failures: number }[]>`
    update engage.webhook set failures = failures + 1 where webhook_id = ${webhookId} returning failures`
  return row?.failures ?? 0
}

export const leaveAlone = (db: Db, webhookId: string, until: Date | null) => db`
  update engage.webhook set resumes_at = ${until} where webhook_id = ${webhookId}`

export const noteSuccess = (db: Db, webhookId: string) => db`
  update engage.webhook set failures = 0, resumes_at = null where webhook_id = ${webhookId} and (failures > 0 or resumes_at is not null)`

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
  asked: { state: string | undefined; before: number | undefined; limit: number },
) => db<DeliveryRow[]>`
  select d.event_id as "eventId", d.sequence, d.customer_id as "customerId", d.type, d.happened_at as "happenedAt", d.state, d.attempts,
         d.due_at as "dueAt", d.last_status as "lastStatus", d.last_reason as "lastReason", d.last_at as "lastAt"
    from engage.webhook_delivery d
   where d.webhook_id = ${webhookId} and ${asked.state === undefined ? db`true` : db`d.state = ${asked.state}`}
     and ${asked.before === undefined ? db`true` : db`d.sequence < ${asked.before}`}
   order by d.sequence desc
   limit ${asked.limit}`

export async function sequenceOf(db: Db, webhookId: string, eventId: string): Promise<number | undefined> {
  const [row] = await db<{ sequence: number }[]>`
    select d.sequence from engage.webhook_delivery d where d.webhook_id = ${webhookId} and d.event_id = ${eventId}`
  return row?.sequence
}

/** Lets deliveries wait again, from an instant or a sequence on, or one alone. Answers how many. */
export async function again(
  db: Db,
  webhookId: string,
  which: { from?: Date; sequence?: number; only?: string },
  now: Date,
): Promise<number> {
  const rows = await db`
    update engage.webhook_delivery d
       set state = 'waiting', attempts = 0, due_at = ${now}, leased_until = null, fence = nextval('engage.webhook_fence_seq')
     where d.webhook_id = ${webhookId}
       and ${which.only !== undefined ? db`d.event_id = ${which.only}` : which.from !== undefined ? db`d.happened_at >= ${which.from}` : db`d.sequence >= ${which.sequence!}`}`
  return rows.count
}

export const forgetDelivered = async (db: Db, before: Date): Promise<number> =>
  (await db`delete from engage.webhook_delivery d where d.state <> 'waiting' and d.last_at < ${before}`).count
