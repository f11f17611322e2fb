import type { Db } from '#platform/postgres'
import type { OutcomeDocument } from './contract.ts'
import type { ArmSums } from './lift.ts'

export interface ArmRow extends ArmSums {
  arm: 'treated' | 'control'
}

/** Customers of an arm whose window has not passed, and those of them to whom it has happened. */
export interface SoFar {
  arm: 'treated' | 'control'
  customers: number
  successes: number
}

export interface Counted {
  arms: ArmRow[]
  maturing: number
  soFar: SoFar[]
  takenOut: number
  seen: number
}

/** Days within which leaving one product of a family and taking another is a switch: neither churn nor sale. */
const SWITCH_DAYS = 30

/**
 * Whether the outcome happened to unit u within the window: one condition per measure, all over the same columns.
 * `family`: products that replace each other, those of the measure included.
 */
function happened(db: Db, outcome: OutcomeDocument, family: readonly string[]) {
  const switched = (other: 'closed_on' | 'opened_on', own: 'opened_on' | 'closed_on') => db`exists (
      select 1 from know.holding_role sr
        join know.holding s on s.customer_id = sr.holder_customer_id and s.holding_id = sr.holding_id
       where sr.customer_id = u.customer_id and sr.role = 'owner' and s.product = any(${family as string[]})
         and s.holding_id <> h.holding_id and abs(s.${db(other)} - h.${db(own)}) <= ${SWITCH_DAYS})`
  const { measure, withinDays } = outcome
  if ('holdingOpened' in measure)
    return db`exists (
      select 1 from know.holding_role r
        join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
       where r.customer_id = u.customer_id and r.role = 'owner' and h.product = any(${measure.holdingOpened})
         and h.opened_on >= u.decided_on and h.opened_on <= u.decided_on + ${withinDays}::int
         and (h.closed_on is null or h.closed_on > h.opened_on + ${outcome.withdrawalDays ?? 0}::int)
         and not ${switched('closed_on', 'opened_on')})`
  if ('holdingClosed' in measure)
    return db`exists (
      select 1 from know.holding_role r
        join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
       where r.customer_id = u.customer_id and r.role = 'owner' and h.product = any(${measure.holdingClosed})
         and h.closed_on >= u.decided_on and h.closed_on <= u.decided_on + ${withinDays}::int
         and not ${switched('opened_on', 'closed_on')})`
  if ('event' in measure)
    return db`exists (
      select 1 from know.event e
       where e.customer_id = u.customer_id and e.type = any(${measure.event})
         and e.occurred_at >= u.asked_at and e.occurred_at <= u.asked_at + make_interval(days => ${withinDays}::int))`
  return db`exists (
      select 1 from know.customer c
       where c.customer_id = u.customer_id and c.left_on >= u.decided_on and c.left_on <= u.decided_on + ${withinDays}::int)`
}

/**
 * Counts one action's outcome by arm. A unit is a customer within one assignment, from the first decision of the period
 * that chose the action for them, shown or not.
 */
export async function countOutcome(
  db: Db,
  asked: {
    outcome: OutcomeDocument
    family: readonly string[]
    action: string
    from: Date
    to: Date
    now: Date
    zone: string
    /** Decisions on this channel, and of these customers, only. */
    channel?: string | undefined
    customerIds?: readonly number[] | undefined
  },
): Promise<Counted> {
  const { outcome, family, action, from, to, now, zone, channel, customerIds } = asked
  const [row] = await db<(Omit<Counted, 'arms' | 'soFar'> & { arms: ArmRow[] | null; soFar: SoFar[] | null })[]>`
    with chosen as (
      select distinct on (d.customer_id, d.experiment, d.period)
             d.customer_id, d.experiment, d.period, d.arm, d.asked_at, coalesce(d.household_id, -d.customer_id) as household,
             (d.asked_at at time zone ${zone})::date as decided_on, d.decision_id
        from decide.decision d
       where d.chosen @> array[${action}]::text[] and d.arm is not null and d.asked_at >= ${from} and d.asked_at < ${to}
         and ${channel === undefined ? db`true` : db`d.channel = ${channel}`}
         and ${customerIds === undefined ? db`true` : db`d.customer_id in (select unnest(${customerIds as number[]}::bigint[]))`}
       order by d.customer_id, d.experiment, d.period, d.asked_at, d.decision_id),
    -- Decided on in both arms, or come together with people of the other: the draw says nothing about them any more.
    both_arms as (
      select d.customer_id, d.experiment, d.period from decide.decision d
       where d.arm is not null and d.customer_id in (select customer_id from chosen)
       group by d.customer_id, d.experiment, d.period having count(distinct d.arm) > 1
      union
      select x.customer_id, x.experiment, x.period from decide.assignment_exit x
        join chosen c on (c.customer_id, c.experiment, c.period) = (x.customer_id, x.experiment, x.period)),
    unit as (
      select * from chosen u
       where not exists (select 1 from both_arms b
                          where (b.customer_id, b.experiment, b.period) = (u.customer_id, u.experiment, u.period))),
    judged as (
      select u.household, u.arm, count(*) as customers, count(*) filter (where ${happened(db, outcome, family)}) as successes
        from unit u
       where u.asked_at + make_interval(days => ${outcome.withinDays}::int) <= ${now}
       group by u.household, u.arm),
    by_arm as (
      select arm, count(*)::int as households, sum(customers)::int as customers, sum(successes)::int as successes,
             sum(successes * successes)::float8 as "successesSquared",
             sum(successes * customers)::float8 as "successesByCustomers",
             sum(customers * customers)::float8 as "customersSquared"
        from judged group by arm),
    early as (
      select u.arm, count(*)::int as customers, (count(*) filter (where ${happened(db, outcome, family)}))::int as successes
        from unit u
       where u.asked_at + make_interval(days => ${outcome.withinDays}::int) > ${now}
       group by u.arm)
    select (select jsonb_agg(to_jsonb(a)) from by_arm a) as arms,
           (select jsonb_agg(to_jsonb(e)) from early e) as "soFar",
           (select coalesce(sum(customers), 0)::int from early) as maturing,
           (select count(*)::int from both_arms) as "takenOut",
           (select count(*)::int from unit u
              where u.arm = 'treated' and exists (
                select 1 from know.contact c
                 where c.customer_id = u.customer_id and c.decision_id = u.decision_id and c.action = ${action}
                   and c.state in ('delivered', 'shown', 'clicked', 'accepted', 'refused', 'deferred',
                                   'declined_for_good'))) as seen`
  return { ...row!, arms: row!.arms ?? [], soFar: row!.soFar ?? [] }
}

export interface AcceptedRow {
  customerId: number
  contactId: string
  treatment: string
  channel: string
  realised: boolean
}

/**
 * Accepted contacts of an action whose outcome has become known and was not told yet: it happened, and nothing can be
 * given back any more, or its time is over. At most `contactsMax`, the oldest first.
 */
export const acceptedAndKnown = (
  db: Db,
  asked: {
    outcome: OutcomeDocument
    family: readonly string[]
    action: string
    now: Date
    zone: string
    contactsMax: number
  },
) => {
  const { outcome, family, action, now, zone, contactsMax } = asked
  const backDays = outcome.withdrawalDays ?? 0
  return db<AcceptedRow[]>`
    with unit as (
      select c.customer_id, c.contact_id, c.treatment, c.channel, c.claimed_at as asked_at,
             (c.claimed_at at time zone ${zone})::date as decided_on,
             c.claimed_at + make_interval(days => ${outcome.withinDays + backDays}::int) <= ${now} as over
        from know.contact c
       where c.state = 'accepted' and c.source = 'clientele' and c.action = ${action}
         and not exists (select from decide.learned l
                          where l.customer_id = c.customer_id and l.contact_id = c.contact_id
                            and l.kind in ('realised', 'unrealised'))),
    judged as (select u.*, ${happened(db, outcome, family)} as realised from unit u)
    select customer_id as "customerId", contact_id as "contactId", treatment, channel, realised
      from judged
     where over or (realised and ${backDays === 0})
     order by asked_at, contact_id
     limit ${contactsMax}`
}

/** The instant at which a day of a zone begins. */
export async function startOfDay(db: Db, day: string, zone: string): Promise<Date> {
  const [row] = await db<{ at: Date }[]>`select (${day}::date::timestamp at time zone ${zone}) as at`
  return row!.at
}
