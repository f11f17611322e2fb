import { unavailable } from '#platform/errors'
import type { Db } from './types.ts'

/**
 * Refuses a PostgreSQL that may lose what it acknowledged: fsync, full_page_writes and synchronous_commit must be on,
 * and its version must be 15 or later.
 */
export async function refuseUnsafe(db: Db): Promise<void> {
  const found = await db<{ name: string; setting: string }[]>`
    select name, setting from pg_settings
     where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_version_num', 'server_encoding')`
  const value = new Map(found.map((row) => [row.name, row.setting]))
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => value.get(name) === 'off')
  if (off.length > 0)
    throw unavailable(
      'postgres_unsafe',
      { off, expected: 'on' },
      `This PostgreSQL runs with ${off.join(', ')} off: after a crash it may have lost what it had acknowledged.`,
      `Turn ${off.join(', ')} on and start again.`,
    )
  if (Number(value.get('server_version_num')) < 150_000)
    throw unavailable(
      'postgres_too_old',
      { found: value.get('server_version_num'), expected: 150000 },
      'This PostgreSQL is older than 15.',
      'Use PostgreSQL 15 or later.',
    )
  if (value.get('server_encoding') !== 'UTF8')
    throw unavailable(
      'postgres_encoding',
      { found: value.get('server_encoding'), expected: 'UTF8' },
      `The database is encoded in ${value.get('server_encoding')}; names of customers need UTF8.`,
      "Create the database with encoding 'UTF8'.",
    )
}
