import type { Db } from '#platform/postgres'

/** What became of some contacts. */
export interface Tally {
  contacts: number
  seen: number
  clicked: number
  accepted: number
  refused: number
  deferred: number
  declinedForGood: number
}

export interface Asked {
  from: Date
  to: Date
  action?: string | undefined
  channel?: string | undefined
  zone: string
}

export type By = 'action' | 'channel' | 'treatment' | 'group' | 'class' | 'day' | 'week' | 'month'

/** Ids begin with their time, so a period's contacts are found without reading those before it. */
const idsFrom = (at: Date): string => {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-8000-8000-000000000000`
}

const within = (db: Db, { from, to, action, channel }: Asked) => db`
  c.source = 'clientele' and c.contact_id >= ${idsFrom(from)} and c.claimed_at >= ${from} and c.claimed_at < ${to}
  and ${action === undefined ? db`true` : db`c.action = ${action}`}
  and ${channel === undefined ? db`true` : db`c.channel = ${channel}`}`

const counted = (db: Db) => db`
  count(*)::int as contacts,
  count(*) filter (where c.state in ('delivered', 'shown', 'clicked', 'accepted', 'refused', 'deferred', 'declined_for_good'))::int as seen,
  count(*) filter (where c.state in ('clicked', 'accepted', 'refused', 'deferred', 'declined_for_good'))::int as clicked,
  count(*) filter (where c.state = 'accepted')::int as accepted,
  count(*) filter (where c.state = 'refused')::int as refused,
  count(*) filter (where c.state = 'deferred')::int as deferred,
  count(*) filter (where c.state = 'declined_for_good')::int as "declinedForGood"`

export function tallyBy(db: Db, by: By, asked: Asked): Promise<(Tally & { key: string })[]> {
  const at = db`c.claimed_at at time zone ${asked.zone}`
  const key = {
    action: db`c.action`,
    channel: db`c.channel`,
    treatment: db`c.treatment`,
    group: db`c.action_group`,
    class: db`c.class`,
    day: db`(${at})::date::text`,
    week: db`date_trunc('week', ${at})::date::text`,
    month: db`date_trunc('month', ${at})::date::text`,
  }[by]
  return db<(Tally & { key: string })[]>`
    with keyed as (select coalesce(${key}, '') as key, c.state from know.contact c where ${within(db, asked)})
    select c.key, ${counted(db)} from keyed c group by c.key order by c.key limit 2000`
}

/** The same for each customer: an even sample of at most `customersMax` of them, by a hash of their number. */
export function tallyByCustomer(
  db: Db,
  asked: Asked,
  customersMax: number,
): Promise<(Tally & { customerId: number; ofCustomers: number })[]> {
  return db<(Tally & { customerId: number; ofCustomers: number })[]>`
    select c.customer_id as "customerId", count(*) over ()::int as "ofCustomers", ${counted(db)}
      from know.contact c
     where ${within(db, asked)}
     group by c.customer_id
     order by hashint8(c.customer_id), c.customer_id
     limit ${customersMax}`
}
