import type { Lake } from '#platform/clickhouse'
import { addDays } from '#platform/clock'
import type { Db } from '#platform/postgres'
import type { ItemKind, Transaction } from './contract.ts'
import type { Cursor } from './cursor.ts'

export interface ItemRow {
  kind: ItemKind
  id: string
  /** With microseconds. */
  at: string
  key: string
  channel: string | null
  about: string | null
  facts: Record<string, unknown>
}

/**
 * A page of what PostgreSQL knows of one customer, newest first. Each kind is cut to the page by itself, so that the
 * longest history costs no more than its own index or rows.
 */
export const itemsBefore = (
  db: Db,
  asked: { customerId: number; kinds: ReadonlySet<ItemKind>; before: Cursor; until: Date; limit: number },
): Promise<ItemRow[]> => {
  const { customerId, kinds, before, until, limit } = asked
  const wants = (kind: ItemKind) => kinds.has(kind)
  const at = db`${before.at}::text::timestamptz`
  const page = db`(i.at, i.key) < (${at}, ${before.key}::text collate "C")
    order by i.at desc, i.key desc limit ${limit}`
  return db<ItemRow[]>`
    with contact as (
      select * from (
        select 'contact' as kind, c.contact_id::text as id, c.claimed_at as at, ('contact:' || c.contact_id) collate "C" as key,
               c.channel, c.action as about,
               jsonb_build_object('direction', c.direction, 'placement', c.placement, 'treatment', c.treatment, 'class', c.class,
                                  'state', c.state, 'reason', c.reason, 'source', c.source, 'decisionId', c.decision_id,
                                  'settledAt', c.settled_at) as facts
          from know.contact c
         where ${wants('contact')} and c.customer_id = ${customerId} and c.claimed_at <= ${at}) i where ${page}),
    answer as (
      select * from (
        select 'answer' as kind, r.response_id::text as id, r.occurred_at as at, ('answer:' || r.response_id) collate "C" as key,
               r.channel, c.action as about,
               jsonb_build_object('answer', r.kind, 'contactId', r.contact_id, 'reason', r.reason) as facts
          from know.response r
          join know.contact c on c.customer_id = r.customer_id and c.contact_id = r.contact_id
         where ${wants('answer')} and r.customer_id = ${customerId}) i where ${page}),
    event as (
      select * from (
        select 'event' as kind, e.event_id::text as id, e.occurred_at as at, ('event:' || e.event_id) collate "C" as key,
               null::text as channel, e.type as about,
               jsonb_build_object('source', e.source, 'payload', e.payload) as facts
          from know.event e
         where ${wants('event')} and e.customer_id = ${customerId} and e.occurred_at <= ${until}) i where ${page}),
    -- Who may not be told why there is no contact is told that there is none.
    standing as (
      select * from (
        select 'standing' as kind, s.standing_id || ':' || v.change as id, v.at,
               ('standing:' || s.standing_id || ':' || v.change) collate "C" as key, null::text as channel,
               case when s.standing = 'crime_block' then 'no_contact' else s.standing end as about,
               jsonb_build_object('change', v.change, 'effect', s.effect, 'fromOn', s.from_on, 'toOn', s.to_on,
                                  'reason', case when s.standing <> 'crime_block' then v.reason end,
                                  'by', case when s.standing <> 'crime_block' then v.done_by end) as facts
          from know.standing s
         cross join lateral (values ('noted', s.noted_at, s.reason, s.noted_by),
                                    ('ended', s.ended_at, s.end_reason, s.ended_by)) as v (change, at, reason, done_by)
         where ${wants('standing')} and s.customer_id = ${customerId} and v.at is not null) i where ${page}),
    consent as (
      select * from (
        select 'consent' as kind, r.version || ':' || r.purpose || ':' || r.channel as id, r.recorded_at as at,
               ('consent:' || lpad(r.version::text, 20, '0') || ':' || r.purpose || ':' || r.channel) collate "C" as key,
               nullif(r.channel, 'all') as channel, r.purpose as about,
               jsonb_build_object('purpose', r.purpose, 'state', r.state, 'evidence', r.evidence, 'by', r.recorded_by) as facts
          from trust.consent_record r
         where ${wants('consent')} and r.customer_id = ${customerId}) i where ${page}),
    -- Who would have heard something and did not is for the analysis, not for those who talk to the customer.
    decision as (
      select * from (
        select 'decision' as kind, d.decision_id::text as id, d.asked_at as at, ('decision:' || d.decision_id) collate "C" as key,
               d.channel, case when d.arm is distinct from 'control' then d.chosen[1] end as about,
               jsonb_build_object('placement', d.placement, 'nothingBecause', d.nothing_because,
                                  'actions', case when d.arm = 'control' then '[]'::jsonb else to_jsonb(d.chosen) end) as facts
          from decide.decision d
         where ${wants('decision')} and d.customer_id = ${customerId}) i where ${page}),
    item as (select * from contact union all select * from answer union all select * from event union all select * from standing
             union all select * from consent union all select * from decision)
    select i.kind, i.id, to_char(i.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, i.key, i.channel, i.about, i.facts
      from item i
     order by i.at desc, i.key collate "C" desc
     limit ${limit}`
}

/** Whose a contact or a decision is. */
export const ownerOf = async (
  db: Db,
  id: string,
): Promise<{ kind: 'contact' | 'decision'; customerId: number } | undefined> =>
  (
    await db<{ kind: 'contact' | 'decision'; customerId: number }[]>`
      select 'contact' as kind, c.customer_id as "customerId" from know.contact c where c.contact_id = ${id}
       union all
      select 'decision', d.customer_id from decide.decision d where d.decision_id = ${id}`
  )[0]

/** A holding, and from when until when its transactions are seen. */
export interface Seen {
  holdingId: number
  fromOn: string
  toOn: string
}

/** How far back is looked at first; the last time everything is. */
const LOOK_BACK_DAYS = [62, 400, 1500]
const FIRST_DAY = '1900-01-01'

/** A page of transactions of these holdings, newest first. */
export async function transactionsBefore(
  lake: Lake,
  asked: { holdings: readonly Seen[]; before: Cursor; today: string; limit: number },
): Promise<(Transaction & { key: string; exactAt: string })[]> {
  const { holdings, before, today, limit } = asked
  if (holdings.length === 0) return []
  const beforeOn = before.at.slice(0, 10)
  const to = [beforeOn, today].sort()[0]!
  const earliest = holdings.map(({ fromOn }) => fromOn).sort()[0]!
  for (const days of [...LOOK_BACK_DAYS, 0]) {
    const from = days === 0 ? FIRST_DAY : addDays(to, -days)
    const rows = await lake.query<Transaction & { key: string; exactAt: string }>(
      `select transaction_id as transactionId, holding_id as holdingId, toString(booked_on) as bookedOn, toString(value_on) as valueOn,
              amount_minor as amountMinor, currency, kind, category, operation, balance_after_minor as balanceAfterMinor, status,
              concat(replaceOne(substring(toString(happened), 1, 19), ' ', 'T'), 'Z') as at,
              concat(replaceOne(toString(happened), ' ', 'T'), '000Z') as exactAt, key
         from (select *, if(toDate32(occurred_at) = booked_on, occurred_at, toDateTime64(booked_on, 3, 'UTC')) as happened,
                      concat('transaction:', toString(holding_id), ':', hex(sipHash64(transaction_id))) as key
                 from know.account_transaction final
                where holding_id in {ids:Array(Int64)} and booked_on <= toDate32({to:String}) and booked_on >= toDate32({from:String})
                  and booked_on >= toDate32({froms:Array(String)}[indexOf({ids:Array(Int64)}, holding_id)])
                  and booked_on <= toDate32({tos:Array(String)}[indexOf({ids:Array(Int64)}, holding_id)]))
        where (happened, key) < (toDateTime64({at:String}, 3, 'UTC'), {key:String})
        order by happened desc, key desc
        limit {limit:UInt32}`,
      {
        ids: holdings.map(({ holdingId }) => holdingId),
        froms: holdings.map(({ fromOn }) => fromOn),
        tos: holdings.map(({ toOn }) => toOn),
        to,
        from,
        at: lakeInstant(before.at),
        key: before.key,
        limit,
      },
      // A transaction's day is part of its key, so no two months hold the same one.
      { timeoutMs: 30_000, settings: { do_not_merge_across_partitions_select_final: 1 } },
    )
    if (rows.length === limit || from <= earliest || days === 0) return rows
  }
  return []
}

// The lake's instants end in 2299 and have milliseconds; what is above them is the first page.
const lakeInstant = (at: string): string =>
  at > '2299' ? '2299-12-31 23:59:59.999' : at.slice(0, 23).replace('T', ' ')
