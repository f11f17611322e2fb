import type { Db } from '#platform/postgres'

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** A job as its list shows it. */
export interface JobRow {
  jobId: string
  name: string
  key: string
  payload: unknown
  state: JobState
  progress: unknown
  result: unknown
  attempts: number
  error: string | null
  cancelAsked: boolean
  createdAt: Date
  endedAt: Date | null
}

const columns = (db: Db) => db`
  j.job_id as "jobId", j.name, j.key, j.payload, j.state, j.progress, j.result, j.attempts, j.error,
  j.cancel_asked_at is not null as "cancelAsked", j.created_at as "createdAt", j.ended_at as "endedAt"`

/** Adds a job, or returns the id of the one for the same work that is not over. */
export async function add(
  db: Db,
  job: { jobId: string; name: string; key: string; payload: unknown; delayMs: number; attemptsMax: number },
): Promise<string> {
  for (;;) {
    const added = await db<{ jobId: string }[]>`
      insert into platform.job (job_id, name, key, payload, due_at, attempts_max)
      values (${job.jobId}, ${job.name}, ${job.key}, ${db.json(job.payload as never)},
              clock_timestamp() + ${job.delayMs} * interval '1 millisecond', ${job.attemptsMax})
      on conflict (name, key) where state in ('waiting', 'running') do nothing
      returning job_id as "jobId"`
    if (added[0]) return added[0].jobId
    const there = await db<{ jobId: string }[]>`
      select j.job_id as "jobId"
        from platform.job j
       where j.name = ${job.name} and j.key = ${job.key} and j.state in ('waiting', 'running')`
    // Neither added nor there: it ended in between, so the next try adds it.
    if (there[0]) return there[0].jobId
  }
}

/** A job this server may run until its lease ends. */
export interface Claimed {
  jobId: string
  name: string
  payload: unknown
  progress: unknown
  attempts: number
  attemptsMax: number
  fence: number
}

/** Claims one due job of the names given: one that waits, or one whose server let its lease end. */
export async function claim(db: Db, names: readonly string[], leaseMs: number): Promise<Claimed | undefined> {
  const rows = await db<Claimed[]>`
    with due as (
      select j.job_id
        from platform.job j
       where j.state in ('waiting', 'running')
         and j.due_at <= clock_timestamp()
         and j.name = any(${names as string[]}::text[])
       order by j.due_at
       limit 1
         for update skip locked
    )
    update platform.job j
       set state = 'running',
           attempts = j.attempts + 1,
           fence = nextval('platform.fence_seq'),
           leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
           due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from due
     where j.job_id = due.job_id
    returning j.job_id as "jobId", j.name, j.payload, j.progress, j.attempts, j.attempts_max as "attemptsMax", j.fence`
  return rows[0]
}

/** Renews the lease; undefined when it has passed to another server. */
export async function renew(
  db: Db,
  { jobId, fence }: Claimed,
  leaseMs: number,
): Promise<{ cancelAsked: boolean } | undefined> {
  const rows = await db<{ cancelAsked: boolean }[]>`
    update platform.job j
       set leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
           due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
     where j.job_id = ${jobId} and j.fence = ${fence} and j.state = 'running'
    returning j.cancel_asked_at is not null as "cancelAsked"`
  return rows[0]
}

export async function saveProgress(db: Db, { jobId, fence }: Claimed, progress: unknown): Promise<boolean> {
  const rows = await db`
    update platform.job j
       set progress = ${db.json(progress as never)}
     where j.job_id = ${jobId} and j.fence = ${fence} and j.state = 'running'
    returning 1`
  return rows.length === 1
}

/** Ends a job, if it is still this server's. */
export async function end(
  db: Db,
  { jobId, fence }: Claimed,
  state: 'done' | 'failed' | 'cancelled',
  outcome: { result?: unknown; error?: string },
): Promise<boolean> {
  const rows = await db`
    update platform.job j
       set state = ${state}, result = ${db.json((outcome.result ?? null) as never)}, error = ${outcome.error ?? null},
           ended_at = clock_timestamp(), leased_until = null
     where j.job_id = ${jobId} and j.fence = ${fence} and j.state = 'running'
    returning 1`
  return rows.length === 1
}

/** Puts a job back: to be tried again after the pause given. `spent`: whether this attempt counts. */
export const putBack = (
  db: Db,
  { jobId, fence }: Claimed,
  pauseMs: number,
  error: string | null,
  spent: boolean,
): Promise<unknown> =>
  db`
    update platform.job j
       set state = 'waiting', error = ${error}, leased_until = null,
           attempts = j.attempts - ${spent ? 0 : 1},
           due_at = clock_timestamp() + ${pauseMs} * interval '1 millisecond'
     where j.job_id = ${jobId} and j.fence = ${fence} and j.state = 'running'`

/** A waiting job is cancelled at once, a running one asked to stop; undefined when there is none that is not over. */
export async function askCancel(db: Db, jobId: string): Promise<JobState | undefined> {
  const rows = await db<{ state: JobState }[]>`
    update platform.job j
       set cancel_asked_at = coalesce(j.cancel_asked_at, clock_timestamp()),
           state = case j.state when 'waiting' then 'cancelled' else j.state end,
           ended_at = case j.state when 'waiting' then clock_timestamp() end
     where j.job_id = ${jobId} and j.state in ('waiting', 'running')
    returning j.state`
  return rows[0]?.state
}

export async function find(db: Db, jobId: string): Promise<JobRow | undefined> {
  const rows = await db<JobRow[]>`
    select ${columns(db)}
      from platform.job j
     where j.job_id = ${jobId}`
  return rows[0]
}

export const list = (db: Db, limit: number): Promise<JobRow[]> =>
  db<JobRow[]>`
    select ${columns(db)}
      from platform.job j
     order by j.created_at desc
     limit ${limit}`

/** Takes a schedule's slot; false when a server has taken it or a later one already. */
export async function takeSlot(db: Db, name: string, slot: string): Promise<boolean> {
  const rows = await db`
    insert into platform.job_schedule as s (name, slot)
    values (${name}, ${slot})
    on conflict (name) do update set slot = excluded.slot where s.slot < excluded.slot
    returning 1`
  return rows.length === 1
}

export async function forget(db: Db, olderThanDays: number): Promise<number> {
  const gone = await db`
    delete from platform.job j
     where j.ended_at < clock_timestamp() - make_interval(days => ${olderThanDays})`
  return gone.count
}

/** Jobs by name and state; those that ended are forgotten after thirty days. */
export const countByState = (db: Db) =>
  db<{ name: string; state: JobState; jobs: number }[]>`
    select j.name, j.state, count(*)::int as jobs from platform.job j group by j.name, j.state order by j.name, j.state`
