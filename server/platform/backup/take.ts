import { randomUUID } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import type { Lake } from '#platform/clickhouse'
import { conflict, unavailable } from '#platform/errors'
import { copyTo, type Db } from '#platform/postgres'
import type { Runtime } from '#platform/runtime'
import { type CopiedTable, FORMAT, MANIFEST, type Manifest, measure, type Progress } from './manifest.ts'
import { type LakeTable, lakeTablesOf, name, sequencesOf, tablesOf } from './store.ts'

const QUIET_TRIES = 30
/** How long publishers wait at most behind our own wait for the lock. */
const QUIET_WAIT_MS = 1_000

/** Level 1 of zstd packs as fast as the stores give. */
const pack = () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/**
 * Writes a copy of both stores into a folder that is new or empty. Servers go on meanwhile; the copy shows one moment.
 * The manifest is written last: a folder without one is a copy that was not finished.
 */
export async function takeCopy(rt: Runtime, folder: string, progress: Progress = () => {}): Promise<Manifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw conflict('copy_folder_taken', { folder }, `${folder} is not empty.`, 'Name a folder that does not exist yet.')
  for (const part of ['', 'postgres', 'lake', 'keys']) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 })
  const snapshot = await rt.db.reserve()
  const aside = `copy_${randomUUID().replaceAll('-', '')}`
  try {
    const moment = await quietMoment(rt.db, snapshot, rt.lake, aside)
    const sequences = await sequencesOf(snapshot)
    const tables = await tablesOf(snapshot)
    const total = tables.length + moment.linked.length
    const postgres: CopiedTable[] = []
    for (const table of tables) {
      const file = join('postgres', `${table.name}.copy.zst`)
      const [{ rows } = { rows: 0 }] = await snapshot.unsafe<{ rows: number }[]>(
        `select count(*) as rows from ${table.name}`,
      )
      const measured = await write(
        join(folder, file),
        await copyTo(snapshot, `${table.name} (${table.columns.join(', ')})`),
      )
      postgres.push({ ...table, rows, file, ...measured })
      progress({ store: 'postgres', table: table.name, rows, done: postgres.length, total })
    }
    const lake: CopiedTable[] = []
    for (const { table, from } of moment.linked) {
      const copied = await copyLakeTable(rt.lake, folder, table, from)
      lake.push(copied)
      progress({ store: 'lake', table: copied.name, rows: copied.rows, done: postgres.length + lake.length, total })
    }
    const manifest: Manifest = {
      format: FORMAT,
      takenAt: moment.takenAt,
      migrations: await snapshot`select store, name, digest from platform.migration order by store desc, name`,
      postgres,
      sequences,
      lake,
      keys: await copyKeys(rt.config.stores.dataDir, folder),
    }
    writeFileSync(join(folder, `${MANIFEST}.half`), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    renameSync(join(folder, `${MANIFEST}.half`), join(folder, MANIFEST))
    return manifest
  } finally {
    await snapshot.unsafe('rollback').catch(() => {})
    snapshot.release()
    await rt.lake.command(`drop database if exists ${name(aside)} sync`).catch(() => {})
  }
}

interface Moment {
  takenAt: string
  /** Each table of the lake, and where its parts of that moment can be read. */
  linked: { table: LakeTable; from: string }[]
}

/**
 * Holds up whoever publishes for the instant in which the snapshot is opened and the lake's parts are linked aside.
 * All that the lake knows came through the outbox from a committed transaction; so what it shows then, the snapshot
 * knows, and what it does not show yet is still in the snapshot's outbox and is delivered after a restore.
 */
async function quietMoment(db: Db, snapshot: Db, lake: Lake, aside: string): Promise<Moment> {
  const tables = await lakeTablesOf(lake)
  await lake.command(`create database ${name(aside)}`)
  for (let tries = 1; ; tries++) {
    const gate = await db.reserve()
    try {
      await gate.unsafe(`begin; set local lock_timeout = ${QUIET_WAIT_MS}`)
      await gate`lock table platform.outbox in share mode`
      await snapshot.unsafe('begin isolation level repeatable read read only; set local statement_timeout = 0')
      const [now] = await snapshot<{ now: Date }[]>`select clock_timestamp() as now`
      const linked: Moment['linked'] = []
      for (const table of tables) linked.push({ table, from: await link(lake, table, aside) })
      return { takenAt: now!.now.toISOString(), linked }
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      if (tries >= QUIET_TRIES)
        throw unavailable(
          'copy_finds_no_quiet',
          { tries },
          'A transaction that publishes has been open all the time, so that no consistent moment was found.',
          'Try again when the running import or job has finished.',
          error,
        )
    } finally {
      await gate.unsafe('rollback').catch(() => {})
      gate.release()
    }
  }
}

async function link(lake: Lake, { database, table }: LakeTable, aside: string): Promise<string> {
  const from = `${name(database)}.${name(table)}`
  const linked = `${name(aside)}.${name(`${database}.${table}`)}`
  await lake.command(`create table ${linked} clone as ${from}`)
  return linked
}

async function write(file: string, source: Readable): Promise<{ digest: string; bytes: number }> {
  const seen = measure()
  await pipeline(source, pack(), seen.through, createWriteStream(file, { mode: 0o600 }))
  return { digest: seen.digest(), bytes: seen.bytes() }
}

async function copyLakeTable(lake: Lake, folder: string, table: LakeTable, from: string): Promise<CopiedTable> {
  const shown = `${table.database}.${table.table}`
  const file = join('lake', `${shown}.native.zst`)
  const columns = table.columns.map(name)
  const [{ rows } = { rows: 0 }] = await lake.query<{ rows: number }>(`select count() as rows from ${from}`)
  const source = await lake.stream(
    `select ${columns.join(', ')} from ${from}`,
    {},
    { format: 'Native', timeoutMs: 86_400_000 },
  )
  return {
    name: shown,
    columns: table.columns,
    create: table.create,
    rows,
    file,
    ...(await write(join(folder, file), source)),
  }
}

/** The stores' own keys stay: a copy brought back gets new ones. */
async function copyKeys(dataDir: string, folder: string): Promise<string[]> {
  if (!existsSync(dataDir)) return []
  const keys = readdirSync(dataDir).filter(
    (file) => file.endsWith('.key') && !/^(postgres|clickhouse)\.key$/.test(file),
  )
  for (const key of keys) await copyFile(join(dataDir, key), join(folder, 'keys', key))
  return keys
}
