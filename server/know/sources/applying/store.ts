import type { Lake } from '#platform/clickhouse'
import { bookedRows, chainPerAccount, ROWS_PER_SLICE, type Rounding } from '../chain.ts'
import { stageOf } from '../store.ts'
import * as sql from '../transactions.ts'

export interface MonthOfFeed {
  month: number
  rows: number
  first: string
  last: string
}

/** Memory of one statement over a whole file: sorting and joining beyond it go to disk. */
const BYTES_MAX = 1_200_000_000
const settings = {
  max_bytes_before_external_sort: 400_000_000,
  max_bytes_ratio_before_external_sort: 0,
  max_insert_threads: 1,
  // A reversal may be of any month.
  max_partitions_per_insert_block: 0,
}
const options = { memoryBytes: BYTES_MAX, timeoutMs: 3_600_000, settings }

export const createStage = async (lake: Lake, feedId: number, createTable: string): Promise<void> => {
  await lake.command(createTable)
  await lake.command(sql.createMarks(stageOf(feedId).marks))
}

export const fillStage = (lake: Lake, feedId: number, fill: string, from: number, to: number): Promise<void> =>
  lake.command(
    fill,
    { feed: feedId, from, to },
    {
      ...options,
      settings: {
        ...settings,
        join_use_nulls: 0,
        short_circuit_function_evaluation: 'force_enable',
        // Reading an amount takes many columns on the way: few rows at once, and parts of half the size.
        max_block_size: 16_384,
        min_insert_block_size_rows: 500_000,
      },
    },
  )

export async function markRepeated(lake: Lake, feedId: number): Promise<void> {
  const [repeated] = await lake.query<{ keys: number }>(sql.countRepeated(stageOf(feedId)), {}, options)
  if (repeated!.keys > 0) await lake.command(sql.markRepeated(stageOf(feedId)), {}, options)
}

export const monthsOf = (lake: Lake, feedId: number): Promise<MonthOfFeed[]> =>
  lake.query(sql.selectMonths(stageOf(feedId)))

export const countOthers = async (lake: Lake, feedId: number, { first, last }: MonthOfFeed): Promise<number> =>
  (await lake.query<{ rows: number }>(sql.countOthers, { feed: feedId, first, last }))[0]!.rows

export const markKnown = (
  lake: Lake,
  feedId: number,
  filled: sql.Filled,
  { month, first, last }: MonthOfFeed,
): Promise<void> => lake.command(sql.markKnown(stageOf(feedId), filled), { feed: feedId, month, first, last }, options)

/** Books a month; rows that an interrupted run wrote already are not written again. Returns how many the month now has. */
export async function bookMonth(lake: Lake, feedId: number, filled: sql.Filled, month: number): Promise<number> {
  const stage = stageOf(feedId)
  const [there] = await lake.query<{ rows: number }>(sql.countMonth, { feed: feedId, month })
  await lake.command(sql.bookMonth(stage, filled, there!.rows > 0), { feed: feedId, month }, options)
  const [good] = await lake.query<{ rows: number }>(
    `select count() as rows from ${stage.stage} where problem = 0 and line not in (select line from ${stage.marks}) and toYYYYMM(booked_on) = {month:UInt32}`,
    { month },
  )
  return good!.rows
}

/** Lines of a month that were booked, for rows given again. */
export const linesOfMonth = (lake: Lake, feedId: number, month: number) =>
  lake.query<{ line: number }>(
    `select line from ${stageOf(feedId).stage} where problem = 0 and toYYYYMM(booked_on) = {month:UInt32} and line not in (select line from ${stageOf(feedId).marks} where outcome = 'conflict')`,
    { month },
  )

/** Ties reversals to their originals and bookings to the authorisations they settle. */
export async function linkTransactions(lake: Lake, feedId: number, filled: sql.Filled, first: string): Promise<void> {
  const [reversals] = await lake.query<{ rows: number }>(
    `select count() as rows from know.account_transaction where reverses != ''`,
  )
  if (reversals!.rows > 0) await lake.command(sql.linkReversals(), { first }, options)
  const [pending] = await lake.query<{ rows: number }>(
    `select count() as rows from know.account_transaction where status = 'pending'`,
  )
  if (pending!.rows > 0) await lake.command(sql.settlePending(stageOf(feedId), filled), { first }, options)
}

export const expirePending = (lake: Lake, before: string): Promise<void> =>
  lake.command(sql.expirePending(), { before }, options)

/** The holdings of a feed in slices that are chained one at a time, whatever the length of their histories. */
export async function closingSlices(lake: Lake, feedId: number): Promise<{ from: number; to: number }[]> {
  const [range] = await lake.query<{ rows: number; first: number; last: number }>(
    `select count() as rows, min(holding_id) as first, max(holding_id) as last from know.account_transaction
      where holding_id in (select holding_id from ${stageOf(feedId).stage} where problem = 0)`,
    {},
    options,
  )
  const { rows, first, last } = range!
  if (rows === 0) return []
  const step = Math.ceil((last - first + 1) / Math.ceil(rows / ROWS_PER_SLICE))
  return Array.from({ length: Math.ceil((last - first + 1) / step) }, (_, at) => ({
    from: first + at * step,
    to: first + (at + 1) * step,
  }))
}

/** The last balance of every holding of the feed in a slice, from its chain, in COPY text: holding, balance, date. */
export const closings = (lake: Lake, feedId: number, { from, to }: { from: number; to: number }, rounding: Rounding) =>
  lake.stream(
    `select holding_id, chain.1, last_on from (${chainPerAccount(
      bookedRows(
        `and holding_id >= {from:Int64} and holding_id < {to:Int64} and holding_id in (select holding_id from ${stageOf(feedId).stage} where problem = 0)`,
      ),
      rounding,
    )})`,
    { asOf: '2299-12-31', from, to },
    { ...options, format: 'TabSeparated' },
  )

export const marksOf = async (lake: Lake, feedId: number): Promise<{ duplicate: number; conflict: number }> => {
  const rows = await lake.query<{ outcome: 'duplicate' | 'conflict'; rows: number }>(
    `select outcome, count() as rows from ${stageOf(feedId).marks} group by outcome`,
  )
  const of = (outcome: string) => rows.find((row) => row.outcome === outcome)?.rows ?? 0
  return { duplicate: of('duplicate'), conflict: of('conflict') }
}

export const countWrong = async (lake: Lake, feedId: number): Promise<number> =>
  (await lake.query<{ rows: number }>(`select count() as rows from ${stageOf(feedId).stage} where problem > 0`))[0]!
    .rows

/** Adds up the controlled field; the sum may be beyond what a program counts exactly, so it comes as text. */
export const controlSum = async (lake: Lake, query: string): Promise<number> =>
  Number((await lake.query<{ found: string }>(query.replace('as found', '::String as found')))[0]!.found)

/** Lines of the chunk that are fine, for rows given again. */
export const goodLines = (lake: Lake, feedId: number, from: number, to: number) =>
  lake.query<{ line: number }>(
    `select line from ${stageOf(feedId).stage} where problem = 0 and line > {from:UInt64} and line <= {to:UInt64} and line not in (select line from ${stageOf(feedId).marks})`,
    { from, to },
  )

/** Rows of a chunk as objects, for targets whose own module takes them in. */
export const rowsOf = <Row>(lake: Lake, feedId: number, columns: readonly string[], from: number, to: number) =>
  lake.query<Row>(
    `select line, key, ${columns.join(', ')} from ${stageOf(feedId).stage}
      where problem = 0 and line > {from:UInt64} and line <= {to:UInt64} and line not in (select line from ${stageOf(feedId).marks}) order by line`,
    { from, to },
  )

export const lastLine = async (lake: Lake, feedId: number): Promise<number> =>
  (
    await lake.query<{ last: number }>(
      `select max(line) as last from know.feed_line where feed_id = {feed:Int64} and part = 'main'`,
      { feed: feedId },
    )
  )[0]!.last

/** Rows of a first load, in COPY text. */
export const freshRows = (lake: Lake, select: string, from: number, to: number) =>
  lake.stream(select, { from, to }, { ...options, format: 'TabSeparated' })

export const countGood = async (lake: Lake, feedId: number, from: number, to: number): Promise<number> =>
  (
    await lake.query<{ rows: number }>(
      `select count() as rows from ${stageOf(feedId).stage} where problem = 0 and line > {from:UInt64} and line <= {to:UInt64} and line not in (select line from ${stageOf(feedId).marks})`,
      { from, to },
    )
  )[0]!.rows
