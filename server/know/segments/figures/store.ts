import type { Lake, LakeOptions } from '#platform/clickhouse'
import type { Db } from '#platform/postgres'

const options = (signal: AbortSignal | undefined): LakeOptions => ({ timeoutMs: 30_000, ...(signal ? { signal } : {}) })

/** The figure as it was counted of exactly this; undefined when it was not. */
export async function keptFigure<T>(
  db: Db,
  figure: string,
  countedOf: string,
): Promise<{ found: T; countedAt: Date } | undefined> {
  const [row] = await db<{ found: T; countedAt: Date }[]>`
    select k.found, k.counted_at as "countedAt"
      from know.kept_figure k
     where k.figure = ${figure} and k.counted_of = ${countedOf}`
  return row
}

/** Keeps it, and forgets those of the same name that nobody asks for any more. */
export async function keepFigure(
  db: Db,
  figure: string,
  countedOf: string,
  found: unknown,
  at: Date,
  forgetBefore: Date,
): Promise<void> {
  await db`
    insert into know.kept_figure (figure, counted_of, found, counted_at)
    values (${figure}, ${countedOf}, ${db.json(found as never)}, ${at})
    on conflict (figure, counted_of) do nothing`
  await db`
    delete from know.kept_figure k
     where k.figure = ${figure} and k.counted_of <> ${countedOf} and k.counted_at < ${forgetBefore}`
}

/** How many each rule admits and fails on, all in one walk over the table; `asOf` and `zone` are what rules may read. */
export async function countAll(
  lake: Lake,
  { table, asOf, zone }: { table: string; asOf: string; zone: string },
  rules: readonly { admits: string; error: string }[],
  signal?: AbortSignal,
): Promise<{ customers: number; counts: { count: number; errors: number }[] }> {
  const columns = rules.map(
    ({ admits, error }, at) =>
      `, countIf(${admits}) as _c${at}, ${error === '0' ? 'toUInt64(0)' : `countIf(${error})`} as _e${at}`,
  )
  const [row] = await lake.query<Record<string, number>>(
    `select count() as _customers${columns.join('')} from ${table}`,
    { asOf, zone },
    options(signal),
  )
  return {
    customers: row!._customers!,
    counts: rules.map((_, at) => ({ count: row![`_c${at}`]!, errors: row![`_e${at}`]! })),
  }
}

/** What each clause of a rule takes away, and who of those that are left belongs to other segments; in one walk. */
export async function dissect(
  lake: Lake,
  { table, asOf, zone }: { table: string; asOf: string; zone: string },
  { clauses, admits, others }: { clauses: readonly string[]; admits: string; others: readonly string[] },
  signal?: AbortSignal,
): Promise<{
  customers: number
  count: number
  clauses: { alone: number; left: number; without: number }[]
  others: { both: number; size: number }[]
}> {
  const every = (kept: (at: number) => boolean): string =>
    clauses.flatMap((_, at) => (kept(at) ? [`_c${at}`] : [])).join(' and ') || '1'
  const counts = clauses.map(
    (_, at) =>
      `, countIf(_c${at}) as _alone${at}, countIf(${every((n) => n <= at)}) as _left${at}, countIf(${every((n) => n !== at)}) as _without${at}`,
  )
  const shared = others.map((_, at) => `, countIf(_admits and _o${at}) as _both${at}, countIf(_o${at}) as _size${at}`)
  const [row] = await lake.query<Record<string, number>>(
    `select count() as _customers, countIf(_admits) as _count${counts.join('')}${shared.join('')}
       from (select toBool(${admits}) as _admits${clauses.map((sql, at) => `, toBool(${sql}) as _c${at}`).join('')}${others
         .map((sql, at) => `, toBool(${sql}) as _o${at}`)
         .join('')}
               from ${table})`,
    { asOf, zone },
    options(signal),
  )
  const found = row!
  return {
    customers: found._customers!,
    count: found._count!,
    clauses: clauses.map((_, at) => ({
      alone: found[`_alone${at}`]!,
      left: found[`_left${at}`]!,
      without: found[`_without${at}`]!,
    })),
    others: others.map((_, at) => ({ both: found[`_both${at}`]!, size: found[`_size${at}`]! })),
  }
}

/**
 * Which copy of the holdings lies in the lake: a text that another copy does not have. Merging its parts changes nothing
 * of it. Undefined where the parts lie elsewhere (a cluster's), or there are none.
 */
export async function holdingsState(lake: Lake): Promise<string | undefined> {
  const [row] = await lake.query<{ parts: number; state: string }>(
    `select count() as parts,
            concat(toString(any(t.uuid)), ' ', toString(min(p.min_block_number)), ' ', toString(max(p.max_block_number)), ' ',
                   toString(sum(p.rows)), ' ', toString(max(p.data_version))) as state
       from system.parts as p
       join system.tables as t on t.database = p.database and t.name = p.table
      where p.database = 'know' and p.table = 'holding_of' and p.active`,
  )
  return row!.parts === 0 ? undefined : row!.state
}
