import type { Db } from '#platform/postgres'

export type StopScope = 'everything' | 'action' | 'template' | 'channel'

/** What is stopped now. The same version always means the same stops. */
export interface Stops {
  version: number
  everything: boolean
  actions: ReadonlySet<string>
  templates: ReadonlySet<string>
  channels: ReadonlySet<string>
}

/** The stops in force and their version, from the database, in one statement: also for the re-check under a lock. */
export async function readStops(db: Db): Promise<Stops> {
  const rows = await db<{ version: number; scope: StopScope | null; target: string | null }[]>`
    select v.version, s.scope, s.target
      from trust.stops_version v
      left join trust.stop s
        on not exists (select from trust.restart_confirmation c where c.stop_id = s.stop_id)`
  const targets = (scope: StopScope) =>
    new Set(rows.filter((row) => row.scope === scope).map((row) => row.target ?? ''))
  return {
    version: rows[0]!.version,
    everything: rows.some((row) => row.scope === 'everything'),
    actions: targets('action'),
    templates: targets('template'),
    channels: targets('channel'),
  }
}

/** Counts the version up under its lock, and wakes every server. */
export async function countStopsVersion(db: Db): Promise<number> {
  const [row] = await db<{ version: number }[]>`update trust.stops_version set version = version + 1 returning version`
  await db`select pg_notify('playbook', 'stops')`
  return row!.version
}

export interface StopRow {
  stopId: string
  scope: StopScope
  target: string
  reason: string
  stoppedBy: string
  stoppedAt: Date
  /** The proposal to start again, when there is one. */
  restart: { reason: string; proposedBy: string; proposedAt: Date } | null
  /** Set when it is over. */
  confirmedBy: string | null
  confirmedAt: Date | null
}

const columns = (db: Db) => db`
  s.stop_id as "stopId", s.scope, s.target, s.reason, s.stopped_by as "stoppedBy", s.stopped_at as "stoppedAt",
  case when r.stop_id is null then null
       else jsonb_build_object('reason', r.reason, 'proposedBy', r.proposed_by, 'proposedAt', r.proposed_at) end as restart,
  c.confirmed_by as "confirmedBy", c.confirmed_at as "confirmedAt"`

/** Stops, the newest first: those in force, or all of them. */
export async function listStops(db: Db, options: { all?: boolean; stopId?: string } = {}): Promise<StopRow[]> {
  const rows = await db<StopRow[]>`
    select ${columns(db)}
      from trust.stop s
      left join trust.restart r using (stop_id)
      left join trust.restart_confirmation c using (stop_id)
     where ${options.all ? db`true` : db`c.stop_id is null`}
       and ${options.stopId ? db`s.stop_id = ${options.stopId}` : db`true`}
     order by s.stopped_at desc, s.stop_id desc
     limit 500`
  return rows.map((row) => ({
    ...row,
    restart: row.restart && { ...row.restart, proposedAt: new Date(row.restart.proposedAt) },
  }))
}

export async function insertStop(
  db: Db,
  row: { stopId: string; scope: StopScope; target: string; reason: string; stoppedBy: string; stoppedAt: Date },
): Promise<void> {
  await db`
    insert into trust.stop (stop_id, scope, target, reason, stopped_by, stopped_at)
    values (${row.stopId}, ${row.scope}, ${row.target}, ${row.reason}, ${row.stoppedBy}, ${row.stoppedAt})`
}

/** False when somebody has proposed it already. */
export async function insertRestart(
  db: Db,
  row: { restartId: string; stopId: string; reason: string; proposedBy: string; proposedAt: Date },
): Promise<boolean> {
  const rows = await db`
    insert into trust.restart (restart_id, stop_id, reason, proposed_by, proposed_at)
    values (${row.restartId}, ${row.stopId}, ${row.reason}, ${row.proposedBy}, ${row.proposedAt})
    on conflict (stop_id) do nothing returning stop_id`
  return rows.length > 0
}

/** The schema refuses a confirmation by the person who proposed. */
export async function insertConfirmation(
  db: Db,
  row: { stopId: string; confirmedBy: string; confirmedAt: Date },
): Promise<boolean> {
  const rows = await db`
    insert into trust.restart_confirmation (stop_id, restart_id, proposed_by, confirmed_by, confirmed_at)
    select r.stop_id, r.restart_id, r.proposed_by, ${row.confirmedBy}, ${row.confirmedAt}
      from trust.restart r where r.stop_id = ${row.stopId}
    on conflict (stop_id) do nothing returning stop_id`
  return rows.length > 0
}
