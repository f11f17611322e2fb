/**
 * Banks for tests, on the real stores. All tests of a run share one PostgreSQL; a bank is a database cloned from a
 * migrated template. ClickHouse's databases have fixed names, so a bank has a ClickHouse of its own for its time: the
 * next test gets it emptied. Stores start when the first test asks, and end with the run.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endAbandonedLake, keepLakeFor, type OpenLake, openLake } from '#platform/clickhouse'
import { type FakeClock, fakeClock } from '#platform/clock'
import { loadConfig, type Overrides } from '#platform/config'
import { migrate, readMigrations, runInLake } from '#platform/migrations'
import {
  type Connection,
  createDatabase,
  endAbandonedPostgres,
  keepPostgresFor,
  openPostgres,
  type Postgres,
  pool,
  quoted,
} from '#platform/postgres'
import { type Log, type Runtime, randomIds, seededRandom } from '#platform/runtime'
import { isAlive, ownIdentity, tryLock, unlock, withLock } from '#platform/supervision'
import { scratchBase } from './scratch.ts'

export interface TestBank {
  readonly rt: Runtime
  /** Stands still at 2026-03-02T08:00:00Z, a Monday, until a test moves it. */
  readonly clock: FakeClock
  readonly connection: Connection
  /** What was logged at warn or error. */
  readonly complaints: string[]
  close(): Promise<void>
}

export interface TestBankOptions {
  readonly startsAt?: string
  readonly overrides?: Overrides
}

const ROOT_VARIABLE = 'CLIENTELE_TEST_ROOT'
const PREFIX = 'clientele-test-'

/** A folder for the stores of a run. */
export async function makeRoot(): Promise<string> {
  const base = scratchBase()
  await sweep(base)
  const root = mkdtempSync(join(base, PREFIX))
  writeFileSync(join(root, 'owner'), ownIdentity())
  return root
}

const readOwner = (root: string): string | undefined => {
  const file = join(root, 'owner')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Removes what runs left whose processes were killed. */
async function sweep(base: string): Promise<void> {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(PREFIX)) continue
    const root = join(base, name)
    try {
      const owner = readOwner(root)
      if (owner !== undefined && !isAlive(owner)) await discard(root)
    } catch {
      // another user's
    }
  }
}

const lakesIn = (root: string): string[] =>
  existsSync(join(root, 'lakes')) ? readdirSync(join(root, 'lakes')).map((name) => join(root, 'lakes', name)) : []

/** Ends the stores of a run and removes its folder. */
export async function discard(root: string): Promise<void> {
  rmSync(join(root, 'owner'), { force: true })
  for (const keep of stays.splice(0)) keep.leave()
  const folders = [root, ...lakesIn(root)]
  for (const folder of folders)
    for (const kind of ['postgres', 'clickhouse'])
      rmSync(join(folder, `${kind}.residents`), { recursive: true, force: true })
  await Promise.all([endAbandonedPostgres(root), ...lakesIn(root).map(endAbandonedLake)])
  rmSync(root, { recursive: true, force: true })
}

const stays: { leave(): void }[] = []

/** What one test process holds open for all its banks. */
interface Stores {
  readonly root: string
  /** Made by this process, which ends it with its last bank; otherwise the run's. */
  readonly own: boolean
  readonly postgres: Postgres
  readonly template: string
  readonly lakes: Map<string, OpenLake>
}

let stores: Promise<Stores> | undefined
let open = 0
let named = 0

function quiet(complaints: string[]): Log {
  const note = (facts: Record<string, unknown>, message: string): void => {
    complaints.push(`${message} ${JSON.stringify(facts)}`)
  }
  return { info: () => {}, warn: note, error: note }
}

const migrations = readMigrations()
const form = createHash('sha256')
  .update(migrations.map((migration) => migration.digest).join())
  .digest('hex')
  .slice(0, 12)

/** For migrations of PostgreSQL alone. */
const NO_LAKE: Pick<OpenLake, 'command'> = { command: () => Promise.reject(new Error('no ClickHouse here')) }

async function openStores(): Promise<Stores> {
  const given = process.env[ROOT_VARIABLE]
  const root = given ?? (await makeRoot())
  if (!given) stays.push(keepPostgresFor(root, ownIdentity()))
  else if (!existsSync(join(root, 'postgres.kept'))) {
    // The run keeps it for the next test file; this process only uses it.
    keepPostgresFor(root, readOwner(root)!)
    writeFileSync(join(root, 'postgres.kept'), '')
  }
  const postgres = await openPostgres({
    dataDir: root,
    connectionsMax: 2,
    sharedBuffersBytes: 128 * 1024 ** 2,
    log: quiet([]),
  })
  const template = `template_${form}`
  const opened: Stores = { root, own: !given, postgres, template, lakes: new Map() }
  await withLock(join(root, 'template.lock'), 60_000, async () => {
    const [found] = await postgres.db`select 1 from pg_database where datname = ${template} and datistemplate`
    if (found) return
    const connection = { ...postgres.connection, database: template }
    await createDatabase(connection)
    const db = pool(connection, { connectionsMax: 1 })
    try {
      // Each bank's ClickHouse is brought to its form when it is borrowed; the template only says so.
      const lake = migrations.filter((migration) => migration.store === 'lake')
      await migrate(
        db,
        NO_LAKE,
        migrations.filter((migration) => migration.store === 'postgres'),
      )
      for (const { store, name, digest } of lake)
        await db`insert into platform.migration (store, name, digest) values (${store}, ${name}, ${digest})`
    } finally {
      await db.end()
    }
    await postgres.db.unsafe(`alter database ${quoted(template)} is_template true`)
  })
  return opened
}

/** A ClickHouse that no other bank uses now, in its migrated form and empty. */
async function borrowLake(of: Stores): Promise<{ lake: OpenLake; giveBack(): void }> {
  for (let slot = 0; ; slot++) {
    const folder = join(of.root, 'lakes', String(slot))
    mkdirSync(folder, { recursive: true })
    const taken = join(folder, 'taken')
    if (!tryLock(taken)) continue
    let lake = of.lakes.get(folder)
    if (!lake) {
      keepLakeFor(folder, of.own ? ownIdentity() : readOwner(of.root)!)
      lake = await openLake({ dataDir: folder, queryMemoryBytes: 1024 ** 3, queriesAtOnce: 8, log: quiet([]) })
      of.lakes.set(folder, lake)
    }
    await toForm(lake, join(folder, `tables-${form}`))
    return { lake, giveBack: () => unlock(taken) }
  }
}

interface LakeTable {
  name: string
  kind: string
  filled: number
}

const tablesOf = (lake: OpenLake): Promise<LakeTable[]> =>
  lake.query<LakeTable>(`
    select concat(database, '.', name) as name, engine as kind, toUInt8(ifNull(total_rows, 1) > 0) as filled
      from system.tables where database not in ('system', 'INFORMATION_SCHEMA', 'information_schema', 'default')`)

async function toForm(lake: OpenLake, file: string): Promise<void> {
  if (!existsSync(file)) {
    for (const migration of migrations) if (migration.store === 'lake') await runInLake(lake, migration)
    writeFileSync(file, JSON.stringify((await tablesOf(lake)).map((table) => table.name)))
    return
  }
  const ours = new Set(JSON.parse(readFileSync(file, 'utf8')) as string[])
  for (const table of await tablesOf(lake)) {
    const name = table.name
      .split('.')
      .map((part) => `\`${part}\``)
      .join('.')
    if (!ours.has(table.name)) await lake.command(`drop table if exists ${name} sync`)
    else if (table.filled && /MergeTree|^(Log|TinyLog|Memory|Set|Join)$/.test(table.kind))
      await lake.command(`truncate table ${name}`)
  }
}

/**
 * A bank of its own: an empty PostgreSQL database and ClickHouse with all migrations, a clock that stands still, and
 * chance and configuration that are the same every time. Close it in afterAll or afterEach.
 */
export async function testBank(options: TestBankOptions = {}): Promise<TestBank> {
  open++
  stores ??= openStores()
  const shared = await stores
  const borrowed = await borrowLake(shared)
  const database = `bank_${process.pid}_${++named}`
  await shared.postgres.db.unsafe(
    `create database ${quoted(database)} template ${quoted(shared.template)} strategy file_copy`,
  )
  const connection = { ...shared.postgres.connection, database }
  const db = pool(connection, { connectionsMax: 8, statementTimeoutMs: 60_000, applicationName: 'test' })
  const clock = fakeClock(options.startsAt ?? '2026-03-02T08:00:00Z')
  const complaints: string[] = []
  const dataDir = join(shared.root, 'banks', database)
  mkdirSync(dataDir, { recursive: true })
  const rt: Runtime = {
    db,
    lake: borrowed.lake,
    clock,
    ids: randomIds(() => clock.now().getTime()),
    random: seededRandom(20260302),
    config: loadConfig({}, { ...options.overrides, stores: { ...options.overrides?.stores, dataDir } }),
    log: quiet(complaints),
  }
  let closed = false
  return {
    rt,
    clock,
    connection,
    complaints,
    close: async () => {
      if (closed) return
      closed = true
      await db.end({ timeout: 2 })
      borrowed.giveBack()
      await shared.postgres.db.unsafe(`drop database if exists ${quoted(database)} with (force)`)
      rmSync(dataDir, { recursive: true, force: true })
      if (--open === 0) await leave(shared)
    },
  }
}

/** The last bank of this process is closed: what it opened is closed too, or it would keep the process alive. */
async function leave(shared: Stores): Promise<void> {
  stores = undefined
  await shared.postgres.close()
  for (const lake of shared.lakes.values()) await lake.close()
  if (shared.own) await discard(shared.root)
}

/** Announces a folder of stores to the tests that this process starts, and ends those stores afterwards. */
export async function storesForRun(): Promise<() => Promise<void>> {
  const root = await makeRoot()
  process.env[ROOT_VARIABLE] = root
  return () => discard(root)
}
