import type { Lake } from '#platform/clickhouse'
import type { Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import { type Db, inTransaction, isTransaction } from '#platform/postgres'
import type { Ids } from './ids.ts'
import type { Random } from './random.ts'

export { BUCKETS, bucketOf, bucketOfId, type Ids, isId, randomIds, sequentialIds } from './ids.ts'
export { type Random, seededRandom, systemRandom } from './random.ts'

/** A structured logger: ids in facts, never values of personal data. */
export interface Log {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
  error(facts: Record<string, unknown>, message: string): void
}

/**
 * Everything from the outside world that a verb may touch, passed in. A verb's first parameter is the runtime; inside
 * a transaction it is the same runtime with `db` replaced, so that verbs of several modules commit together.
 */
export interface Runtime {
  readonly db: Db
  readonly lake: Lake
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly config: Config
  readonly log: Log
}

/** The same runtime with its database replaced by an open transaction. */
export const within = (rt: Runtime, db: Db): Runtime => ({ ...rt, db })

/** Whether what is done with it now is part of a transaction that somebody else commits. */
export const isInTransaction = (rt: Runtime): boolean => isTransaction(rt.db)

/** Runs `work` in one transaction. Nobody outside the database is called from inside it. */
export function transaction<T>(rt: Runtime, work: (rt: Runtime) => Promise<T>): Promise<T> {
  // A transaction inside a transaction is the same one: the outer commit decides.
  if (isInTransaction(rt)) return work(rt)
  return inTransaction(rt.db, (tx) => work(within(rt, tx)))
}
