import { type Db, numbers } from '#platform/postgres'
import type { Evidence, Medium, Outbound, Purpose, State } from './contract.ts'
import type { Current } from './decide.ts'

/** The current state of many customers, by primary key; none for those of whom nothing was recorded. */
export const readConsents = (db: Db, customerIds: readonly number[]) =>
  db<(Current & { customerId: number })[]>`
    select c.customer_id as "customerId", c.version, c.marketing, c.email, c.sms, c.push, c.call, c.post, c.profiling,
           c.payment_data as "paymentData", c.ends_on as "endsOn"
      from trust.consent c
     where c.customer_id = any (${numbers(customerIds)}::bigint[])`

/** One statement of one customer, with the version under which it was taken. */
export interface ConsentRow {
  customerId: number
  version: number
  purpose: Purpose
  channel: Outbound | 'all'
  state: State
  evidence: Evidence
  /** Of a minor: the eighteenth birthday. */
  endsOn: string | null
}

/** Adds to the history and moves the current state, in one statement for any number of customers. */
export async function saveConsents(
  db: Db,
  rows: readonly ConsentRow[],
  recorded: { by: string; at: Date; today: string },
): Promise<void> {
  await db`
    with said as (
      insert into trust.consent_record
             (customer_id, version, purpose, channel, state, evidence, ends_on, recorded_by, recorded_at)
      select n.customer_id, n.version, n.purpose, n.channel, n.state, n.evidence::jsonb, n.ends_on,
             ${recorded.by}, ${recorded.at}
        from unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.version)}::bigint[],
                    ${rows.map((row) => row.purpose)}::text[], ${rows.map((row) => row.channel)}::text[],
                    ${rows.map((row) => row.state)}::text[], ${rows.map((row) => JSON.stringify(row.evidence))}::text[],
                    ${rows.map((row) => row.endsOn)}::date[])
          as n (customer_id, version, purpose, channel, state, evidence, ends_on)
      returning customer_id, version, purpose, channel, state, ends_on, recorded_at),
    of_customer as (
      select customer_id, max(version) as version, max(recorded_at) as recorded_at, max(ends_on) as ends_on,
             max(state) filter (where purpose = 'marketing' and channel = 'all') as marketing,
             max(state) filter (where channel = 'email') as email, max(state) filter (where channel = 'sms') as sms,
             max(state) filter (where channel = 'push') as push, max(state) filter (where channel = 'call') as call,
             max(state) filter (where channel = 'post') as post,
             max(state) filter (where purpose = 'profiling') as profiling,
             max(state) filter (where purpose = 'payment_data') as payment_data
        from said
       group by customer_id)
    insert into trust.consent as c
           (customer_id, version, recorded_at, ends_on, marketing, email, sms, push, call, post, profiling, payment_data)
    select customer_id, version, recorded_at, ends_on, marketing, email, sms, push, call, post, profiling, payment_data
      from of_customer
    on conflict (customer_id) do update
       set version = excluded.version, recorded_at = excluded.recorded_at, ends_on = excluded.ends_on,
           marketing = coalesce(excluded.marketing, trust.still_said(c.marketing, c.ends_on, ${recorded.today})),
           email = coalesce(excluded.email, trust.still_said(c.email, c.ends_on, ${recorded.today})),
           sms = coalesce(excluded.sms, trust.still_said(c.sms, c.ends_on, ${recorded.today})),
           push = coalesce(excluded.push, trust.still_said(c.push, c.ends_on, ${recorded.today})),
           call = coalesce(excluded.call, trust.still_said(c.call, c.ends_on, ${recorded.today})),
           post = coalesce(excluded.post, trust.still_said(c.post, c.ends_on, ${recorded.today})),
           profiling = coalesce(excluded.profiling, trust.still_said(c.profiling, c.ends_on, ${recorded.today})),
           payment_data = coalesce(excluded.payment_data, trust.still_said(c.payment_data, c.ends_on, ${recorded.today}))`
}

/** Everything one customer ever said, the newest first. */
export const readHistory = (db: Db, customerId: number) => db<
  (Omit<ConsentRow, 'customerId' | 'endsOn'> & { recordedBy: string; recordedAt: Date })[]
>`
  select r.version, r.purpose, r.channel, r.state, r.evidence, r.recorded_by as "recordedBy", r.recorded_at as "recordedAt"
    from trust.consent_record r
   where r.customer_id = ${customerId}
   order by r.version desc, r.purpose, r.channel`

export async function saveSuppression(
  db: Db,
  row: { medium: Medium; digest: Buffer; evidence: Evidence; by: string; at: Date },
): Promise<void> {
  await db`
    insert into trust.suppression (medium, address_digest, evidence, suppressed_by, suppressed_at)
    values (${row.medium}, ${row.digest}, ${JSON.stringify(row.evidence)}::text::jsonb, ${row.by}, ${row.at})
    on conflict (medium, address_digest) do nothing`
}

/** Which of these are suppressed, by their place in the list. */
export async function readSuppressed(
  db: Db,
  addresses: readonly { medium: Medium; digest: Buffer }[],
): Promise<Set<number>> {
  const rows = await db<{ at: number }[]>`
    select n.at::int as at
      from unnest(${addresses.map(({ medium }) => medium)}::text[],
                  ${addresses.map(({ digest }) => digest.toString('hex'))}::text[]) with ordinality as n (medium, digest, at)
      join trust.suppression s on s.medium = n.medium and s.address_digest = decode(n.digest, 'hex')`
  return new Set(rows.map(({ at }) => at - 1))
}

const STATES = ['marketing', 'email', 'sms', 'push', 'call', 'post', 'profiling', 'payment_data'] as const

/** How many customers stand how to one purpose and channel; over the whole base, in one reading of the table. */
export async function countStates(db: Db): Promise<{ column: string; state: State | null; customers: number }[]> {
  // Few combinations are in use, and a row is looked at once for all eight.
  const combined = await db<({ customers: number } & Record<(typeof STATES)[number], State | null>)[]>`
    select c.marketing, c.email, c.sms, c.push, c.call, c.post, c.profiling, c.payment_data, count(*)::int as customers
      from trust.consent c
     group by c.marketing, c.email, c.sms, c.push, c.call, c.post, c.profiling, c.payment_data`
  return STATES.flatMap((column) =>
    [...Map.groupBy(combined, (row) => row[column])].map(([state, rows]) => ({
      column,
      state,
      customers: rows.reduce((sum, { customers }) => sum + customers, 0),
    })),
  )
}

/** What was recorded on each day since, by the bank's zone. */
export const countRecorded = (db: Db, since: Date, zone: string) =>
  db<{ day: string; state: State; records: number }[]>`
    select to_char(r.recorded_at at time zone ${zone}, 'YYYY-MM-DD') as day, r.state, count(*)::int as records
      from trust.consent_record r
     where r.recorded_at >= ${since}
     group by 1, 2`

/** Records of many customers, the newest first; never those of the customer who is left out. */
export const readRecords = (
  db: Db,
  asked: { from: Date; to: Date; purpose: Purpose | undefined; without: number | undefined; limit: number },
) =>
  db<(Omit<ConsentRow, 'endsOn'> & { endsOn: string | null; recordedBy: string; recordedAt: Date })[]>`
    select r.customer_id as "customerId", r.version, r.purpose, r.channel, r.state, r.evidence, r.ends_on as "endsOn",
           r.recorded_by as "recordedBy", r.recorded_at as "recordedAt"
      from trust.consent_record r
     where r.recorded_at >= ${asked.from} and r.recorded_at < ${asked.to}
       and ${asked.purpose === undefined ? db`true` : db`r.purpose = ${asked.purpose}`}
       and ${asked.without === undefined ? db`true` : db`r.customer_id <> ${asked.without}`}
     order by r.recorded_at desc, r.customer_id, r.version desc, r.purpose, r.channel
     limit ${asked.limit}`
