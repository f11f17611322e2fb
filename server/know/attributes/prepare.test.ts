import { afterAll, beforeAll, expect, test } from 'vitest'
import * as events from '#know/events'
import { takeEvents } from '#know/events'
import { drain } from '#platform/outbox'
import { runInvariants } from '#platform/postgres'
import { seededRandom } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK, eventsFor, givePeople, giveTransactions } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { computeAttributes, currentProfile, invariants, loadFacts } from './index.ts'

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { next } = seededRandom(3)
  const nowMs = bank.rt.clock.now().getTime()
  await givePeople(bank.rt, next, 20, nowMs)
  await giveTransactions(bank.rt, next, 20, nowMs)
  await takeEvents(bank.rt, eventsFor(next, 20, 100, nowMs))
  await drain(bank.rt, events.subscriptions)
})
afterAll(async () => {
  expect((await runInvariants(bank.rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await http.close()
  await bank.close()
})

const salaries90 = {
  kind: 'attribute',
  id: 'salaries_90d',
  title: 'Salaries',
  meaning: 'Salaries booked in 90 days.',
  type: 'int',
  source: { transactions: { aggregate: 'count', where: 'transaction.kind == "salary"', windowDays: 90 } },
}

test('a new attribute is computed over everybody before the playbook with it runs', async () => {
  const { rt } = bank
  await runPlaybook(rt, [...BANK, ...ATTRIBUTES])
  const before = (await currentProfile(rt))!
  const revision = await runPlaybook(rt, [...BANK, ...ATTRIBUTES, salaries90])
  const after = (await currentProfile(rt, revision))!
  expect(after.table).not.toBe(before.table)
  const [{ n }] = (await rt.lake.query<{ n: number }>(`select countIf(salaries_90d > 0) as n from ${after.table}`)) as [
    { n: number },
  ]
  const facts = [
    ...(
      await loadFacts(
        rt,
        Array.from({ length: 20 }, (_, i) => i + 1),
      )
    ).values(),
  ]
  expect(n).toBeGreaterThan(0)
  expect(facts.filter(({ attributes }) => (attributes.salaries_90d as number) > 0)).toHaveLength(n)
})

test('an attribute that is only reworded is not computed again', async () => {
  const before = await currentProfile(bank.rt)
  await runPlaybook(bank.rt, [...BANK, ...ATTRIBUTES, { ...salaries90, meaning: 'Salaries in the last 90 days.' }])
  expect(await currentProfile(bank.rt)).toEqual(before)
})

test('an event is in the attributes of its customer as soon as its message is delivered', async () => {
  const pages = async (): Promise<unknown> => (await loadFacts(bank.rt, [4])).get(4)!.attributes.pages_7d
  const before = (await pages()) as number
  const page = { source: 'web', id: 'now', type: 'web.page', customerId: 4, occurredAt: '2026-03-02T07:59:00Z' }
  expect((await http.call('POST', '/api/know/events', { as: http.key, body: page })).status).toBe(200)
  await http.drain()
  expect(await pages()).toBe(before + 1)
})

test('windows move on with the day', async () => {
  bank.clock.advanceMs(9 * 86_400_000)
  await computeAttributes(bank.rt)
  expect((await loadFacts(bank.rt, [4])).get(4)!.attributes.pages_7d).toBe(0)
})

test('what a person may read of a customer goes on record, and the catalogue tells what it means', async () => {
  const { body, status } = await http.call('GET', '/api/know/attributes/of/4', { as: 'riya' })
  expect(status).toBe(200)
  expect(body.absent).toEqual(
    Object.keys(body.attributes)
      .filter((id) => body.attributes[id] === null)
      .sort(),
  )
  const { body: catalogue } = await http.call('GET', '/api/know/attributes', { as: 'mina' })
  expect(catalogue.attributes.find((a: { id: string }) => a.id === 'salaries_90d')).toMatchObject({
    meaning: 'Salaries in the last 90 days.',
    source: 'transactions',
    default: 0,
  })
})

test('one computation that is broken off leaves the one before in use', async () => {
  const before = await currentProfile(bank.rt)
  const stop = AbortSignal.abort(new Error('stopped'))
  await expect(computeAttributes(bank.rt, { signal: stop })).rejects.toThrow('stopped')
  expect(await currentProfile(bank.rt)).toEqual(before)
  const left = await bank.rt.lake.query(
    `select name from system.tables where database = 'know' and name like 'profile_%' and name != '${before!.table.slice(5)}'`,
  )
  expect(left).toEqual([])
})
