import type { Readable } from 'node:stream'
import type { Lake } from '#platform/clickhouse'
import { copyFrom, copyTo, type Db } from '#platform/postgres'
import { chunkColumns, createChunk, type Field, selectChunk } from './apply.ts'
import type { Compiled } from './compile.ts'
import type { Feed } from './contract.ts'
import type { Stage } from './transactions.ts'

export const FEED = `f.feed_id as "feedId", f.source, f.business_on as "businessOn", f.file_name as "fileName", f.state,
  f.refused_because as "refusedBecause", f.as_of as "asOf", f.rows_read as "rowsRead", f.rows_applied as "rowsApplied",
  f.rows_duplicate as "rowsDuplicate", f.rows_quarantined as "rowsQuarantined", f.control_rows as "controlRows",
  f.control_sum_minor as "controlSumMinor", f.found_sum_minor as "foundSumMinor", f.given_by as "givenBy",
  to_char(f.given_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "givenAt",
  to_char(f.settled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "settledAt"`

export const findFeed = async (db: Db, feedId: number): Promise<Feed | undefined> =>
  (await db.unsafe<Feed[]>(`select ${FEED} from know.feed f where f.feed_id = $1`, [feedId]))[0]

/** The latest feed of each source, for "as of" and for lateness; a refused one does not move the business date. */
export const findLatest = (db: Db) =>
  db<{ source: string; state: Feed['state']; businessOn: string; appliedOn: string | null }[]>`
    select distinct on (f.source) f.source, f.state, f.business_on as "businessOn",
           (select max(a.business_on) from know.feed a where a.source = f.source and a.state = 'applied') as "appliedOn"
      from know.feed f
     order by f.source, f.business_on desc, f.feed_id desc`

export interface NewFeed {
  source: string
  revision: string
  businessOn: string
  fileName: string
  fileSha256: string
  fileBytes: number
  asOf: string | null
  givenBy: string
  givenAt: Date
}

/** The feed of this very file, made now unless it was given before. */
export async function openFeed(db: Db, feed: NewFeed): Promise<Feed> {
  await db`
    insert into know.feed (source, revision, business_on, file_name, file_sha256, file_bytes, as_of, state, given_by, given_at)
    values (${feed.source}, ${feed.revision}, ${feed.businessOn}, ${feed.fileName}, ${feed.fileSha256}, ${feed.fileBytes},
            ${feed.asOf}, 'reading', ${feed.givenBy}, ${feed.givenAt})
    on conflict do nothing`
  const [found] = await db.unsafe<Feed[]>(
    `select ${FEED} from know.feed f where f.source = $1 and f.file_sha256 = $2 and coalesce(f.as_of, '9999-12-31') = coalesce($3::date, '9999-12-31')`,
    [feed.source, feed.fileSha256, feed.asOf],
  )
  return found!
}

/** A refused file may be given again once its mapping is mended: it begins anew. */
export const reopenFeed = (db: Db, feedId: number) => db`
  with gone as (delete from know.feed_step s where s.feed_id = ${feedId})
  update know.feed f set state = 'reading', refused_because = null, rows_read = 0, settled_at = null where f.feed_id = ${feedId}`

export const refuseFeed = (db: Db, feedId: number, state: 'refused' | 'unbalanced', because: string, at: Date) => db`
  update know.feed f set state = ${state}, refused_because = ${because}, settled_at = ${at} where f.feed_id = ${feedId}`

export const setFound = (
  db: Db,
  feedId: number,
  found: { rowsRead: number; controlRows: number | null; controlSumMinor: number | null; foundSumMinor: number | null },
) => db`
  update know.feed f
     set rows_read = ${found.rowsRead}, control_rows = ${found.controlRows}, control_sum_minor = ${found.controlSumMinor},
         found_sum_minor = ${found.foundSumMinor}, state = 'applying'
   where f.feed_id = ${feedId}`

export const addCounts = (
  db: Db,
  feedId: number,
  counts: { applied?: number; duplicate?: number; quarantined?: number },
) => db`
  update know.feed f
     set rows_applied = f.rows_applied + ${counts.applied ?? 0}, rows_duplicate = f.rows_duplicate + ${counts.duplicate ?? 0},
         rows_quarantined = f.rows_quarantined + ${counts.quarantined ?? 0}
   where f.feed_id = ${feedId}`

export const settleFeed = (db: Db, feedId: number, at: Date) => db`
  update know.feed f set state = 'applied', settled_at = ${at} where f.feed_id = ${feedId}`

export const findSteps = (db: Db, feedId: number) =>
  db<
    { step: string; facts: Record<string, unknown> }[]
  >`select s.step, s.facts from know.feed_step s where s.feed_id = ${feedId}`

export const putStep = (db: Db, feedId: number, step: string, facts: Record<string, unknown>) => db`
  insert into know.feed_step (feed_id, step, facts) values (${feedId}, ${step}, ${db.json(facts as never)})
  on conflict (feed_id, step) do update set facts = excluded.facts, done_at = now()`

/** Forgets how far an interrupted feed was read and computed; what it applied stays counted. */
export const dropSteps = (db: Db, feedId: number, steps: readonly string[]) =>
  db`delete from know.feed_step s where s.feed_id = ${feedId} and s.step = any(${steps as string[]})`

export const quarantineReasons = (db: Db, feedId: number) =>
  db<{ reason: string; rows: number }[]>`
    select q.reason, count(*)::int as rows from know.feed_row_quarantine q
     where q.feed_id = ${feedId} and q.settled_at is null group by q.reason order by count(*) desc, q.reason`

/** The first row in quarantine of each reason, with the field and what was found and expected there. */
export const firstOfReasons = (db: Db, feedId: number) =>
  db<FirstOfReason[]>`
    select distinct on (q.reason) q.reason, q.line, q.field, q.found, q.expected from know.feed_row_quarantine q
     where q.feed_id = ${feedId} and q.settled_at is null order by q.reason, q.line`

export interface FirstOfReason {
  reason: string
  line: number
  field: string | null
  found: string | null
  expected: string | null
}

/** Rows into quarantine, from the lake's bytes: line, reason, field, found, expected, raw. */
export async function quarantine(db: Db, feedId: number, rows: Readable): Promise<void> {
  await db.unsafe(
    'create temporary table feed_bad (line bigint, reason text, field text, found text, expected text, raw text) on commit drop',
  )
  await copyFrom(db, 'feed_bad', ['line', 'reason', 'field', 'found', 'expected', 'raw'], rows)
  await db`
    insert into know.feed_row_quarantine as q (feed_id, line, reason, field, found, expected, raw)
    select ${feedId}, b.line, b.reason, b.field, b.found, b.expected, b.raw from feed_bad b
    on conflict (feed_id, line) do update set reason = excluded.reason, field = excluded.field, found = excluded.found, expected = excluded.expected`
  await db.unsafe('drop table feed_bad')
}

/** Rows into quarantine one by one, for the few whose fault only the store could know. */
export const putAside = (
  db: Db,
  feedId: number,
  rows: readonly { line: number; reason: string; field: string; found: string; expected: string; raw: string }[],
) => db`
  insert into know.feed_row_quarantine as q (feed_id, line, reason, field, found, expected, raw)
  select ${feedId}, r.line, r.reason, r.field, r.found, r.expected, r.raw
    from jsonb_to_recordset(${db.json(rows as never)}) as r(line bigint, reason text, field text, found text, expected text, raw text)
  on conflict (feed_id, line) do update
     set reason = excluded.reason, field = excluded.field, found = excluded.found, expected = excluded.expected`

/** Rows given again that are no longer wrong: those of the lines, whatever else was tried. */
export const releaseQuarantined = (db: Db, feedId: number, lines: readonly number[], at: Date) => db`
  update know.feed_row_quarantine q set settled_at = ${at}
   where q.feed_id = ${feedId} and q.line = any(${lines as number[]}::bigint[]) and q.settled_at is null`

/** Raw lines still in quarantine, as bytes: line, raw. */
export const openQuarantine = (db: Db, feedId: number): Promise<Readable> =>
  copyTo(
    db,
    `(select q.line, q.raw from know.feed_row_quarantine q where q.feed_id = ${Number(feedId)} and q.settled_at is null order by q.line)`,
  )

export async function copyChunk(db: Db, fields: readonly Field[], rows: Readable): Promise<number> {
  await db.unsafe(createChunk(fields))
  await copyFrom(db, 'feed_chunk', chunkColumns(fields), rows)
  await db.unsafe('analyze feed_chunk')
  const [count] = await db.unsafe<{ rows: number }[]>('select count(*)::int as rows from feed_chunk')
  return count!.rows
}

/** Takes lines out of the chunk that must not be applied. */
export const leaveOut = (db: Db, lines: readonly number[]) =>
  db`delete from feed_chunk c where c.line = any(${lines as number[]}::bigint[])`

/** Whether nothing of the numbering is known yet. */
export async function isFirstLoad(db: Db, kind: 'customer' | 'holding', namespace: string): Promise<boolean> {
  const [found] =
    kind === 'customer'
      ? await db`select 1 from know.customer_key k where k.source = ${namespace} union all select 1 from know.household_key k where k.source = ${namespace} limit 1`
      : await db`select 1 from know.holding_key k where k.source = ${namespace} limit 1`
  return found === undefined
}

/** Until the transaction ends, nobody else takes numbers: neither one by one nor a range. */
export const holdNumbers = (db: Db) => db`select pg_advisory_xact_lock(hashtext('know.sources:numbers'))`

/** Takes so many consecutive numbers of a sequence; the number before the first of them. */
export async function takeNumbers(
  db: Db,
  sequence: 'customer_id_seq' | 'holding_id_seq' | 'household_id_seq',
  count: number,
): Promise<number> {
  await holdNumbers(db)
  const [first] = await db.unsafe<{ at: number }[]>(`select nextval('know.${sequence}') as at`)
  await db.unsafe(`select setval('know.${sequence}', $1)`, [first!.at + count])
  return first!.at
}

export const chunkCustomers = (db: Db) =>
  db.unsafe<{ customerId: number }[]>('select distinct c.customer_id as "customerId" from feed_chunk c')

/** Our numbers for a source's own ids, as bytes in the order of know.feed_key. */
export const keysOf = (db: Db, kind: 'customer' | 'holding', namespace: string, feedId: number): Promise<Readable> => {
  const space = `'${namespace.replaceAll("'", "''")}'`
  return kind === 'customer'
    ? copyTo(
        db,
        `(select ${Number(feedId)}, 'customer', k.source, k.external_id, k.customer_id, 0 from know.customer_key k where k.source = ${space})`,
      )
    : copyTo(
        db,
        `(select ${Number(feedId)}, 'holding', k.source, k.external_id, k.customer_id, k.holding_id from know.holding_key k where k.source = ${space})`,
      )
}

/** For every holding, the numbers of the other holdings of the same owners: payments between them are own transfers. */
export const ownNumbers = (db: Db, feedId: number): Promise<Readable> =>
  copyTo(
    db,
    `(select distinct ${Number(feedId)}, 'own', '', h.number, 0, mine.holding_id
        from know.holding_role mine
        join know.holding_role other on other.customer_id = mine.customer_id and other.role = 'owner' and other.holding_id <> mine.holding_id
        join know.holding h on h.customer_id = other.holder_customer_id and h.holding_id = other.holding_id
       where mine.role = 'owner' and h.number is not null)`,
  )

/** Everyone's part in every holding, as bytes in the order of know.holding_of. */
export const holdingMap = (db: Db): Promise<Readable> =>
  copyTo(
    db,
    `(select r.holding_id, r.customer_id, r.role, r.authority, r.share_bp, r.from_on, coalesce(r.to_on, date '2299-12-31'),
             h.product, h.currency, coalesce(h.opened_on, date '2299-12-31'), coalesce(h.closed_on, date '2299-12-31')
        from know.holding_role r
        join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id)`,
  )

/** Before very many people's facts change in a transaction: noted once, for everybody. */
export const noteEverybody = (db: Db) => db`select know.living_of_everybody()`

/** Balances from their chains, as bytes: holding, balance, date; a newer balance stays. */
export async function setBalances(db: Db, rows: Readable): Promise<void> {
  await noteEverybody(db)
  await db.unsafe(
    'create temporary table feed_balance (holding_id bigint, balance_minor bigint, balance_on date) on commit drop',
  )
  await copyFrom(db, 'feed_balance', ['holding_id', 'balance_minor', 'balance_on'], rows)
  await db.unsafe(`
    update know.holding h set balance_minor = b.balance_minor, balance_on = b.balance_on, updated_at = now()
      from feed_balance b
     where h.holding_id = b.holding_id and coalesce(h.balance_on, b.balance_on) <= b.balance_on
       and (h.balance_minor, h.balance_on) is distinct from (b.balance_minor, b.balance_on)`)
  await db.unsafe('drop table feed_balance')
}

/** Nobody else works on feeds of this source while the connection lives; false when somebody does. */
export async function lockSource(db: Db, source: string): Promise<boolean> {
  const [found] = await db<
    { locked: boolean }[]
  >`select pg_try_advisory_lock(hashtext('know.sources'), hashtext(${source})) as locked`
  return found!.locked
}

export const unlockSource = (db: Db, source: string) =>
  db`select pg_advisory_unlock(hashtext('know.sources'), hashtext(${source}))`

/** How many holdings there are of each product, whatever their dates. */
export const heldByProduct = (db: Db) =>
  db<{ product: string; holdings: number }[]>`
    select h.product, count(*)::int as holdings from know.holding h group by h.product order by count(*) desc, h.product`

// The lake's part.

/** Puts a new copy of the map in the place of the old one, in one step. */
export async function replaceHoldingMap(lake: Lake, rows: Readable): Promise<void> {
  await lake.command('truncate table know.holding_of_next')
  await lake.insert('know.holding_of_next', rows, { format: 'TabSeparated' })
  const [next] = await lake.query<{ rows: number }>('select count() as rows from know.holding_of_next')
  // A bank of which no account came in yet, or whose accounts were all refused.
  if (next!.rows === 0) return lake.command('truncate table know.holding_of')
  await lake.command('alter table know.holding_of replace partition tuple() from know.holding_of_next')
  await lake.command('truncate table know.holding_of_next')
}

export const stageOf = (feedId: number): Stage => ({
  stage: `know.feed_row_${feedId}`,
  marks: `know.feed_mark_${feedId}`,
})

export async function dropStage(lake: Lake, feedId: number): Promise<void> {
  const { stage, marks } = stageOf(feedId)
  await lake.command(`drop table if exists ${stage} sync`)
  await lake.command(`drop table if exists ${marks} sync`)
  await lake.command(`alter table know.feed_line drop partition ${Number(feedId)}`)
  await lake.command(`alter table know.feed_key drop partition ${Number(feedId)}`)
}

/** Lines as ClickHouse's own reader gives them, numbered from `from` + 1; a carriage return at the end is taken off. */
export const insertLines = (lake: Lake, feedId: number, part: string, from: number, block: Buffer): Promise<number> =>
  lake.insertFrom(
    `insert into know.feed_line select {feed:Int64}, {part:String}, {from:UInt64} + 1 + rowNumberInAllBlocks(),
       if(endsWith(raw, '\\r'), substring(raw, 1, length(raw) - 1), raw) from input('raw String')`,
    block,
    {
      format: 'LineAsString',
      params: { feed: feedId, part, from },
      settings: { max_threads: 1, max_insert_threads: 1, input_format_parallel_parsing: 0 },
    },
  )

/** Rows of a Parquet file as JSON lines, so that a row can stand in quarantine and be given again like any other. */
export const insertParquet = (
  lake: Lake,
  feedId: number,
  part: string,
  columns: readonly string[],
  file: Readable,
): Promise<number> => {
  const names = columns.map((column) => `\`${column}\``)
  return lake.insertFrom(
    `insert into know.feed_line select {feed:Int64}, {part:String}, 1 + rowNumberInAllBlocks(), toJSONString(map(${columns
      .flatMap((column, at) => [`'${column.replace(/[\\']/g, '\\$&')}'`, `ifNull(${names[at]}, '')`])
      .join(', ')})) from input('${names.map((name) => `${name} Nullable(String)`).join(', ')}')`,
    file,
    {
      format: 'Parquet',
      params: { feed: feedId, part },
      settings: { max_threads: 1, max_insert_threads: 1, input_format_parquet_allow_missing_columns: 0 },
    },
  )
}

export const insertAgain = (lake: Lake, rows: Readable, feedId: number): Promise<number> =>
  lake.insertFrom(
    `insert into know.feed_line select {feed:Int64}, 'main', line, raw from input('line UInt64, raw String')`,
    rows,
    { format: 'TabSeparated', params: { feed: feedId } },
  )

export const insertKeys = (lake: Lake, rows: Readable): Promise<number> =>
  lake.insert('know.feed_key', rows, {
    format: 'TabSeparated',
    columns: ['feed_id', 'kind', 'namespace', 'external_id', 'customer_id', 'holding_id'],
  })

export const countLines = async (lake: Lake, feedId: number, part: string): Promise<number> =>
  (
    await lake.query<{ rows: number }>(
      'select count() as rows from know.feed_line where feed_id = {feed:Int64} and part = {part:String}',
      { feed: feedId, part },
    )
  )[0]!.rows

export const countStage = async (lake: Lake, feedId: number): Promise<number> => {
  const [name] = await lake.query<{ rows: number }>(
    `select count() as rows from system.tables where database = 'know' and name = {name:String}`,
    { name: `feed_row_${feedId}` },
  )
  if (name!.rows === 0) return 0
  return (await lake.query<{ rows: number }>(`select count() as rows from ${stageOf(feedId).stage}`))[0]!.rows
}

/** Rows that are wrong, in PostgreSQL's COPY text: what `quarantine` takes. */
export const wrongRows = (lake: Lake, feedId: number, checks: Compiled['checks']): Promise<Readable> => {
  const { stage, marks } = stageOf(feedId)
  const list = (values: readonly string[]) =>
    `[${values.map((value) => `'${value.replace(/[\\']/g, '\\$&')}'`).join(', ')}]`
  return lake.stream(
    `select w.line, w.reason, nullIf(w.field, ''), w.found, w.expected, leftUTF8(toValidUTF8(replaceAll(l.raw, '\\0', '\\\\0')), 70000)
       from (select line, ${list(checks.map((c) => c.reason))}[problem] as reason, ${list(checks.map((c) => c.field ?? ''))}[problem] as field, found,
                    ${list(checks.map((c) => c.expected))}[problem] as expected
               from ${stage} where problem > 0
             union all
             select line, 'key_conflict', 'key', found, 'the same content, or another key' from ${marks} where outcome = 'conflict') as w
       join (select line, raw from know.feed_line where feed_id = {feed:Int64} and part = 'main') as l on l.line = w.line
      order by w.line`,
    { feed: feedId },
    { format: 'TabSeparated', settings: { join_algorithm: 'partial_merge,hash' } },
  )
}

export const rawLines = (lake: Lake, feedId: number, lines: readonly number[]) =>
  lake.query<{ line: number; raw: string }>(
    `select line, toValidUTF8(replaceAll(raw, '\\0', '\\\\0')) as raw from know.feed_line where feed_id = {feed:Int64} and part = 'main' and line in {lines:Array(UInt64)}`,
    { feed: feedId, lines },
  )

export const chunkRows = (
  lake: Lake,
  feedId: number,
  fields: readonly Field[],
  from: number,
  to: number,
): Promise<Readable> => {
  const { stage, marks } = stageOf(feedId)
  return lake.stream(
    selectChunk(stage, marks, fields),
    { from, to },
    { format: 'TabSeparated', settings: { max_threads: 2 } },
  )
}
