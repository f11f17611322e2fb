import type { Db } from '#platform/postgres'
import type { Count } from './beliefs.ts'

/** All counts, in one order on every server: their text names the model. */
export const readCounts = (db: Db): Promise<Count[]> => db<Count[]>`
  select action, treatment, channel, offered, accepted
    from decide.propensity
   order by action collate "C", treatment collate "C", channel collate "C"`

export async function saveModel(db: Db, version: string, counts: string, takenAt: Date): Promise<void> {
  await db`
    insert into decide.model (model_version, counts, taken_at)
    values (${version}, ${counts}::text::json, ${takenAt})
    on conflict (model_version) do nothing`
}

export const readModel = (db: Db, version: string): Promise<{ counts: unknown[][] }[]> =>
  db<{ counts: unknown[][] }[]>`select counts from decide.model where model_version = ${version}`

export type LearnedKind = 'offered' | 'accepted' | 'realised' | 'unrealised'

/** True when this was not known of the contact before. */
export async function insertLearned(
  db: Db,
  row: { customerId: number; contactId: string; kind: LearnedKind; learnedAt: Date },
): Promise<boolean> {
  const rows = await db`
    insert into decide.learned (customer_id, contact_id, kind, learned_at)
    values (${row.customerId}, ${row.contactId}, ${row.kind}, ${row.learnedAt})
    on conflict do nothing
    returning contact_id`
  return rows.length > 0
}

/** Two servers count into one row: the increment happens in the database. */
export async function count(
  db: Db,
  key: { action: string; treatment: string; channel: string },
  by: { offered: number; accepted: number },
  at: Date,
): Promise<void> {
  // The row proposed must satisfy the table's checks even when another is there already: an acceptance alone would be
  // more than nothing offered.
  await db`
    insert into decide.propensity as p (action, treatment, channel, offered, accepted, updated_at)
    values (${key.action}, ${key.treatment}, ${key.channel}, ${Math.max(by.offered, by.accepted)}, ${by.accepted}, ${at})
    on conflict (action, treatment, channel) do update
       set offered = p.offered + ${by.offered}, accepted = p.accepted + ${by.accepted}, updated_at = excluded.updated_at`
}

/** The last snapshot of each of the latest days, newest first. */
export const modelsByDay = (db: Db, zone: string, daysMax: number) =>
  db<{ on: string; modelVersion: string; counts: unknown[][] }[]>`
    select distinct on (1) to_char(taken_at at time zone ${zone}, 'YYYY-MM-DD') as "on",
           model_version as "modelVersion", counts
      from decide.model
     order by 1 desc, taken_at desc
     limit ${daysMax}`
