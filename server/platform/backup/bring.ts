import { copyFileSync, createReadStream, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import type { Lake } from '#platform/clickhouse'
import { conflict, isProblem } from '#platform/errors'
import { migrate, readMigrations } from '#platform/migrations'
import { copyFrom, type Db } from '#platform/postgres'
import { type CopiedTable, type Manifest, measure, type Progress, readManifest } from './manifest.ts'
import { name, recordRestored, setSequence } from './store.ts'

export interface Brought {
  readonly manifest: Manifest
  /** Tables of the copy that this build does not have; what they held was for the moment only. */
  readonly skipped: string[]
}

/**
 * Brings a copy into empty stores. They are first given the form that the copy was taken in, and after the rows the
 * migrations that came later, so that a copy of an older build is opened by a newer one. Whole or not at all.
 */
export async function bringCopy(
  db: Db,
  lake: Lake,
  folder: string,
  dataDir: string,
  progress: Progress = () => {},
): Promise<Brought> {
  const manifest = readManifest(folder)
  const migrations = readMigrations()
  refuseNewer(manifest, migrations)
  await refuseFilled(db)
  const then = new Set(manifest.migrations.map(({ store, name }) => `${store} ${name}`))
  await migrate(
    db,
    lake,
    migrations.filter((migration) => then.has(`${migration.store} ${migration.name}`)),
  )
  const skipped: string[] = []
  const total = manifest.postgres.length + manifest.lake.length
  let done = 0
  const loaded: string[] = []
  const session = await db.reserve()
  try {
    await session.unsafe('begin; set local statement_timeout = 0')
    await freeOfTriggers(session, manifest)
    for (const table of manifest.postgres) {
      if (await hasTable(session, table.name)) {
        await session.unsafe(`delete from ${table.name}`)
        await fromFile(folder, table, (rows) => copyFrom(session, table.name, table.columns, rows))
        await countMatches(
          table,
          (await session.unsafe<{ rows: number }[]>(`select count(*) as rows from ${table.name}`))[0]!.rows,
        )
      } else skipped.push(table.name)
      progress({ store: 'postgres', table: table.name, rows: table.rows, done: ++done, total })
    }
    for (const sequence of manifest.sequences) await setSequence(session, sequence.name, sequence.value)
    for (const table of manifest.lake) {
      await loadLakeTable(lake, folder, table, loaded)
      progress({ store: 'lake', table: table.name, rows: table.rows, done: ++done, total })
    }
    await session.unsafe('commit')
  } catch (error) {
    await session.unsafe('rollback').catch(() => {})
    for (const table of loaded) await lake.command(`truncate table if exists ${table}`).catch(() => {})
    throw error
  } finally {
    session.release()
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  for (const key of manifest.keys) copyFileSync(join(folder, 'keys', key), join(dataDir, key))
  await migrate(db, lake, migrations)
  await recordRestored(db, manifest.takenAt)
  return { manifest, skipped }
}

function refuseNewer(manifest: Manifest, migrations: ReturnType<typeof readMigrations>): void {
  const digests = new Map(migrations.map((migration) => [`${migration.store} ${migration.name}`, migration.digest]))
  const unknown = manifest.migrations
    .filter(({ store, name }) => !digests.has(`${store} ${name}`))
    .map(({ name }) => name)
  if (unknown.length > 0)
    throw conflict(
      'copy_newer_than_build',
      { unknown, takenAt: manifest.takenAt },
      `The copy was taken by a newer build, which had run ${unknown.join(', ')}.`,
      'Bring it back with that build or a later one.',
    )
  const changed = manifest.migrations.filter(({ store, name, digest }) => digests.get(`${store} ${name}`) !== digest)
  if (changed.length > 0)
    throw conflict(
      'copy_of_another_form',
      { changed: changed.map(({ name }) => name) },
      'The copy was taken by a build whose migrations of the same name had another text.',
      'Bring it back with the build that took it.',
    )
}

async function refuseFilled(db: Db): Promise<void> {
  const [found] = await db`select 1 from pg_namespace where nspname = 'platform'`
  if (found)
    throw conflict(
      'stores_not_empty',
      {},
      'A copy is brought into empty stores only, and these hold a bank already.',
      'Name a new data directory, or an empty database.',
    )
}

/** Rows that were consistent when they were copied need no trigger or reference tried again. */
async function freeOfTriggers(session: Db, manifest: Manifest): Promise<void> {
  const [may] = await session<{ may: boolean }[]>`
    select rolsuper or coalesce(has_parameter_privilege('session_replication_role', 'SET'), false) as may
      from pg_roles where rolname = current_user`
  if (may?.may) {
    await session.unsafe('set local session_replication_role = replica')
    return
  }
  for (const table of manifest.postgres)
    if (await hasTable(session, table.name)) await session.unsafe(`alter table ${table.name} disable trigger user`)
}

async function hasTable(db: Db, table: string): Promise<boolean> {
  const [found] = await db<{ found: boolean }[]>`select to_regclass(${table}) is not null as found`
  return found!.found
}

async function loadLakeTable(lake: Lake, folder: string, table: CopiedTable, loaded: string[]): Promise<void> {
  const at = table.name.indexOf('.')
  const target = `${name(table.name.slice(0, at))}.${name(table.name.slice(at + 1))}`
  const [found] = await lake.query(
    `select 1 as found from system.tables where database = {d:String} and name = {t:String}`,
    {
      d: table.name.slice(0, at),
      t: table.name.slice(at + 1),
    },
  )
  if (!found) await lake.command(table.create!)
  loaded.push(target)
  await lake.command(`truncate table ${target}`)
  if (table.rows > 0)
    await fromFile(folder, table, async (rows) => {
      await lake.insert(target, rows, { format: 'Native', columns: table.columns.map(name), timeoutMs: 86_400_000 })
    })
  const [counted] = await lake.query<{ rows: number }>(`select count() as rows from ${target}`)
  await countMatches(table, counted!.rows)
}

/** Gives a table's rows to `load`; throws `copy_damaged` when its file is not the one that was written. */
async function fromFile(folder: string, table: CopiedTable, load: (rows: Readable) => Promise<void>): Promise<void> {
  const damaged = (found: Record<string, unknown>, cause?: unknown) =>
    conflict(
      'copy_damaged',
      { file: table.file, ...found },
      `${table.file} is not what was written when the copy was taken.`,
      'Nothing was brought back. Use another copy.',
      cause,
    )
  const path = join(folder, table.file)
  if (!existsSync(path)) throw damaged({ found: 'no such file' })
  const seen = measure()
  const rows = new PassThrough({ highWaterMark: 1024 * 1024 })
  try {
    const reading = pipeline(createReadStream(path), seen.through, createZstdDecompress(), rows)
    // A file that cannot be read must not look like one that ended: the sink sees the error.
    await Promise.all([reading, load(rows)])
  } catch (error) {
    if (isProblem(error)) throw error
    if (/ZSTD_|unexpected end/.test(`${(error as { code?: string }).code} ${error}`))
      throw damaged({ found: String(error) }, error)
    throw error
  }
  const digest = seen.digest()
  if (digest !== table.digest) throw damaged({ found: digest, expected: table.digest })
}

async function countMatches(table: CopiedTable, rows: number): Promise<void> {
  if (rows !== table.rows)
    throw conflict(
      'copy_incomplete',
      { table: table.name, found: rows, expected: table.rows },
      `${table.name} has ${rows} rows after loading; the copy says ${table.rows}.`,
      'Nothing was brought back. Use another copy.',
    )
}
