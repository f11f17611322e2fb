import { pino } from 'pino'
import { type OpenLake, openLake } from '#platform/clickhouse'
import { type Clock, systemClock } from '#platform/clock'
import { type Config, loadConfig, type Overrides } from '#platform/config'
import { migrate } from '#platform/migrations'
import { type Connection, openPostgres, type Postgres } from '#platform/postgres'
import { type Ids, type Log, type Random, type Runtime, randomIds, systemRandom } from '#platform/runtime'

export interface BankOptions {
  /** The data directory; default as configured. */
  readonly dataDir?: string | undefined
  readonly databaseUrl?: string | undefined
  readonly clickhouseUrl?: string | undefined
  readonly clock?: Clock
  readonly ids?: Ids
  readonly random?: Random
  readonly log?: Log
  /** Settings of the caller, before those of the environment. */
  readonly overrides?: Overrides
  /** The environment to read settings from. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Name shown by PostgreSQL for this process's connections. */
  readonly applicationName?: string
}

/** Open stores of one bank and everything a verb needs. */
export interface Bank {
  readonly rt: Runtime
  readonly config: Config
  readonly connection: Connection
  /** Process ids of the embedded stores, undefined for servers by URL. */
  pids(): { postgres: number | undefined; clickhouse: number | undefined }
  close(): Promise<void>
}

/** The two stores, open and in whatever form they are. */
export interface Stores {
  readonly config: Config
  readonly log: Log
  readonly postgres: Postgres
  readonly lake: OpenLake
  close(): Promise<void>
}

/** Starts or joins the two stores without bringing them to this build's form. */
export async function openStores(options: BankOptions = {}): Promise<Stores> {
  const config = loadConfig(options.env ?? process.env, {
    ...options.overrides,
    stores: {
      ...options.overrides?.stores,
      ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
      ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
      ...(options.clickhouseUrl === undefined ? {} : { clickhouseUrl: options.clickhouseUrl }),
    },
  })
  const log = options.log ?? pino({ level: config.log.level }, pino.destination({ fd: 2, sync: true }))
  const { stores } = config
  // Both at once: a first start waits for the slower, not for the sum.
  const [postgres, lake] = await Promise.allSettled([
    openPostgres({
      dataDir: stores.dataDir,
      url: stores.databaseUrl,
      connectionsMax: stores.databaseConnections,
      statementTimeoutMs: stores.statementTimeoutMs,
      sharedBuffersBytes: stores.sharedBuffersBytes,
      port: stores.postgresPort,
      applicationName: options.applicationName ?? 'clientele',
      log,
    }),
    openLake({
      dataDir: stores.dataDir,
      url: stores.clickhouseUrl,
      queryMemoryBytes: stores.queryMemoryBytes,
      queryTimeoutMs: stores.queryTimeoutMs,
      queriesAtOnce: stores.queriesAtOnce,
      log,
    }),
  ])
  const close = async (): Promise<void> => {
    await Promise.all([
      postgres.status === 'fulfilled' ? postgres.value.close() : undefined,
      lake.status === 'fulfilled' ? lake.value.close() : undefined,
    ])
  }
  if (postgres.status === 'rejected' || lake.status === 'rejected') {
    await close()
    throw postgres.status === 'rejected' ? postgres.reason : (lake as PromiseRejectedResult).reason
  }
  return { config, log, postgres: postgres.value, lake: lake.value, close }
}

/**
 * Opens a bank: starts or joins its two stores, brings them to this build's form, and gives the runtime. Whoever
 * opens it closes it; the last process to close ends the embedded stores.
 */
export async function openBank(options: BankOptions = {}): Promise<Bank> {
  const { config, log, postgres, lake, close } = await openStores(options)
  try {
    const applied = await migrate(postgres.db, lake)
    if (applied.length > 0) log.info({ applied: applied.length, last: applied.at(-1) }, 'migrations ran')
    const clock = options.clock ?? systemClock
    const rt: Runtime = {
      db: postgres.db,
      lake,
      clock,
      ids: options.ids ?? randomIds(() => clock.now().getTime()),
      random: options.random ?? systemRandom,
      config,
      log,
    }
    return {
      rt,
      config,
      connection: postgres.connection,
      pids: () => ({ postgres: postgres.pid(), clickhouse: lake.pid() }),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
