import type { Db } from '#platform/postgres'
import type { Evidence, Medium, Outbound, Purpose, State } from './contract.ts'
import type { Current } from './decide.ts'

/** The current state of many customers: one short index range each. */
export const readConsents = (db: Db, customerIds: readonly number[]) =>
  db<(Current & { customerId: number })[]>`
    select c.customer_id as "customerId", c.purpose, c.channel, c.state, c.version
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
    insert into trust.consent (customer_id, purpose, channel, state, version, recorded_at)
    select customer_id, purpose, channel, state, version, recorded_at from said
    on conflict (customer_id, purpose, channel)
      do update set state = excluded.state, version = excluded.version, recorded_at = excluded.recorded_at`
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
