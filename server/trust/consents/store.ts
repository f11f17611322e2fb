import type { Db } from '#platform/postgres'
import type { Evidence, Medium, Outbound, Purpose, State } from './contract.ts'
import type { Current } from './decide.ts'

/** The current state of many customers, by primary key; none for those of whom nothing was recorded. */
export const readConsents = (db: Db, customerIds: readonly number[]) =>
  db<(Current & { customerId: number })[]>`
    select c.customer_id as "customerId", c.version, c.marketing, c.email, c.sms, c.push, c.call, c.post, c.profiling,
           c.payment_data as "paymentData"
      from trust.consent c
     where c.customer_id = any (${customerIds as number[]}::bigint[])`

/** One statement of one customer, with the version under which it was taken. */
export interface ConsentRow {
  customerId: number
  version: number
  purpose: Purpose
  channel: Outbound | 'all'
  state: State
  evidence: Evidence
}

/** Adds to the history and moves the current state, in one statement for any number of customers. */
export async function saveConsents(
  db: Db,
  rows: readonly ConsentRow[],
  recorded: { by: string; at: Date },
): Promise<void> {
  await db`
    with said as (
      insert into trust.consent_record (customer_id, version, purpose, channel, state, evidence, recorded_by, recorded_at)
      select n.customer_id, n.version, n.purpose, n.channel, n.state, n.evidence::jsonb, ${recorded.by}, ${recorded.at}
        from unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.version)}::bigint[],
                    ${rows.map((row) => row.purpose)}::text[], ${rows.map((row) => row.channel)}::text[],
                    ${rows.map((row) => row.state)}::text[], ${rows.map((row) => JSON.stringify(row.evidence))}::text[])
          as n (customer_id, version, purpose, channel, state, evidence)
      returning customer_id, version, purpose, channel, state, recorded_at)
    insert into trust.consent as c
           (customer_id, version, recorded_at, marketing, email, sms, push, call, post, profiling, payment_data)
    select customer_id, max(version), max(recorded_at),
           max(state) filter (where purpose = 'marketing' and channel = 'all'),
           max(state) filter (where channel = 'email'), max(state) filter (where channel = 'sms'),
           max(state) filter (where channel = 'push'), max(state) filter (where channel = 'call'),
           max(state) filter (where channel = 'post'), max(state) filter (where purpose = 'profiling'),
           max(state) filter (where purpose = 'payment_data')
      from said
     group by customer_id
    on conflict (customer_id) do update
       set version = excluded.version, recorded_at = excluded.recorded_at,
           marketing = coalesce(excluded.marketing, c.marketing), email = coalesce(excluded.email, c.email),
           sms = coalesce(excluded.sms, c.sms), push = coalesce(excluded.push, c.push),
           call = coalesce(excluded.call, c.call), post = coalesce(excluded.post, c.post),
           profiling = coalesce(excluded.profiling, c.profiling),
           payment_data = coalesce(excluded.payment_data, c.payment_data)`
}

/** Everything one customer ever said, the newest first. */
export const readHistory = (db: Db, customerId: number) => db<
  (Omit<ConsentRow, 'customerId'> & { recordedBy: string; recordedAt: Date })[]
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
