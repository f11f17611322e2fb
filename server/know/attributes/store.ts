import type { Lake } from '#platform/clickhouse'
import { copyFrom, copyTo, type Db, inTransaction, numbers } from '#platform/postgres'
import type { Catalogue } from './catalogue.ts'
import type { Row } from './evaluate.ts'
import { HOLDING_FIELDS, isDate, PERSON_FIELDS } from './fields.ts'
import { type LiveColumns, type LivingRow, onDay, READY_STATEMENT, type ReadyRow, readySelect, seenOn } from './live.ts'
import { countedTransactions, LAKE_TYPE, LISTED } from './statement.ts'

/** A computation of all attributes over everybody. */
export interface ProfileSet {
  generation: number
  attributesHash: string
  asOf: string
}

export const readLiving = (
  db: Db,
  statement: string,
  ids: readonly number[],
  today: string,
  hash: string,
  since: string,
) => db.unsafe<LivingRow[]>(statement, [ids as number[], today, hash, since], { prepare: true })

export const readReady = (db: Db, ids: readonly number[], today: string, hash: string) =>
  db.unsafe<ReadyRow[]>(READY_STATEMENT, [numbers(ids), today, hash], { prepare: true })

/** The generation that is read for these definitions; undefined before the first computation. */
export async function currentSet(db: Db, attributesHash: string): Promise<ProfileSet | undefined> {
  const [row] = await db<ProfileSet[]>`
    select g.generation, g.attributes_hash as "attributesHash", g.as_of as "asOf"
      from know.profile_set g
     where g.attributes_hash = ${attributesHash} and g.current`
  return row
}

export async function beginSet(
  db: Db,
  hash: string,
  asOf: string,
  stored: readonly string[],
  at: Date,
): Promise<number> {
  const [row] = await db<{ generation: number }[]>`
    insert into know.profile_set (attributes_hash, as_of, stored, state, started_at)
    values (${hash}, ${asOf}, ${db.json(stored as string[])}, 'building', ${at})
    returning generation`
  return row!.generation
}

/** Puts the generation in the place of the one that was read under the same definitions. */
export async function finishSet(db: Db, generation: number, hash: string, customers: number, at: Date): Promise<void> {
  await db`
    update know.profile_set g
       set state = 'retired', current = false
     where g.attributes_hash = ${hash} and g.current`
  await db`
    update know.profile_set g
       set state = 'ready', current = true, customers = ${customers}, ready_at = ${at}
     where g.generation = ${generation}`
}

/** Generations that nobody reads: replaced, or begun and never finished. */
export const unreadSets = (
  db: Db,
  keepHashes: readonly string[],
  startedBefore: Date,
): Promise<{ generation: number }[]> =>
  db<{ generation: number }[]>`
    select g.generation
      from know.profile_set g
     where g.state = 'retired'
        or (g.state = 'building' and g.started_at < ${startedBefore})
        or (g.current and not (g.attributes_hash = any(${keepHashes as string[]})) and g.ready_at < ${startedBefore})`

export async function dropSet(db: Db, lake: Lake, generation: number): Promise<void> {
  await lake.command(`drop table if exists ${lakeTable(generation)}`)
  await db.unsafe(`drop table if exists ${partition(generation)}, ${readyPartition(generation)}`)
  await db`delete from know.running r where r.generation = ${generation}`
  await db`delete from know.profile_set g where g.generation = ${generation}`
}

/** Names are made of a number the database gave, never of what anybody typed. */
export const lakeTable = (generation: number): string => `know.profile_${Math.trunc(generation)}`
const partition = (generation: number): string => `know.profile_g${Math.trunc(generation)}`
const readyPartition = (generation: number): string => `know.living_g${Math.trunc(generation)}`
export const peopleStage = (generation: number): string => `know.profile_people_${Math.trunc(generation)}`
export const holdingStage = (generation: number): string => `know.profile_holdings_${Math.trunc(generation)}`

const day = (asOf: string): string => {
  if (!isDate(asOf)) throw new RangeError(`not a day: ${asOf}`)
  return `date '${asOf}'`
}
/** COPY writes a list as PostgreSQL does; the lake reads ['a','b']. The words are of closed sets without quotes. */
const listText = (sql: string): string => `coalesce('[''' || array_to_string(${sql}, ''',''') || ''']', '[]')`

const stageColumn = (name: string, type: keyof typeof LAKE_TYPE, always: boolean): string =>
  `${name} ${always || type === 'list<string>' ? LAKE_TYPE[type] : type === 'string' ? 'LowCardinality(Nullable(String))' : `Nullable(${LAKE_TYPE[type]})`}`

/** Copies what is so of everybody on the day into the lake. */
export async function stagePeople(
  db: Db,
  lake: Lake,
  generation: number,
  asOf: string,
  columns: LiveColumns,
): Promise<void> {
  const names = columns.person
  const listed = Object.entries(LISTED)
  const table = peopleStage(generation)
  await lake.command(
    `create table ${table} (customer_id Int64, ${listed.map(([name, { type }]) => `${name} ${type}`).join(', ')}, ${names.map((n) => stageColumn(n, PERSON_FIELDS[n]!.type, PERSON_FIELDS[n]!.always === true)).join(', ')}) engine = MergeTree order by customer_id`,
  )
  const selected = names.map((n) => {
    const sql = onDay(PERSON_FIELDS, n, day(asOf))
    return PERSON_FIELDS[n]!.type === 'list<string>' ? listText(sql) : sql
  })
  const known = listed.map(([, { postgres }]) => postgres)
  await copyToLake(db, lake, `select c.customer_id, ${[...known, ...selected].join(', ')} from know.customer c`, table)
}

/** Copies what everybody holds on the day into the lake. */
export async function stageHoldings(
  db: Db,
  lake: Lake,
  generation: number,
  asOf: string,
  columns: LiveColumns,
): Promise<void> {
  const names = [...new Set([...columns.holding, 'opened_on'])]
  const table = holdingStage(generation)
  const details = columns.details ? ', details String' : ''
  await lake.command(
    `create table ${table} (customer_id Int64, holding_id Int64, ${names.map((n) => stageColumn(n, HOLDING_FIELDS[n]!.type, HOLDING_FIELDS[n]!.always === true)).join(', ')}${details}) engine = MergeTree order by customer_id`,
  )
  const selected = names.map((n) => onDay(HOLDING_FIELDS, n, day(asOf)))
  await copyToLake(
    db,
    lake,
    `select r.customer_id, r.holding_id, ${selected.join(', ')}${columns.details ? ', h.details' : ''}
       from know.holding_role r
       join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id
      where ${seenOn(day(asOf))}`,
    table,
  )
}

async function copyToLake(db: Db, lake: Lake, select: string, table: string): Promise<void> {
  await lake.insert(table, await copyTo(db, `(${select})`), { format: 'TabSeparated' })
}

export const dropStages = async (lake: Lake, generation: number): Promise<void> => {
  await lake.command(`drop table if exists ${peopleStage(generation)}`)
  await lake.command(`drop table if exists ${holdingStage(generation)}`)
}

/** First and last customer, for slices; null when there is nobody. */
export async function customerRange(
  lake: Lake,
  generation: number,
): Promise<{ first: number; last: number; customers: number }> {
  const [row] = await lake.query<{ first: number; last: number; customers: number }>(
    `select min(customer_id) as first, max(customer_id) as last, toInt64(count()) as customers from ${peopleStage(generation)}`,
  )
  return row!
}

/**
 * Loads the stored values of a generation beside those in use: a table of its own, indexed when it is full, then
 * attached. The check constraint spares the attachment a scan.
 */
export async function loadProfiles(
  db: Db,
  lake: Lake,
  generation: number,
  statement: string | undefined,
  asOf: string,
  at: Date,
): Promise<void> {
  const table = partition(generation)
  await db.unsafe(`create table ${table} (like know.profile including defaults including comments)`)
  await db.unsafe(`comment on table ${table} is 'class: customer | one generation of know.profile'`)
  if (statement !== undefined) {
    const rows = await lake.stream(statement, { generation, asOf, at: at.toISOString() }, { format: 'TabSeparated' })
    await copyFrom(db, table, ['customer_id', 'generation', 'version', 'as_of', 'updated_at', 'facts'], rows)
  }
  await db.unsafe(`alter table ${table} add primary key (customer_id, generation)`)
  await db.unsafe(`alter table ${table} add constraint generation_is check (generation = ${Math.trunc(generation)})`)
}

/**
 * Puts what is live about everybody on a day ready, beside what is in use. One snapshot sees all of it, and is kept: a
 * change that it does not see has left its note, or will.
 */
export async function makeReady(
  db: Db,
  generation: number,
  columns: LiveColumns,
  asOf: string,
  since: string,
): Promise<{ snapshot: string }> {
  const table = readyPartition(generation)
  return inTransaction(db, async (db) => {
    await db.unsafe('set transaction isolation level repeatable read')
    await db.unsafe('set local statement_timeout = 0')
    const [now] = await db<{ snapshot: string }[]>`select pg_current_snapshot()::text as snapshot`
    await db.unsafe(
      `create table ${table} as
       select f.customer_id, ${Math.trunc(generation)} as generation, f.facts
         from (${readySelect(columns, day(asOf), day(since))}) f`,
    )
    await db.unsafe(`comment on table ${table} is 'class: customer | one generation of know.living'`)
    await db.unsafe(
      `alter table ${table} alter customer_id set not null, alter generation set not null, alter facts set not null,
         add primary key (customer_id, generation),
         add constraint generation_is check (generation = ${Math.trunc(generation)})`,
    )
    return now!
  })
}

/** Lets what was loaded beside the generations in use be read as one of them. */
export async function attachGeneration(
  db: Db,
  generation: number,
  living: { on: string; snapshot: string },
): Promise<void> {
  const values = `for values in (${Math.trunc(generation)})`
  await db.unsafe(`alter table know.profile attach partition ${partition(generation)} ${values}`)
  await db.unsafe(`alter table know.living attach partition ${readyPartition(generation)} ${values}`)
  await db`
    update know.profile_set g
       set living_on = ${living.on}, living_snapshot = ${living.snapshot}::pg_snapshot
     where g.generation = ${generation}`
}

/**
 * Forgets changes that every generation in use has seen. A note of a transaction that has not begun yet came with a copy
 * of another bank's stores, whose transactions had other numbers.
 */
export const forgetChanges = (db: Db) => db`
  delete from know.living_change x
   where x.xact >= pg_snapshot_xmax(pg_current_snapshot())
      or x.xact < (select min(pg_snapshot_xmin(g.living_snapshot))
                     from know.profile_set g
                    where g.current and g.living_snapshot is not null)`

/** Customers to whom something happened since then: their values in a generation begun before may lack it. */
export const customersWithEventsSince = (db: Db, since: Date): Promise<{ customerId: number }[]> =>
  db<{ customerId: number }[]>`
    select distinct e.customer_id as "customerId"
      from know.event e
     where e.received_at >= ${since}`

export interface RunningRow {
  customerId: number
  version: number
  buckets: Record<string, [number, never][]>
}

/** Running buckets, locked until the transaction ends: two refreshes of one customer go one after the other. */
export const lockRunning = (db: Db, ids: readonly number[], generation: number): Promise<RunningRow[]> =>
  db<RunningRow[]>`
    select r.customer_id as "customerId", r.version, r.buckets
      from know.running r
     where r.customer_id = any(${ids as number[]}::bigint[]) and r.generation = ${generation}
     order by r.customer_id
       for update`

/** The types of events are few and the events of one customer lie together, so they are all read and sifted here. */
export const eventsOf = (db: Db, ids: readonly number[], types: readonly string[]) =>
  db<
    {
      customerId: number
      eventId: string
      version: number
      source: string
      type: string
      occurredAt: Date
      payload: Record<string, unknown>
    }[]
  >`
    select e.customer_id as "customerId", e.event_id as "eventId", e.version, e.source, e.type,
           e.occurred_at as "occurredAt", e.payload
      from know.event e
     where e.customer_id = any(${ids as number[]}::bigint[]) and e.type = any(${types as string[]})`

/** Customers' latest event, of any type. */
export const latestEvents = (db: Db, ids: readonly number[]) =>
  db<{ customerId: number; version: number }[]>`
    select e.customer_id as "customerId", max(e.version) as version
      from know.event e
     where e.customer_id = any(${ids as number[]}::bigint[])
     group by e.customer_id`

interface LakeTransaction {
  customer_id: number
  at_ms: number
  transaction_id: string
  customer_initiated: number
  booked_on: string
  share_bp: number
  [column: string]: unknown
}

/** Transactions that count for these people on a day, each with the role and share of the person at its booking. */
export async function transactionsOf(
  lake: Lake,
  ids: readonly number[],
  roles: readonly string[],
  asOf: string,
): Promise<(Row & { customerId: number })[]> {
  const mine = 'select holding_id from know.holding_of where customer_id in ({ids:Array(Int64)})'
  const rows = await lake.query<LakeTransaction>(
    `select o.customer_id as customer_id, toUnixTimestamp64Milli(t.occurred_at) as at_ms, t.transaction_id as transaction_id,
            toString(t.booked_on) as booked_on, toString(t.value_on) as value_on, t.amount_minor as amount_minor,
            t.currency as currency, t.kind as kind, t.operation as operation, t.category as category,
            t.counterparty_key as counterparty_key, t.balance_after_minor as balance_after_minor,
            t.customer_initiated as customer_initiated, o.product as product, o.role as role, o.share_bp as share_bp
       from (${countedTransactions(mine)}) as t
       join (select * from know.holding_of
              where customer_id in ({ids:Array(Int64)}) and role in ({roles:Array(String)})) as o on o.holding_id = t.holding_id
      where t.booked_on between o.from_on and o.to_on`,
    { ids, roles, asOf },
  )
  return rows.map(({ customer_id, at_ms, transaction_id, customer_initiated, ...facts }) => ({
    customerId: customer_id,
    date: facts.booked_on,
    atMs: at_ms,
    id: transaction_id,
    shareBp: facts.share_bp,
    facts: { ...facts, customer_initiated: customer_initiated === 1 },
  }))
}

/** Writes the refreshed values and buckets of customers; an older version never replaces a newer one. */
export async function saveRefreshed(
  db: Db,
  set: ProfileSet,
  rows: readonly { customerId: number; version: number; asOf: string; facts: unknown[]; buckets: unknown }[],
  at: Date,
): Promise<void> {
  const given = db.json(rows.map((r) => [r.customerId, r.version, r.asOf, r.facts, r.buckets]) as never)
  await db`
    with given as materialized (
      select (r ->> 0)::bigint as customer_id, (r ->> 1)::bigint as version, (r ->> 2)::date as as_of, (r -> 3)::json as facts, (r -> 4)::json as buckets
        from jsonb_array_elements(${given}) r
    ), running as (
      insert into know.running as r (customer_id, generation, version, buckets)
      select customer_id, ${set.generation}, version, buckets from given order by customer_id
      on conflict (customer_id, generation) do update set version = excluded.version, buckets = excluded.buckets
       where r.version <= excluded.version
    )
    insert into know.profile as p (customer_id, generation, version, as_of, updated_at, facts)
    select customer_id, ${set.generation}, version, as_of, ${at}, facts from given order by customer_id
    on conflict (customer_id, generation) do update
       set version = excluded.version, as_of = excluded.as_of, updated_at = excluded.updated_at, facts = excluded.facts
     where p.version <= excluded.version`
}

/** What a catalogue's rows look for, so that only those are read. */
export const wanted = (catalogue: Catalogue): { types: string[]; roles: string[] } => ({
  types: [...new Set(catalogue.stored.flatMap((a) => [...a.rows!.types]))],
  roles: [...new Set(catalogue.stored.filter((a) => a.rows!.row === 'transaction').flatMap((a) => [...a.rows!.roles]))],
})

export type EventRow = Awaited<ReturnType<typeof eventsOf>>[number]
