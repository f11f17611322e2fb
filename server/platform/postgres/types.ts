import type driver from 'postgres'
import { postgres } from './driver.ts'

/** int8 as a number; beyond ±2⁵³ it would silently be another number, so it throws instead. */
const bigint = {
  to: 20,
  from: [20],
  serialize: (value: number | bigint): string => String(value),
  parse: (text: string): number => {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) throw new RangeError(`a bigint beyond ±2⁵³ cannot be a number: ${text}`)
    return value
  },
}

/** A date is a day in the bank's calendar, not an instant: it stays 'YYYY-MM-DD'. */
const date = {
  to: 1082,
  from: [1082],
  serialize: (value: string): string => value,
  parse: (text: string): string => text,
}

export const types = { bigint, date }

/** The tagged template of postgres.js: a pool, or within a transaction that transaction. */
export type Db = driver.Sql<Record<string, never>>

/** How to reach a PostgreSQL database, in the words of postgres.js. */
export interface Connection {
  readonly host: string
  readonly port: number
  readonly path?: string
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl?: 'require' | 'prefer' | 'verify-full' | false
}

export interface PoolOptions {
  readonly connectionsMax?: number
  readonly statementTimeoutMs?: number
  readonly applicationName?: string
  readonly onNotice?: (notice: string) => void
}

/** A pool of connections. Connections are opened when first needed and opened again when the server comes back. */
export function pool(to: Connection, options: PoolOptions = {}): Db {
  return postgres({
    host: to.host,
    port: to.port,
    ...(to.path ? { path: to.path } : {}),
    user: to.user,
    password: to.password,
    database: to.database,
    ...(to.ssl === undefined ? {} : { ssl: to.ssl }),
    max: options.connectionsMax ?? 12,
    types: types as unknown as Record<string, never>,
    connect_timeout: 15,
    // Failing fast and often finds a restarted server within a fraction of a second.
    backoff: (retries: number) => Math.min(0.02 * 2 ** retries, 0.5),
    onnotice: (notice) => options.onNotice?.(String(notice.message)),
    connection: {
      application_name: options.applicationName ?? 'clientele',
      // The session's zone only matters to text shown by psql; instants are UTC everywhere.
      TimeZone: 'UTC',
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    },
  }) as unknown as Db
}
