import type { Attribute } from '#know/attributes'
import type { Lake, LakeOptions } from '#platform/clickhouse'
import type { Scope } from '#platform/http'
import type { Condition, Order } from '../order.ts'
import type { Question } from '../question.ts'

const TIMEOUT_MS = 30_000
/** Sealed records are told by number: a bank of ten millions has some hundred thousand. */
const QUERY_BYTES_MAX = 64 * 1024 ** 2

/** Whom a list may hold. */
export interface Bounds {
  scope: Exclude<Scope, 'all'> | null
  sealed: ReadonlySet<number>
  /** Whom the text of the filter fits. */
  fits: Condition
}

/** One of the list as the lake knows them: `values` in the order of the columns, null where absent. */
export interface ListedRow {
  customerId: number
  absent: boolean
  key: number | string
  values: unknown[]
}

const options = (signal: AbortSignal | undefined): LakeOptions => ({
  timeoutMs: TIMEOUT_MS,
  settings: { max_query_size: QUERY_BYTES_MAX },
  ...(signal ? { signal } : {}),
})

function within({ admits }: Question, { scope, sealed, fits }: Bounds): Condition {
  const own = ['_branch', '_team', '_portfolio'].map((unit) => `has({own${unit}:Array(String)}, ${unit})`)
  return {
    // Numbers that the database gave: they can be written as they are.
    sql: [
      `(${admits})`,
      ...(scope === null ? [] : [`(${own.join(' or ')})`]),
      ...(sealed.size === 0 ? [] : [`customer_id not in (${[...sealed].map(Number).join(',')})`]),
      fits.sql,
    ].join('\n and '),
    params: {
      ...fits.params,
      ...(scope === null
        ? {}
        : {
            own_branch: scope.branches ?? [],
            own_team: scope.teams ?? [],
            own_portfolio: scope.portfolios ?? [],
          }),
    },
  }
}

/** How many there are in all. */
export async function countListed(
  lake: Lake,
  question: Question,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<number> {
  const { sql, params } = within(question, bounds)
  const [row] = await lake.query<{ n: number }>(
    `select count() as n from ${question.table} where ${sql}`,
    { asOf: question.asOf, zone: question.zone, ...params },
    options(signal),
  )
  return row!.n
}

/** A value as it is given out: instants in UTC, as everywhere. */
const valueSql = ({ id, type }: Attribute): string =>
  type === 'timestamp' ? `formatDateTime(\`${id}\`, '%Y-%m-%dT%H:%i:%SZ', 'UTC')` : `\`${id}\``

/** The next of them in the order asked for. */
export async function listed(
  lake: Lake,
  question: Question,
  {
    bounds,
    order,
    after,
    columns,
    membersMax,
  }: { bounds: Bounds; order: Order; after: Condition; columns: readonly Attribute[]; membersMax: number },
  signal?: AbortSignal,
): Promise<ListedRow[]> {
  const { sql, params } = within(question, bounds)
  const shown = columns.map(
    (column, at) => `, ${valueSql(column)} as _v${at}, ${column.always ? '1' : `\`has_${column.id}\``} as _h${at}`,
  )
  const rows = await lake.query<Record<string, unknown>>(
    `select customer_id as _id, toBool(${order.absent}) as _absent, ${order.key} as _key${shown.join('')}
       from ${question.table}
      where ${sql}
        and ${after.sql}
      order by _absent, _key ${order.descending ? 'desc' : 'asc'}, customer_id
      limit {membersMax:UInt32}`,
    { asOf: question.asOf, zone: question.zone, membersMax, ...params, ...after.params },
    options(signal),
  )
  return rows.map((row) => ({
    customerId: row._id as number,
    absent: row._absent as boolean,
    key: row._key as number | string,
    values: columns.map((_, at) => (row[`_h${at}`] ? row[`_v${at}`] : null)),
  }))
}
