import type { Db } from '#platform/postgres'

/** Takes the key for this request; false when it was taken before. Waits for another that is taking it right now. */
export async function takeKey(db: Db, actorId: string, route: string, key: string, digest: string): Promise<boolean> {
  const rows = await db`
    insert into platform.idempotency (actor_id, route, key, digest)
    values (${actorId}, ${route}, ${key}, ${digest})
    on conflict do nothing
    returning 1`
  return rows.length === 1
}

export async function findAnswer(
  db: Db,
  actorId: string,
  route: string,
  key: string,
): Promise<{ digest: string; answer: unknown } | undefined> {
  const rows = await db<{ digest: string; answer: unknown }[]>`
    select i.digest, i.answer
      from platform.idempotency i
     where i.actor_id = ${actorId} and i.route = ${route} and i.key = ${key}`
  return rows[0]
}

export async function keepAnswer(db: Db, actorId: string, route: string, key: string, answer: unknown): Promise<void> {
  await db`
    update platform.idempotency
       set answer = ${db.json((answer ?? null) as never)}
     where actor_id = ${actorId} and route = ${route} and key = ${key}`
}

/** Forgets keys older than the days given; returns how many. */
export async function forgetKeys(db: Db, olderThanDays: number): Promise<number> {
  const gone = await db`
    delete from platform.idempotency i
     where i.taken_at < clock_timestamp() - make_interval(days => ${olderThanDays})`
  return gone.count
}
