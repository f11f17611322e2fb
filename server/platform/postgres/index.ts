import { totalmem } from 'node:os'
import type { Log } from '#platform/runtime'
import { openEmbedded } from './embedded.ts'
import { refuseUnsafe } from './safety.ts'
import { type Connection, type Db, pool } from './types.ts'
import { connectionOf } from './url.ts'

export { numbers, texts } from './arrays.ts'
export { copyFrom, copyRows, copyTo } from './copy.ts'
export { endAbandoned as endAbandonedPostgres, keepFor as keepPostgresFor } from './embedded.ts'
export { type Finding, type Invariant, runInvariants } from './invariants.ts'
export { inTransaction, isTransaction } from './transaction.ts'
export { type Connection, type Db, pool } from './types.ts'

export interface PostgresOptions {
  readonly dataDir: string
  /** A server to use instead of the one in the data directory. */
  readonly url?: string | undefined
  readonly connectionsMax?: number
  readonly statementTimeoutMs?: number
  readonly sharedBuffersBytes?: number
  /** Loopback port of the embedded server besides its socket; 0 or absent for none. */
  readonly port?: number
  readonly applicationName?: string
  readonly log: Log
}

export interface Postgres {
  readonly db: Db
  /** For whoever needs a connection of its own, and for another database of the same server. */
  readonly connection: Connection
  /** The postmaster's process id when it runs inside the data directory. */
  pid(): number | undefined
  close(): Promise<void>
}

/**
 * Opens PostgreSQL: the server at `url`, or the embedded one of the data directory. Throws `postgres_*` problems that
 * say what was found and what to do.
 */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const embedded = options.url
    ? undefined
    : await openEmbedded({
        dataDir: options.dataDir,
        port: options.port ?? 0,
        // Taken as a whole when the server starts, so a small machine gets a small one.
        sharedBuffersBytes: Math.min(options.sharedBuffersBytes ?? 2 * 1024 ** 3, Math.floor(totalmem() / 4)),
        say: (facts, message) => options.log.info(facts, message),
      })
  const connection = embedded?.connection ?? connectionOf(options.url!)
  let db: Db | undefined
  try {
    if (embedded) await createDatabase(connection)
    db = pool(connection, options)
    await refuseUnsafe(db)
    return {
      db,
      connection,
      pid: () => embedded?.pid(),
      close: async () => {
        await db!.end({ timeout: 2 })
        await embedded?.close()
      },
    }
  } catch (error) {
    await db?.end({ timeout: 1 })
    await embedded?.close()
    throw error
  }
}

/** Creates the database that the connection names, when the server lacks it. */
export async function createDatabase(connection: Connection, template?: string): Promise<void> {
  const admin = pool({ ...connection, database: 'postgres' }, { connectionsMax: 1 })
  try {
    const [found] = await admin`select 1 from pg_database where datname = ${connection.database}`
    if (found) return
    await admin.unsafe(
      `create database ${quoted(connection.database)}${template ? ` template ${quoted(template)} strategy file_copy` : ''}`,
    )
  } catch (error) {
    // Two processes may both have found it missing.
    if ((error as { code?: string }).code !== '42P04' && (error as { code?: string }).code !== '23505') throw error
  } finally {
    await admin.end({ timeout: 5 })
  }
}

/** An identifier as SQL text. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
