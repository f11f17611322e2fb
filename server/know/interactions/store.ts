import { type Db, numbers, texts } from '#platform/postgres'
import type { ContactState, ResponseKind } from './response-state.ts'

/** The part of a past contact that contact policy needs. */
export interface PastContact {
  customerId: number
  contactId: string
  direction: 'inbound' | 'outbound'
  channel: string
  group: string | null
  action: string | null
  treatment: string | null
  class: 'regulatory' | 'service' | 'care' | 'marketing'
  state: ContactState
  claimedAt: Date
}

export interface ContactRow extends PastContact {
  decisionId: string | null
  placement: string | null
  issue: string | null
  communication: string
  step: number
  reason: string | null
  source: string
  claimedVersion: number
  expiresAt: Date | null
  settledAt: Date | null
}

/** Contacts of these customers claimed at or after `since`, newest first. */
export const contactsSince = (db: Db, customerIds: number[], since: Date) => db<PastContact[]>`
  select customer_id as "customerId", contact_id as "contactId", direction, channel, action_group as "group", action,
         treatment, class, state, claimed_at as "claimedAt"
    from know.contact
   where customer_id = any(${customerIds}::bigint[]) and claimed_at >= ${since}
   order by customer_id, claimed_at desc`

/** Inserts contacts; one whose key is taken fails the statement. Rows are columns side by side: one statement for any number. */
export const insertContacts = (db: Db, rows: readonly ContactRow[]) => inserting(db, rows, db``)

/** The same for one that may be there; answers the id when it was new. */
export const insertNewContact = (db: Db, row: ContactRow) =>
  inserting(db, [row], db`on conflict do nothing returning contact_id as "contactId"`)

const inserting = (db: Db, rows: readonly ContactRow[], then: ReturnType<Db>) => db<{ contactId: string }[]>`
  insert into know.contact (customer_id, contact_id, decision_id, direction, channel, placement, issue, action_group,
                            action, treatment, class, communication, step, state, reason, source, claimed_version,
                            claimed_at, expires_at, settled_at)
  select * from unnest(
    ${numbers(rows.map((r) => r.customerId))}::bigint[], ${texts(rows.map((r) => r.contactId))}::uuid[],
    ${texts(rows.map((r) => r.decisionId))}::uuid[], ${texts(rows.map((r) => r.direction))}::text[],
    ${texts(rows.map((r) => r.channel))}::text[], ${texts(rows.map((r) => r.placement))}::text[],
    ${texts(rows.map((r) => r.issue))}::text[], ${texts(rows.map((r) => r.group))}::text[],
    ${texts(rows.map((r) => r.action))}::text[], ${texts(rows.map((r) => r.treatment))}::text[],
    ${texts(rows.map((r) => r.class))}::text[], ${texts(rows.map((r) => r.communication))}::text[],
    ${numbers(rows.map((r) => r.step))}::int[], ${texts(rows.map((r) => r.state))}::text[],
    ${texts(rows.map((r) => r.reason))}::text[], ${texts(rows.map((r) => r.source))}::text[],
    ${numbers(rows.map((r) => r.claimedVersion))}::bigint[], ${texts(rows.map((r) => instant(r.claimedAt)))}::timestamptz[],
    ${texts(rows.map((r) => instant(r.expiresAt)))}::timestamptz[], ${texts(rows.map((r) => instant(r.settledAt)))}::timestamptz[])
  ${then}`

const instant = (at: Date | null): string | null => at?.toISOString() ?? null

const contactColumns = (db: Db) => db`
  customer_id as "customerId", contact_id as "contactId", decision_id as "decisionId", direction, channel, placement,
  issue, action_group as "group", action, treatment, class, communication, step, state, reason, source,
  claimed_version as "claimedVersion", claimed_at as "claimedAt", expires_at as "expiresAt", settled_at as "settledAt"`

export const contactById = async (db: Db, contactId: string): Promise<ContactRow | undefined> =>
  (await db<ContactRow[]>`select ${contactColumns(db)} from know.contact where contact_id = ${contactId}`)[0]

/** Keeps another system's key for a contact; the one that has it already, if any. */
export async function keepExternalKey(
  db: Db,
  key: { source: string; sourceContactId: string; customerId: number; contactId: string },
): Promise<{ customerId: number; contactId: string } | undefined> {
  const kept = await db`
    insert into know.external_contact_key (source, source_contact_id, customer_id, contact_id)
    values (${key.source}, ${key.sourceContactId}, ${key.customerId}, ${key.contactId})
    on conflict do nothing returning 1`
  if (kept.length > 0) return undefined
  const [earlier] = await db<{ customerId: number; contactId: string }[]>`
    select k.customer_id as "customerId", k.contact_id as "contactId" from know.external_contact_key k
     where k.source = ${key.source} and k.source_contact_id = ${key.sourceContactId}`
  return earlier
}

/** Locked by the customer's version beforehand, so plain updates cannot race. */
export const setState = (
  db: Db,
  contact: { customerId: number; contactId: string },
  state: ContactState,
  settledAt: Date | null,
) => db`
  update know.contact set state = ${state}, settled_at = coalesce(settled_at, ${settledAt})
   where customer_id = ${contact.customerId} and contact_id = ${contact.contactId}`

export interface ResponseRow {
  customerId: number
  responseId: string
  contactId: string
  kind: ResponseKind
  channel: string
  idempotencyKey: string
  digest: string
  reason: string | null
  version: number
  occurredAt: Date
  recordedAt: Date
}

export const responseByKey = async (db: Db, customerId: number, key: string) =>
  (
    await db<{ responseId: string; digest: string }[]>`
      select response_id as "responseId", digest from know.response
       where customer_id = ${customerId} and idempotency_key = ${key}`
  )[0]

export const insertResponse = (db: Db, r: ResponseRow) => db<{ responseId: string }[]>`
  insert into know.response (customer_id, response_id, contact_id, kind, channel, idempotency_key, digest, reason,
                             version, occurred_at, recorded_at)
  values (${r.customerId}, ${r.responseId}, ${r.contactId}, ${r.kind}, ${r.channel}, ${r.idempotencyKey}, ${r.digest},
          ${r.reason}, ${r.version}, ${r.occurredAt}, ${r.recordedAt})
  on conflict (customer_id, contact_id, kind) do nothing
  returning response_id as "responseId"`

/** Newest contacts of one customer with their responses. */
export const timeline = (db: Db, customerId: number, before: Date, contactsMax: number) => db<
  (ContactRow & { responses: { kind: ResponseKind; channel: string; occurredAt: string }[] })[]
>`
  select ${contactColumns(db)},
         coalesce((select jsonb_agg(jsonb_build_object('kind', r.kind, 'channel', r.channel, 'occurredAt', r.occurred_at)
                                    order by r.recorded_at)
                     from know.response r
                    where r.customer_id = c.customer_id and r.contact_id = c.contact_id), '[]') as responses
    from know.contact c
   where customer_id = ${customerId} and claimed_at < ${before}
   order by claimed_at desc
   limit ${contactsMax}`

/** Offers that nobody saw before their time was up. Answers how many were expired. */
export const expireContacts = async (db: Db, now: Date): Promise<number> =>
  (
    await db`
      update know.contact set state = 'expired', settled_at = ${now}
       where state in ('offered', 'claimed') and expires_at < ${now}`
  ).count

/** Ends what was claimed and not yet seen or sent. Locked by the customer's version beforehand. */
export const suppressOpen = async (db: Db, customerId: number, reason: string, now: Date): Promise<number> =>
  (
    await db`
      update know.contact set state = 'suppressed', reason = ${reason}, settled_at = ${now}
       where customer_id = ${customerId} and source = 'clientele' and state in ('offered', 'claimed')`
  ).count

/** Ends one contact that nobody was shown. */
export const suppressOne = (
  db: Db,
  contact: { customerId: number; contactId: string },
  reason: string,
  now: Date,
) => db`
  update know.contact set state = 'suppressed', reason = ${reason}, settled_at = ${now}
   where customer_id = ${contact.customerId} and contact_id = ${contact.contactId} and state in ('offered', 'claimed')`

/** Ends one contact that was tried and reached nobody. Locked by the customer's version beforehand. */
export const failOne = async (
  db: Db,
  contact: { customerId: number; contactId: string },
  reason: string,
  now: Date,
): Promise<boolean> =>
  (
    await db`
      update know.contact set state = 'failed', reason = ${reason}, settled_at = ${now}
       where customer_id = ${contact.customerId} and contact_id = ${contact.contactId} and state = 'claimed'`
  ).count > 0

export interface TrialBalanceLine {
  channel: string
  class: string
  decided: number
  delivered: number
  suppressed: number
  failed: number
  expired: number
  pending: number
  unknown: number
}

/** decided = delivered + suppressed + failed + expired + pending + unknown, for our own contacts claimed in [from, to). */
export const trialBalance = (db: Db, from: Date, to: Date) => db<TrialBalanceLine[]>`
  select channel, class,
         count(*)::int as decided,
         count(*) filter (where state in ('sent', 'delivered', 'shown', 'clicked', 'accepted', 'refused', 'deferred',
                                          'declined_for_good'))::int as delivered,
         count(*) filter (where state = 'suppressed')::int as suppressed,
         count(*) filter (where state = 'failed')::int as failed,
         count(*) filter (where state = 'expired')::int as expired,
         count(*) filter (where state in ('offered', 'claimed'))::int as pending,
         count(*) filter (where state = 'unknown')::int as unknown
    from know.contact
   where source = 'clientele' and claimed_at >= ${from} and claimed_at < ${to}
   group by channel, class
   order by channel, class`

/** Contacts that have not ended, by state: each state has an index of its own. */
export const openByState = (db: Db) => db<{ state: ContactState; contacts: number }[]>`
  select state, count(*)::int as contacts from know.contact
   where state in ('offered', 'claimed') group by state
  union all
  select 'unknown', count(*)::int from know.contact where state = 'unknown'`
