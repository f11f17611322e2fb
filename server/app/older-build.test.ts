import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openBank, openStores } from '#app/bank'
import { migrate, readMigrations, SCHEMA_FILE, schemaOf } from '#platform/migrations'
import { scratchFolder } from '#test/scratch'

const quiet = { env: { CLIENTELE_LOG_LEVEL: 'silent' }, overrides: { stores: { sharedBuffersBytes: 64 * 1024 ** 2 } } }
const scratch = scratchFolder('older-build')
afterAll(scratch.remove)

describe('a data directory that an older build made', () => {
  const dataDir = join(scratch.path, 'bank')

  test('is opened by this one, brought to its form, and has lost nothing', async () => {
    // The older build knew customers and consents, and neither interactions nor decisions.
    const known = readMigrations().filter(({ name }) => name < '20261103100500')
    const older = await openStores({ ...quiet, dataDir })
    await migrate(older.postgres.db, older.lake, known)
    await older.postgres.db`
      insert into know.customer (customer_id, kind, stage, full_name, source, known_on)
      values (7, 'person', 'customer', 'Somebody', 'core', '2026-01-01')`
    await older.close()

    const now = await openBank({ ...quiet, dataDir })
    try {
      expect(await schemaOf(now.rt.db)).toBe(readFileSync(SCHEMA_FILE, 'utf8'))
      expect(await now.rt.db`select full_name from know.customer where customer_id = 7`).toEqual([
        { full_name: 'Somebody' },
      ])
      await now.rt.db`select 1 from decide.decision`
    } finally {
      await now.close()
    }
  })
})
