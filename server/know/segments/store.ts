import type { Lake, LakeOptions } from '#platform/clickhouse'
import type { Scope } from '#platform/http'
import type { Db } from '#platform/postgres'

/** A rule in the words of the lake: `admits` and `error` are made by the expression compiler. */
export interface Question {
  /** The table of one computation; its name is made of a number. */
  table: string
  asOf: string
  admits: string
  error: string
}

/**
 * Counts read a few columns of one table once; two threads leave the machine's other work its share when there is only
 * one core to spare.
 */
const options = (signal: AbortSignal | undefined): LakeOptions => ({ timeoutMs: 30_000, ...(signal ? { signal } : {}) })

export async function count(
  lake: Lake,
  { table, asOf, admits, error }: Question,
  signal?: AbortSignal,
): Promise<{ count: number; customers: number; errors: number }> {
  const errors = error === '0' ? 'toUInt64(0)' : `countIf(${error})`
  const [row] = await lake.query<{ count: number; customers: number; errors: number }>(
    `select countIf(${admits}) as count, count() as customers, ${errors} as errors from ${table}`,
    { asOf },
    options(signal),
  )
  return row!
}

/** Some members, spread evenly over all of them by a hash of their number: the same ones each time. */
export async function sample(
  lake: Lake,
  { table, asOf, admits }: Question,
  membersMax: number,
  signal?: AbortSignal,
): Promise<number[]> {
  const rows = await lake.query<{ id: number }>(
    `select customer_id as id from ${table} where ${admits} order by cityHash64(customer_id) limit {membersMax:UInt32}`,
    { asOf, membersMax },
    options(signal),
  )
  return rows.map(({ id }) => id)
}

export async function members(
  lake: Lake,
  { table, asOf, admits }: Question,
  after: number,
  membersMax: number,
  signal?: AbortSignal,
): Promise<number[]> {
  const rows = await lake.query<{ id: number }>(
    `select customer_id as id from ${table} where customer_id > {after:Int64} and ${admits} order by customer_id limit {membersMax:UInt32}`,
    { asOf, after, membersMax },
    options(signal),
  )
  return rows.map(({ id }) => id)
}

/** Of these people those in the scope, in the order given. */
export const names = (
  db: Db,
  ids: readonly number[],
  scope: Exclude<Scope, 'all'> | null,
): Promise<{ customerId: number; name: string | null }[]> =>
  db<{ customerId: number; name: string | null }[]>`
    select c.customer_id as "customerId", coalesce(c.full_name, nullif(concat_ws(' ', c.given_name, c.family_name), '')) as name
      from unnest(${ids as number[]}::bigint[]) with ordinality as g (customer_id, n)
      join know.customer c on c.customer_id = g.customer_id
     where ${scope === null}
        or c.branch_code = any(${[...(scope?.branches ?? [])]}::text[])
        or c.team_code = any(${[...(scope?.teams ?? [])]}::text[])
        or c.portfolio_code = any(${[...(scope?.portfolios ?? [])]}::text[])
     order by g.n`
