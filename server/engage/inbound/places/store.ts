import type { Db } from '#platform/postgres'
import type { Counts } from './contract.ts'
import type { Answered, Asked, ByPlace } from './counts.ts'

/** Ids begin with their time: no row with an id below this one was made before the instant. */
const idsFrom = (atMs: number): string => {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}
/** An id may be drawn a little before or after the instant that its row tells. */
const APART_MS = 60_000

/** When a day of a zone begins, and when the next one does. */
export async function spanOf(db: Db, day: string, zone: string): Promise<{ from: Date; to: Date }> {
  const [row] = await db<{ from: Date; to: Date }[]>`
    select (${day}::date::timestamp at time zone ${zone}) as "from", ((${day}::date + 1)::timestamp at time zone ${zone}) as "to"`
  return row!
}

export const asksBetween = (db: Db, fromMs: number, toMs: number) => db<Asked[]>`
  select d.placement, count(*)::int as asks, (count(*) filter (where d.contacts > 0))::int as filled
    from decide.decision d
   where d.decision_id >= ${idsFrom(fromMs - APART_MS)} and d.decision_id < ${idsFrom(toMs + APART_MS)}
     and d.asked_at >= ${new Date(fromMs)} and d.asked_at < ${new Date(toMs)} and d.placement is not null
   group by d.placement`

export const answersBetween = (db: Db, fromMs: number, toMs: number) => db<Answered[]>`
  select k.placement, r.kind, count(*)::int as count
    from know.response r
    join know.contact k on k.customer_id = r.customer_id and k.contact_id = r.contact_id
   where r.recorded_at >= ${new Date(fromMs)} and r.recorded_at < ${new Date(toMs)} and k.placement is not null
   group by k.placement, r.kind`

export const countedDays = async (db: Db, days: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await db<{ day: string }[]>`
        select c.day::text as day from engage.placement_day_counted c where c.day = any (${[...days]}::date[])`
    ).map(({ day }) => day),
  )

/** Says what a day came to, once. */
export async function insertDay(db: Db, day: string, counts: ByPlace, at: Date): Promise<void> {
  const first = await db`
    insert into engage.placement_day_counted (day, counted_at) values (${day}, ${at}) on conflict do nothing returning day`
  if (first.length === 0) return
  for (const [placement, c] of counts)
    await db`
      insert into engage.placement_day (day, placement, asks, filled, impressions, clicks, accepted, refused, put_off)
      values (${day}, ${placement}, ${c.asks}, ${c.filled}, ${c.impressions}, ${c.clicks}, ${c.accepted}, ${c.refused}, ${c.putOff})`
}

export const countsOfDays = (db: Db, days: readonly string[]) => db<(Counts & { day: string; placement: string })[]>`
  select p.day::text as day, p.placement, p.asks::int, p.filled::int, p.impressions::int, p.clicks::int, p.accepted::int,
         p.refused::int, p.put_off::int as "putOff"
    from engage.placement_day p
   where p.day = any (${[...days]}::date[])`

export async function forgetDays(db: Db, before: string): Promise<void> {
  await db`delete from engage.placement_day p where p.day < ${before}`
  await db`delete from engage.placement_day_counted c where c.day < ${before}`
}
