import type { Touch } from '#decide/policies'
import { type Db, numbers, texts } from '#platform/postgres'

/** A decision as its row holds it. */
export interface DecisionRow {
  customerId: number
  decisionId: string
  askedAt: Date
  channel: string
  placement: string | null
  reason: string | null
  asker: string
  idempotencyKey: string | null
  requestDigest: string | null
  revision: string
  engineVersion: number
  seed: number
  stopsVersion: number
  modelVersion: string
  profileVersion: number | null
  claimedVersion: number
  /** The text that was decided on, as it was. */
  inputs: string
  verdicts: Uint8Array
  considered: number
  ranked: string
  chosen: readonly string[]
  contacts: number
  experiment: string | null
  period: string | null
  arm: string | null
  householdId: number | null
  nothingBecause: string | null
}

// Never within JSON text, where control characters are escaped: long texts travel joined by it, unescaped and taken apart
// by PostgreSQL, at a fraction of what an array of them costs.
const SEPARATOR = '\u001e'

// One statement for any number of rows of one batch, which share the moment, the revision, the engine, the model, the
// stops and the experiment.
export const insertDecisions = (db: Db, rows: readonly [DecisionRow, ...DecisionRow[]]) => {
  const [shared] = rows
  return db`
    insert into decide.decision (customer_id, decision_id, asked_at, channel, placement, reason, asker, idempotency_key,
                                 request_digest, revision, engine_version, seed, stops_version, model_version,
                                 profile_version, claimed_version, inputs, verdicts, considered, ranked, chosen,
                                 contacts, experiment, period, arm, household_id, nothing_because)
    select r.customer_id, r.decision_id, ${shared.askedAt}, r.channel, r.placement, r.reason, r.asker, r.idempotency_key,
           r.request_digest, ${shared.revision}, ${shared.engineVersion}, r.seed, ${shared.stopsVersion},
           ${shared.modelVersion}, r.profile_version, r.claimed_version, r.inputs, decode(r.verdicts, 'base64'),
           ${shared.considered}, r.ranked::json, coalesce(string_to_array(nullif(r.chosen, ''), ','), '{}'), r.contacts,
           ${shared.experiment}, ${shared.period}, r.arm, r.household_id, r.nothing_because
      from unnest(
        ${numbers(rows.map((r) => r.customerId))}::bigint[], ${texts(rows.map((r) => r.decisionId))}::uuid[],
        ${texts(rows.map((r) => r.channel))}::text[], ${texts(rows.map((r) => r.placement))}::text[],
        ${texts(rows.map((r) => r.reason))}::text[], ${texts(rows.map((r) => r.asker))}::text[],
        ${texts(rows.map((r) => r.idempotencyKey))}::text[], ${texts(rows.map((r) => r.requestDigest))}::text[],
        ${numbers(rows.map((r) => r.seed))}::bigint[], ${numbers(rows.map((r) => r.profileVersion))}::bigint[],
        ${numbers(rows.map((r) => r.claimedVersion))}::bigint[],
        string_to_array(${rows.map((r) => r.inputs).join(SEPARATOR)}, ${SEPARATOR}),
        ${texts(rows.map((r) => Buffer.from(r.verdicts).toString('base64')))}::text[],
        string_to_array(${rows.map((r) => r.ranked).join(SEPARATOR)}, ${SEPARATOR}),
        ${texts(rows.map((r) => r.chosen.join(',')))}::text[], ${numbers(rows.map((r) => r.contacts))}::int[],
        ${texts(rows.map((r) => r.arm))}::text[], ${numbers(rows.map((r) => r.householdId))}::bigint[],
        ${texts(rows.map((r) => r.nothingBecause))}::text[])
        as r (customer_id, decision_id, channel, placement, reason, asker, idempotency_key, request_digest, seed,
              profile_version, claimed_version, inputs, verdicts, ranked, chosen, contacts, arm, household_id,
              nothing_because)`
}

const columns = (db: Db) => db`
  d.customer_id as "customerId", d.decision_id as "decisionId", d.asked_at as "askedAt", d.channel, d.placement, d.reason,
  d.asker, d.idempotency_key as "idempotencyKey", d.request_digest as "requestDigest", d.revision,
  d.engine_version as "engineVersion", d.seed, d.stops_version as "stopsVersion", d.model_version as "modelVersion",
  d.profile_version as "profileVersion", d.claimed_version as "claimedVersion", d.inputs, d.verdicts,
  d.considered, d.ranked::text as ranked, d.chosen, d.contacts, d.experiment, d.period, d.arm,
  d.household_id as "householdId", d.nothing_because as "nothingBecause"`

export const decisionById = async (db: Db, decisionId: string): Promise<DecisionRow | undefined> =>
  (await db<DecisionRow[]>`select ${columns(db)} from decide.decision d where d.decision_id = ${decisionId}`)[0]

/** Decisions that were already made under these keys. */
export const decisionsByKey = (db: Db, customerIds: number[], keys: string[]) => db<DecisionRow[]>`
  select ${columns(db)}
    from decide.decision d
    join unnest(${customerIds}::bigint[], ${keys}::text[]) as k (customer_id, key)
      on d.customer_id = k.customer_id and d.idempotency_key = k.key`

/** A decision as a list shows it. */
export type PastDecision = Pick<
  DecisionRow,
  'decisionId' | 'askedAt' | 'channel' | 'placement' | 'chosen' | 'arm' | 'nothingBecause'
>

/** A customer's decisions, newest first. */
export const decisionsOf = (db: Db, customerId: number, decisionsMax: number): Promise<PastDecision[]> => db<
  PastDecision[]
>`
  select d.decision_id as "decisionId", d.asked_at as "askedAt", d.channel, d.placement, d.chosen, d.arm,
         d.nothing_because as "nothingBecause"
    from decide.decision d
   where d.customer_id = ${customerId}
   order by d.asked_at desc
   limit ${decisionsMax}`

/** The contacts that a decision claimed, in the order of its ranking. */
export const contactsOfDecision = (db: Db, customerId: number, decisionId: string) => db<
  { contactId: string; action: string }[]
>`
  select c.contact_id as "contactId", c.action
    from know.contact c
   where c.customer_id = ${customerId} and c.communication = ${decisionId}
   order by c.step`

/** A touch with whom it concerns. */
export type TouchRow = Touch & { customerId: number }

/**
 * What contact policy needs of the past, oldest first: marketing that the bank sent (with `countsInbound` also what it
 * showed where the customer came to it), as far back as caps look; what was
 * answered, as far back as rests look; what was seen without an answer, for a year. Without `countsInbound` the
 * conditions are those of the index contact_said.
 */
export const touchesOf = (
  db: Db,
  customerIds: number[],
  capsSince: Date,
  countsInbound: boolean,
  restsSince: Date,
  viewsSince: Date,
) => db<TouchRow[]>`
  select c.customer_id as "customerId", (extract(epoch from c.claimed_at) * 1000)::bigint as "atMs", c.direction, c.channel,
         c.action_group as "group", c.action, c.class, c.state,
         (extract(epoch from c.settled_at) * 1000)::bigint as "settledMs",
         c.state = 'accepted' and exists (
           select from decide.learned l
            where l.customer_id = c.customer_id and l.contact_id = c.contact_id and l.kind in ('realised', 'unrealised')
         ) as "outcomeKnown"
    from know.contact c
   where c.customer_id = any(${numbers(customerIds)}::bigint[])
     and c.claimed_at >= least(${capsSince}::timestamptz, ${restsSince}::timestamptz, ${viewsSince}::timestamptz)
     and ((c.class = 'marketing' ${countsInbound ? db`` : db`and c.direction = 'outbound'`} and c.claimed_at >= ${capsSince})
          or (c.state in ('clicked', 'accepted', 'refused', 'deferred', 'declined_for_good') and c.claimed_at >= ${restsSince})
          or (c.state = 'shown' and c.claimed_at >= ${viewsSince}))
   order by c.customer_id, c.claimed_at, c.contact_id`

/** What the rest of a household heard of marketing, for caps per household. */
export const householdTouches = (db: Db, customerIds: number[], since: Date) => db<TouchRow[]>`
  select me.customer_id as "customerId", (extract(epoch from c.claimed_at) * 1000)::bigint as "atMs", c.direction,
         c.channel, c.action_group as "group", c.action, c.class, c.state, null::bigint as "settledMs",
         false as "outcomeKnown"
    from know.customer me
    join know.customer other on other.household_id = me.household_id and other.customer_id <> me.customer_id
    join know.contact c on c.customer_id = other.customer_id
   where me.customer_id = any(${customerIds}::bigint[])
     and c.class = 'marketing' and c.direction = 'outbound' and c.claimed_at >= ${since}
   order by me.customer_id, c.claimed_at, c.contact_id`

/** One household's claims, one after the other, until this transaction ends; in sorted order, whatever order is given. */
export const lockHouseholds = (db: Db, customerIds: number[]) => db`
  select pg_advisory_xact_lock(4711, (h.household_id % 2147483647)::int)
    from (select distinct c.household_id
            from know.customer c
           where c.customer_id = any(${customerIds}::bigint[]) and c.household_id is not null
           order by c.household_id) h`

export const addressesOf = (db: Db, customerIds: number[]) => db<
  { customerId: number; email: string | null; phone: string | null }[]
>`
  select c.customer_id as "customerId", c.email, c.phone
    from know.customer c
   where c.customer_id = any(${customerIds}::bigint[])`

export const assignmentsOf = (db: Db, customerIds: number[], experiment: string, period: string) => db<
  { customerId: number; arm: 'control' | 'treated'; householdId: number | null }[]
>`
  select a.customer_id as "customerId", a.arm, a.household_id as "householdId"
    from decide.assignment a
   where a.customer_id = any(${numbers(customerIds)}::bigint[]) and a.experiment = ${experiment} and a.period = ${period}`

export const countCustomers = async (db: Db): Promise<number> =>
  (
    await db<{ customers: number }[]>`select count(*)::int as customers from know.customer c where c.left_on is null`
  )[0]!.customers

/** Every `step`-th customer by number, from one on, for effects over everybody or a sample of them. */
export const customersFrom = (db: Db, after: number, step: number, customersMax: number) => db<
  { customerId: number }[]
>`
  select c.customer_id as "customerId"
    from know.customer c
   where c.customer_id > ${after} and c.left_on is null and c.customer_id % ${step} = 0
   order by c.customer_id
   limit ${customersMax}`
