import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { invariants } from './check.ts'

const once = invariants.find(({ id }) => id === 'know.sources:transactions')!
const ROWS = 2_000_000
/** Less than the table of all of them needs; an eighth of what a query may use by default. */
const MEMORY_BYTES = 260_000_000

describe('a transaction is there once, looked at over years of entries', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
    await bank.rt.lake.command(`
      insert into know.account_transaction (holding_id, booked_on, transaction_id, amount_minor, currency, status, version)
      select number % 5000, toDate32('2026-01-01') + toUInt16(number % 28), concat('a-core-systems-own-transaction-', toString(number)),
             100, 'EUR', 'booked', 1
        from numbers(${ROWS})`)
  })
  afterAll(() => bank?.close())

  test('within a bounded memory, however many there are', async () => {
    const rows = await bank.rt.lake.query(
      `select * from (${once.sql}) settings max_memory_usage = ${MEMORY_BYTES}, max_threads = 2`,
    )
    expect(rows).toEqual([])
  })

  test('one that is there twice is found', async () => {
    await bank.rt.lake.command(`
      insert into know.account_transaction (holding_id, booked_on, transaction_id, amount_minor, currency, status, version)
      values (7, '2026-02-01', 'a-core-systems-own-transaction-7', 100, 'EUR', 'booked', 1)`)
    const [found] = await runInvariants(bank.rt, [once])
    expect(found?.rows).toEqual([{ holding_id: 7, transaction_id: 'a-core-systems-own-transaction-7', rows: 2 }])
  })
})
