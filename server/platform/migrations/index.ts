import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lake } from '#platform/clickhouse'
import { conflict, fault, invalid } from '#platform/errors'
import type { Db } from '#platform/postgres'

export { schemaOf } from './schema.ts'

type Store = 'postgres' | 'lake'

/** One file of SQL that moves a store forward. */
export interface Migration {
  readonly store: Store
  /** Its file name without ".sql". */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text, hexadecimal. */
  readonly digest: string
}

/** The house's own migrations. */
export const MIGRATIONS_FOLDER = join(import.meta.dirname, '../../../migrations')

/** What all migrations make together, as `schemaOf` tells it. */
export const SCHEMA_FILE = join(MIGRATIONS_FOLDER, '../schema.sql')

/** Any number that no other advisory lock of this system takes: "clientele" in digits of a telephone. */
const LOCK = 254_368_353

function filesOf(folder: string, store: Store): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      if (!/^\d{14}_[a-z0-9_]+\.sql$/.test(file))
        throw invalid(
          'migration_name_invalid',
          { file, expected: 'YYYYMMDDHHMMSS_layer_module.sql' },
          `${file} is not named like a migration.`,
          'Rename it to YYYYMMDDHHMMSS_layer_module.sql.',
        )
      const sql = readFileSync(join(folder, file), 'utf8')
      return { store, name: file.slice(0, -4), sql, digest: createHash('sha256').update(sql).digest('hex') }
    })
}

/** The migrations of a folder, PostgreSQL's first, each in the order of its names. */
export const readMigrations = (folder = MIGRATIONS_FOLDER): Migration[] => [
  ...filesOf(folder, 'postgres'),
  ...filesOf(join(folder, 'lake'), 'lake'),
]

/** ClickHouse takes one statement at a time: they end with ";" at the end of a line. */
export const statementsOf = (sql: string): string[] =>
  sql
    .split(/;[ \t]*(?:--[^\n]*)?(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '')

/**
 * Runs what has not run yet; returns the names. Servers that start together wait for each other on an advisory lock.
 * Throws `migration_changed` when a file that ran is another one now, `data_newer_than_build` when the stores know
 * migrations that this build does not, `migration_failed` with the place when one fails.
 */
export async function migrate(db: Db, lake: Pick<Lake, 'command'>, migrations = readMigrations()): Promise<string[]> {
  const session = await db.reserve()
  try {
    await session`select pg_advisory_lock(${LOCK})`
    await session.unsafe(`
      create schema if not exists platform;
      create table if not exists platform.migration (
        store      text not null check (store in ('postgres', 'lake')),
        name       text not null,
        digest     text not null,
        applied_at timestamptz not null default clock_timestamp(),
        primary key (store, name)
      );
      comment on table platform.migration is 'class: local | what brought the stores to their present form';`)
    const done = new Map(
      (
        await session<
          { store: Store; name: string; digest: string }[]
        >`select store, name, digest from platform.migration`
      ).map((row) => [`${row.store} ${row.name}`, row.digest]),
    )
    refuseWhatDiffers(done, migrations)
    const applied: string[] = []
    for (const migration of migrations) {
      if (done.has(`${migration.store} ${migration.name}`)) continue
      if (migration.store === 'postgres') await applyToPostgres(session, migration)
      else await applyToLake(session, lake, migration)
      applied.push(migration.name)
    }
    return applied
  } finally {
    await session`select pg_advisory_unlock(${LOCK})`.catch(() => {})
    session.release()
  }
}

function refuseWhatDiffers(done: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [`${migration.store} ${migration.name}`, migration.digest]))
  const unknown = [...done.keys()].filter((key) => !known.has(key))
  if (unknown.length > 0)
    throw conflict(
      'data_newer_than_build',
      { unknown },
      `These stores were opened by a newer build: it ran ${unknown.join(', ')}, which this build does not know.`,
      'Start with that build or a later one.',
    )
  const changed = [...done].filter(([key, digest]) => known.get(key) !== digest).map(([key]) => key)
  if (changed.length > 0)
    throw conflict(
      'migration_changed',
      { changed },
      `${changed.join(', ')} ran with another text than it has now.`,
      'Put the old text back and write a new migration for the change.',
    )
}

const failed = (migration: Migration, error: unknown, at: { statement?: string; line?: number }) =>
  fault(
    'migration_failed',
    { store: migration.store, migration: migration.name, ...at, reason: String((error as Error).message ?? error) },
    `Migration ${migration.name} of ${migration.store} failed${at.line ? ` at line ${at.line}` : ''}: ${String((error as Error).message ?? error)}`,
    'Nothing of its PostgreSQL part was kept. Mend the file and start again.',
    error,
  )

async function applyToPostgres(session: Db, migration: Migration): Promise<void> {
  try {
    await session.unsafe('begin')
    await session.unsafe(migration.sql)
    await session`insert into platform.migration (store, name, digest) values ('postgres', ${migration.name}, ${migration.digest})`
    await session.unsafe('commit')
  } catch (error) {
    await session.unsafe('rollback').catch(() => {})
    const position = Number((error as { position?: string }).position)
    const line = Number.isFinite(position) ? migration.sql.slice(0, position).split('\n').length : undefined
    throw failed(migration, error, line === undefined ? {} : { line })
  }
}

/** ClickHouse has no transactions: a migration that broke off runs again from its start, so each statement says "if not exists". */
async function applyToLake(session: Db, lake: Pick<Lake, 'command'>, migration: Migration): Promise<void> {
  await runInLake(lake, migration)
  await session`insert into platform.migration (store, name, digest) values ('lake', ${migration.name}, ${migration.digest})`
}

/** Runs one ClickHouse migration without noting it. */
export async function runInLake(lake: Pick<Lake, 'command'>, migration: Migration): Promise<void> {
  for (const statement of statementsOf(migration.sql)) {
    try {
      await lake.command(statement)
    } catch (error) {
      throw failed(migration, error, { statement: statement.slice(0, 200) })
    }
  }
}
