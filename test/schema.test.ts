import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMigrations, SCHEMA_FILE, schemaOf, statementsOf } from '#platform/migrations'
import { type TestBank, testBank } from '#test/harness'

describe('the golden schema', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
  })
  afterAll(() => bank.close())

  test('schema.sql is what all migrations make together (npm run schema writes it)', async () => {
    expect(await schemaOf(bank.rt.db)).toBe(readFileSync(SCHEMA_FILE, 'utf8'))
  })

  test('every migration of ClickHouse can be run again after it broke off', async () => {
    for (const migration of readMigrations().filter(({ store }) => store === 'lake'))
      for (const statement of statementsOf(migration.sql)) {
        await expect(
          bank.rt.lake.command(statement),
          `${migration.name}: ${statement.slice(0, 60)}`,
        ).resolves.toBeUndefined()
      }
  })
})
