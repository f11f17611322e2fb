import type { Db } from '#platform/postgres'
import type { ViewBody } from './contract.ts'

export interface ViewRow {
  viewId: string
  personId: string
  page: string
  name: string
  state: string
  sharedWith: string | null
  ownerName: string
  savedAt: Date
}

/** A person's own views and those shared with one of their roles, by name; of one page only when given. */
export const viewsFor = (db: Db, personId: string, roles: readonly string[], page: string | undefined) => db<ViewRow[]>`
  select v.view_id as "viewId", v.person_id as "personId", v.page, v.name, v.state, v.shared_with as "sharedWith",
         p.name as "ownerName", v.saved_at as "savedAt"
    from trust.view v
    join trust.person p on p.person_id = v.person_id
   where (v.person_id = ${personId} or v.shared_with = any (${roles as string[]}::text[]))
     and ${page === undefined ? db`true` : db`v.page = ${page}`}
   order by v.page, lower(v.name), v.view_id
   limit 1000`

export async function ownerOf(db: Db, viewId: string): Promise<string | undefined> {
  const [row] = await db<{ personId: string }[]>`
    select v.person_id as "personId" from trust.view v where v.view_id = ${viewId}`
  return row?.personId
}

export async function countOwn(db: Db, personId: string): Promise<number> {
  const [row] = await db<{ n: number }[]>`select count(*)::int as n from trust.view v where v.person_id = ${personId}`
  return row!.n
}

/** Saves it anew or over the owner's earlier one; false when the name is taken on that page. */
export async function putView(
  db: Db,
  row: ViewBody & { viewId: string; personId: string; savedAt: Date },
): Promise<boolean> {
  const [taken] = await db`
    select from trust.view v
     where v.person_id = ${row.personId} and v.page = ${row.page} and v.name = ${row.name} and v.view_id <> ${row.viewId}`
  if (taken) return false
  await db`
    insert into trust.view (view_id, person_id, page, name, state, shared_with, saved_at)
    values (${row.viewId}, ${row.personId}, ${row.page}, ${row.name}, ${row.state}, ${row.sharedWith ?? null}, ${row.savedAt})
    on conflict (view_id) do update
      set page = excluded.page, name = excluded.name, state = excluded.state, shared_with = excluded.shared_with,
          saved_at = excluded.saved_at
      where view.person_id = excluded.person_id`
  return true
}

export const removeView = (db: Db, viewId: string, personId: string) =>
  db`delete from trust.view where view_id = ${viewId} and person_id = ${personId}`
