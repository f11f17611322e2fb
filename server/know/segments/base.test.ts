import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { BANK } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { monthEnds } from './base.ts'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  await runPlaybook(bank.rt, BANK)
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const NEVER = '2299-12-31'
const holding = (customer_id: number, holding_id: number, opened_on: string, closed_on = NEVER, role = 'owner') => ({
  ...{ holding_id, customer_id, role, authority: 'sole', share_bp: 10_000, from_on: opened_on, to_on: NEVER },
  ...{ product: 'everyday_account', currency: 'EUR', opened_on, closed_on },
})

describe('how the customer base moves from month to month', () => {
  test('before any account came there is nothing to tell of', async () => {
    const { status, body } = await http.call('GET', '/api/know/segments/base', { as: 'bertil' })
    expect([status, body.flows]).toEqual([200, []])
  })

  test('who came, who holds more or less, who left and who came back: each once between two month ends', async () => {
    await bank.rt.lake.insert('know.holding_of', [
      // There all along with one account; the second holding makes two in February.
      holding(1, 11, '2020-01-01'),
      holding(1, 12, '2026-02-10'),
      // Came in January.
      holding(2, 21, '2026-01-31'),
      // Closed the last day of January: gone by the end of it.
      holding(3, 31, '2020-01-01', '2026-01-31'),
      // Left long ago, and came back in February.
      holding(4, 41, '2015-01-01', '2018-01-01'),
      holding(4, 42, '2026-02-02'),
      // Uses an account of somebody else's, and owns nothing.
      holding(5, 11, '2020-01-01', NEVER, 'user'),
      // Opened in March: not yet part of a month that is over.
      holding(6, 61, '2026-03-01'),
    ])
    const { body } = await http.call('GET', '/api/know/segments/base', { as: 'bertil', query: { months: 2 } })
    expect(body.ends).toEqual(['2025-12-31', '2026-01-31', '2026-02-28'])
    expect(body.flows).toEqual([
      { at: 0, from: 'none', to: 'one', customers: 1 },
      { at: 0, from: 'one', to: 'left', customers: 1 },
      { at: 0, from: 'one', to: 'one', customers: 1 },
      { at: 1, from: 'left', to: 'one', customers: 1 },
      { at: 1, from: 'one', to: 'one', customers: 1 },
      { at: 1, from: 'one', to: 'two', customers: 1 },
    ])
  })

  test('the months are those that are over, over a new year and in a leap year too', () => {
    expect(monthEnds('2026-01-01', 2)).toEqual(['2025-10-31', '2025-11-30', '2025-12-31'])
    expect(monthEnds('2024-03-31', 1)).toEqual(['2024-01-31', '2024-02-29'])
  })
})
