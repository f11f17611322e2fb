import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shareInterval } from '#decide/arbitration'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { periodsOf } from '../periods.ts'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank({ startsAt: '2026-06-01T08:00:00Z' })
  http = await testHttp(bank)
  const segment = (id: string, title: string, rule: string) => ({ kind: 'segment', id, title, rule })
  await runPlaybook(bank.rt, [
    ...BANK,
    ...ATTRIBUTES,
    segment('young', 'The young', 'customer.age_years < 30'),
    segment('all', 'Everybody', 'true'),
  ])
  for (let n = 1; n <= 40; n++)
    await bank.rt.db`insert into know.customer (customer_id, full_name, birth_on, source)
                     values (${n}, 'somebody', ${n <= 10 ? '2005-01-01' : '1970-01-01'}, 'test')`
  // In April ten young customers are shown it and half take it up; in May thirty others are, and three do; ten never see it.
  for (let n = 1; n <= 40; n++) {
    bank.clock.set(n <= 10 ? '2026-04-10T10:00:00Z' : '2026-05-10T10:00:00Z')
    const at = bank.clock.now()
    const state =
      n <= 5
        ? 'accepted'
        : n <= 8
          ? 'refused'
          : n <= 10
            ? 'shown'
            : n <= 13
              ? 'accepted'
              : n <= 30
                ? 'shown'
                : 'expired'
    await bank.rt.db`
      insert into know.contact (customer_id, contact_id, decision_id, direction, channel, action_group, action, treatment, class,
                                communication, state, claimed_version, claimed_at)
      values (${n}, ${bank.rt.ids.next()}, ${bank.rt.ids.next()}, 'inbound', ${n % 2 ? 'app' : 'web'}, 'save', 'goal_saver', 't',
              'marketing', ${String(n)}, ${state}, 1, ${at})`
  }
  bank.clock.set('2026-06-01T08:00:00Z')
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const ask = async (query: Record<string, string>) =>
  (await http.call('GET', '/api/learn/outcomes/acceptance', { as: 'bertil', query })).body
const key = (body: { lines: { key: string }[] }) => body.lines.map((line) => line.key)

describe('what became of contacts', () => {
  test('of those who saw it some took it up: the share with its interval', async () => {
    const { lines } = await ask({ by: 'action' })
    expect(lines).toMatchObject([{ key: 'goal_saver', contacts: 40, seen: 30, accepted: 8, refused: 3, rate: 8 / 30 }])
    const [low, high] = lines[0].interval
    expect([low > 0.13 && low < 0.15, high > 0.43 && high < 0.45]).toEqual([true, true])
  })

  test('month by month, from the first day of each', async () => {
    const { lines } = await ask({ by: 'month' })
    expect(lines.map(({ key, seen, accepted }: Record<string, unknown>) => [key, seen, accepted])).toEqual([
      ['2026-04-01', 10, 5],
      ['2026-05-01', 20, 3],
    ])
    expect(key(await ask({ by: 'week' }))).toEqual(['2026-04-06', '2026-05-04'])
  })

  test('by channel, and within a period only', async () => {
    expect(key(await ask({ by: 'channel' }))).toEqual(['app', 'web'])
    const april = await ask({ by: 'action', from: '2026-04-01', to: '2026-05-01' })
    expect(april.lines).toMatchObject([{ contacts: 10, accepted: 5 }])
    expect((await ask({ by: 'action', from: '2026-05-01', to: '2026-04-01' })).error.code).toBe('period_empty')
    expect((await ask({ by: 'action', action: 'other' })).lines).toEqual([])
  })

  test('by the segments that customers are in now', async () => {
    const { lines, customersTried, ofCustomers } = await ask({ by: 'segment' })
    expect(lines).toMatchObject([
      { key: 'all', title: 'Everybody', seen: 30, accepted: 8 },
      { key: 'young', title: 'The young', seen: 10, accepted: 5, rate: 0.5 },
    ])
    expect([customersTried, ofCustomers]).toEqual([40, 40])
  })
})

describe('an interval', () => {
  test('of nobody is none, of few is wide, and never leaves 0 to 1', () => {
    expect(shareInterval(0, 0)).toBeNull()
    expect(shareInterval(0, 3)![0]).toBe(0)
    expect(shareInterval(3, 3)![1]).toBe(1)
    expect(shareInterval(5, 10)![0]).toBeCloseTo(0.2366, 3)
    expect(shareInterval(500, 1000)![1]! - shareInterval(500, 1000)![0]!).toBeLessThan(0.07)
  })
})

describe('periods', () => {
  test('weeks begin on Monday, months on the first, both are cut to what is asked', () => {
    expect(periodsOf('week', '2026-05-06', '2026-05-20')).toEqual([
      { from: '2026-05-06', to: '2026-05-11' },
      { from: '2026-05-11', to: '2026-05-18' },
      { from: '2026-05-18', to: '2026-05-20' },
    ])
    expect(periodsOf('month', '2025-12-15', '2026-02-01').map(({ from }) => from)).toEqual(['2025-12-15', '2026-01-01'])
    expect(periodsOf('month', '2026-02-01', '2026-02-01')).toEqual([])
  })
})
