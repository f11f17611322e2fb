import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { registerKinds } from '#trust/playbook'
import { roundingOf } from './chain.ts'
import { chainBalances, kinds } from './index.ts'

describe('the chain of end-of-day balances', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
    registerKinds(...kinds)
    await runPlaybook(bank.rt, [])
  })
  afterAll(() => bank?.close())

  /** Books [day, amount, balance after] in the order of the file, on an account of its own. */
  async function chainOf(holding: number, entries: [string, number, number | null][]) {
    await bank.rt.lake.command('truncate table know.account_transaction')
    await bank.rt.lake.insert(
      'know.account_transaction',
      entries.map(([day, amount, balance], at) => ({
        holding_id: holding,
        booked_on: `2026-01-${day}`,
        transaction_id: String(at),
        value_on: `2026-01-${day}`,
        occurred_at: `2026-01-${day} 12:00:00`,
        amount_minor: amount,
        currency: 'EUR',
        kind: 'transfer',
        balance_after_minor: balance,
        status: 'booked',
        line: at,
        version: 1,
      })),
    )
    const { accounts, ...chain } = await chainBalances(bank.rt, '2026-12-31')
    expect(accounts).toBe(1)
    return chain
  }

  test('holds when the file’s order inside a day is not the order of posting', async () => {
    const chain = await chainOf(1, [
      ['02', 1000, 1000],
      ['05', -200, 1300],
      ['05', 500, 1500],
      ['09', -300, 1000],
    ])
    expect(chain).toMatchObject({ accountDays: 3, chained: 3, worstMinor: 0, beyond: 0, begunEarlier: 0 })
  })
  test('allows for rounding, and lists what is beyond half a unit', async () => {
    const chain = await chainOf(2, [
      ['02', 1000, 1000],
      ['03', 10, 1030],
      ['04', 10, 1120],
    ])
    expect(chain).toMatchObject({
      chained: 3,
      worstMinor: 80,
      beyond: 1,
      listed: [{ holdingId: 2, on: '2026-01-04', differenceMinor: 80 }],
    })
  })
  test('breaks where a booking is missing, once, and goes on', async () => {
    const chain = await chainOf(3, [
      ['02', 1000, 1000],
      ['03', 500, 4500],
      ['04', -100, 4400],
      ['05', 1, 4401],
    ])
    expect(chain).toMatchObject({
      accountDays: 4,
      chained: 3,
      worstMinor: 3000,
      listed: [{ on: '2026-01-03', differenceMinor: 3000 }],
    })
  })
  test('of a file that begins in the middle starts at the first stated end', async () => {
    const chain = await chainOf(4, [
      ['02', -200, 7300],
      ['02', 500, 7800],
      ['03', -300, 7500],
    ])
    expect(chain).toMatchObject({ accountDays: 2, chained: 2, begunEarlier: 1 })
  })
  test('allows as much in every currency: one and a half of its units', () => {
    expect([0, 2, 3].map(roundingOf)).toEqual([
      { allowedMinor: 1, listedMinor: 0 },
      { allowedMinor: 150, listedMinor: 50 },
      { allowedMinor: 1500, listedMinor: 500 },
    ])
  })
})
