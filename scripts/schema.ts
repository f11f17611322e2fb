/** Writes schema.sql: what all migrations make of an empty PostgreSQL. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBank } from '#app/bank'
import { SCHEMA_FILE, schemaOf } from '#platform/migrations'

const dataDir = mkdtempSync(join(tmpdir(), 'clientele-schema-'))
try {
  const bank = await openBank({ dataDir, env: { CLIENTELE_LOG_LEVEL: 'error' } })
  try {
    const text = await schemaOf(bank.rt.db)
    writeFileSync(SCHEMA_FILE, text)
    process.stdout.write(`schema.sql: ${text.split('\n').length} lines\n`)
  } finally {
    await bank.close()
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
