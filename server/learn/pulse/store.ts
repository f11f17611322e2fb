import type { Db } from '#platform/postgres'
import type { MinuteCount } from './tally.ts'

/** Ids begin with their time: no row with an id below this one was made before the instant. */
const idsFrom = (atMs: number): string => {
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-8000-8000-000000000000`
}

/** The instant at which a day of a zone begins. */
export async function startOfDay(db: Db, day: string, zone: string): Promise<Date> {
  const [row] = await db<{ at: Date }[]>`select (${day}::date::timestamp at time zone ${zone}) as at`
  return row!.at
}

export const customersByStage = (db: Db, today: string) =>
  db<{ stage: string; customers: number; began: number }[]>`
    select c.stage, count(*)::int as customers, count(*) filter (where c.since_on = ${today}::date)::int as began
      from know.customer c
     group by c.stage`

export async function eventsTakenIn(db: Db, dayMs: number, minuteMs: number) {
  const [row] = await db<{ lastMinute: number; today: number; quarantinedToday: number }[]>`
    select coalesce(sum(i.applied) filter (where i.received_at > ${new Date(minuteMs)}), 0)::int as "lastMinute",
           coalesce(sum(i.applied), 0)::int as today,
           coalesce(sum(i.quarantined), 0)::int as "quarantinedToday"
      from know.event_intake i
     where i.intake_id >= ${idsFrom(dayMs)} and i.received_at >= ${new Date(dayMs)}`
  return row!
}

/** Decisions by the minute in which they were asked for: all, and those with something to say. */
export const decisionsByMinute = (db: Db, fromMs: number) =>
  db<MinuteCount[]>`
    with minute as (
      select date_trunc('minute', d.asked_at) as at, count(*) as made, count(*) filter (where d.contacts > 0) as something
        from decide.decision d
       where d.decision_id >= ${idsFrom(fromMs)} and d.asked_at >= ${new Date(fromMs)}
       group by 1)
    select (extract(epoch from m.at) * 1000)::bigint as "minuteMs", v.key, v.count::int as count
      from minute m
     cross join lateral (values ('made', m.made), ('something', m.something)) as v (key, count)`

export async function decisionsSince(db: Db, fromMs: number): Promise<number> {
  const [row] = await db<{ made: number }[]>`
    select count(*)::int as made from decide.decision d
     where d.decision_id >= ${idsFrom(fromMs)} and d.asked_at > ${new Date(fromMs)}`
  return row!.made
}

export const answersByMinute = (db: Db, fromMs: number) =>
  db<MinuteCount[]>`
    select (extract(epoch from date_trunc('minute', r.recorded_at)) * 1000)::bigint as "minuteMs", r.kind as key,
           count(*)::int as count
      from know.response r
     where r.recorded_at >= ${new Date(fromMs)}
     group by 1, 2`

export interface ContactLine {
  channel: string
  state: string
  count: number
}

/** Contacts claimed in [from, to), by channel and state. */
export const contactsBetween = (db: Db, fromMs: number, toMs: number) =>
  db<ContactLine[]>`
    select c.channel, c.state, count(*)::int as count
      from know.contact c
     where c.contact_id >= ${idsFrom(fromMs)} and c.contact_id < ${idsFrom(toMs)} and c.claimed_at >= ${new Date(fromMs)}
     group by c.channel, c.state`

export async function attributesNow(db: Db) {
  const [row] = await db<{ asOf: string; computedAt: Date | null; customers: number | null }[]>`
    select s.as_of as "asOf", s.ready_at as "computedAt", s.customers
      from know.profile_set s
     where s.current
     order by s.generation desc
     limit 1`
  return row
}

export async function learnedSoFar(db: Db) {
  const [row] = await db<
    { modelVersion: string | null; takenAt: Date | null; offered: number; accepted: number; lastAt: Date | null }[]
  >`
    select m.model_version as "modelVersion", m.taken_at as "takenAt", p.offered, p.accepted, p.last_at as "lastAt"
      from (select coalesce(sum(p.offered), 0)::bigint as offered, coalesce(sum(p.accepted), 0)::bigint as accepted,
                   max(p.updated_at) as last_at
              from decide.propensity p) p
      left join (select m.model_version, m.taken_at from decide.model m order by m.taken_at desc limit 1) m on true`
  return row!
}

/** What waits for a person, all counted on indexes of what is open. */
export async function waitingForPeople(db: Db, nowMs: number) {
  const [row] = await db<
    {
      draftsAwaitingApproval: number
      approvedAwaitingActivation: number
      quarantinedRows: number
      quarantinedEvents: number
      setAside: number
      stops: number
      failedJobs: number
      unknownContacts: number
    }[]
  >`
    with active as (select coalesce(max(a.sequence), 0) as sequence from trust.activation a),
    open_draft as (
      select d.draft_id,
             exists (select from trust.approval p
                      where p.draft_id = d.draft_id and p.onto_sequence = (select sequence from active)) as approved
        from trust.draft d
       where not exists (select from trust.draft_withdrawal w where w.draft_id = d.draft_id)
         and not exists (select from trust.approval p join trust.activation a using (approval_id) where p.draft_id = d.draft_id)
         and exists (select from trust.draft_document c where c.draft_id = d.draft_id))
    select (select count(*)::int from open_draft where not approved) as "draftsAwaitingApproval",
           (select count(*)::int from open_draft where approved) as "approvedAwaitingActivation",
           (select count(*)::int from know.feed_row_quarantine q where q.settled_at is null) as "quarantinedRows",
           (select count(*)::int from know.event_quarantine q where q.settled_at is null) as "quarantinedEvents",
           (select count(*)::int from platform.set_aside) as "setAside",
           (select count(*)::int from trust.stop s
             where not exists (select from trust.restart_confirmation c where c.stop_id = s.stop_id)) as stops,
           (select count(*)::int from platform.job j
             where j.state = 'failed' and j.ended_at >= ${new Date(nowMs)}::timestamptz - interval '7 days') as "failedJobs",
           (select count(*)::int from know.contact c where c.state = 'unknown') as "unknownContacts"`
  return row!
}
