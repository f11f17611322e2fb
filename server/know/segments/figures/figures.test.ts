import { afterAll, beforeAll, expect, test } from 'vitest'
import { computeAttributes, currentProfile, invariants, loadFacts } from '#know/attributes'
import { runInvariants } from '#platform/postgres'
import { seededRandom } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK, givePeople } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { membersOf } from '../index.ts'

const PEOPLE = 60
const segment = (id: string, rule: string, more: object = {}) => ({ kind: 'segment', id, title: id, rule, ...more })
const SEGMENTS = [
  segment('grown', 'customer.age_years >= 18'),
  segment('fails', '100 / customer.holdings > 40'),
  segment('first', 'customer.age_years >= 40', { group: 'age', priority: 2 }),
  segment('second', 'customer.age_years >= 20', { group: 'age', priority: 1 }),
]

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { rt } = bank
  await runPlaybook(rt, [...BANK, ...ATTRIBUTES, ...SEGMENTS])
  await givePeople(rt, seededRandom(5).next, PEOPLE, rt.clock.now().getTime())
  await computeAttributes(rt)
})
afterAll(async () => {
  expect((await runInvariants(bank.rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await http.close()
  await bank.close()
})

interface Size {
  segment: string
  count: number
  errors: number
}
const sizes = async () => {
  const { status, body } = await http.call('GET', '/api/know/segments/sizes', { as: 'bertil' })
  expect(status).toBe(200)
  return body as { revision: string; asOf: string; customers: number; sizes: Size[] }
}
const sizeOf = async (id: string) => (await sizes()).sizes.find((one) => one.segment === id)!
const keptOf = async (figure: string) => {
  const rows = await bank.rt.db<{ n: number }[]>`
    select count(*)::int as n from know.kept_figure where figure = ${figure}`
  return rows[0]!.n
}

test('all sizes at once are those that each segment counts alone, with whom its group takes and on whom it fails', async () => {
  const found = await sizes()
  expect([found.asOf, found.customers]).toEqual(['2026-03-02', PEOPLE])
  for (const { segment, count, errors } of found.sizes) {
    const { body } = await http.call('POST', '/api/know/segments/count', { as: 'mina', body: { segment } })
    expect({ segment, count, errors }).toEqual({ segment, count: body.count, errors: body.errors })
    expect([segment, count > 0 && count < PEOPLE]).toEqual([segment, true])
  }
  expect(found.sizes.map((one) => one.segment).sort()).toEqual(SEGMENTS.map(({ id }) => id).sort())
})

test('they are counted once for a computation: asked again, nobody walks over the customers', async () => {
  const before = await sizes()
  const { table } = (await currentProfile(bank.rt))!
  await bank.rt.lake.command(`rename table ${table} to know.profile_away`)
  try {
    expect(await sizes()).toEqual(before)
  } finally {
    await bank.rt.lake.command(`rename table know.profile_away to ${table}`)
  }
})

test('what each condition takes away is what counting with and without it gives, and the others hold whom they share', async () => {
  const count = async (body: object) =>
    (await http.call('POST', '/api/know/segments/count', { as: 'mina', body })).body.count as number
  const anatomy = (body: object) => http.call('POST', '/api/know/segments/anatomy', { as: 'mina', body })
  const parts = [
    'customer.age_years >= 20',
    "(customer.joint || customer.language == 'en')",
    '100 / customer.holdings > 30',
  ]
  const rule = parts.join(' && ')
  const { body } = await anatomy({ rule })
  expect(body.clauses.map(({ source }: { source: string }) => source)).toEqual(
    parts.map((part) => part.replace(/^[(]|[)]$/g, '')),
  )
  for (const [at, one] of body.clauses.entries()) {
    expect([at, one.alone]).toEqual([at, await count({ rule: parts[at]! })])
    expect([at, one.left]).toEqual([at, await count({ rule: parts.slice(0, at + 1).join(' && ') })])
    expect([at, one.without]).toEqual([at, await count({ rule: parts.filter((_, n) => n !== at).join(' && ') })])
  }
  expect([body.customers, body.count, body.taken]).toEqual([PEOPLE, await count({ rule }), 0])
  for (const { segment, both, size } of body.overlaps) {
    expect([segment, size]).toEqual([segment, await count({ segment })])
    const { customerIds } = await membersOf(bank.rt, segment)
    const facts = await loadFacts(bank.rt, customerIds)
    const fits = [...facts.values()].filter(({ attributes: a }) => {
      const holdings = a.holdings as number
      return (
        (a.age_years as number) >= 20 &&
        (a.joint || a.language === 'en') &&
        holdings > 0 &&
        Math.trunc(100 / holdings) > 30
      )
    })
    expect([segment, both]).toEqual([segment, fits.length])
  }
  expect(body.overlaps.length).toBeGreaterThan(2)
  // Whom the first of the group takes are not in the second, though its rule holds for them.
  const second = (await anatomy({ segment: 'second' })).body
  expect(second.taken).toBe((await count({ rule: 'customer.age_years >= 20' })) - (await count({ segment: 'second' })))
  expect(second.taken).toBeGreaterThan(0)
  expect(second.overlaps.map(({ segment }: { segment: string }) => segment)).not.toContain('first')
  expect((await anatomy({ rule: 'customer.age_years >' })).body.error.code).toBe('rule_refused')
})

test('a changed rule is counted anew, before its playbook runs, and the other way round is another figure', async () => {
  const before = await sizeOf('grown')
  const kept = await keptOf('segment sizes')
  await runPlaybook(bank.rt, [
    ...BANK,
    ...ATTRIBUTES,
    segment('grown', 'customer.age_years >= 60'),
    ...SEGMENTS.slice(1),
  ])
  const after = await sizeOf('grown')
  expect(after.count).toBeLessThan(before.count)
  await runPlaybook(bank.rt, [...BANK, ...ATTRIBUTES, ...SEGMENTS])
  expect(await sizeOf('grown')).toEqual(before)
  expect(await keptOf('segment sizes')).toBe(kept + 1)
})

test('a new computation is counted as soon as it is there, before anybody asks', async () => {
  const before = await sizeOf('grown')
  await bank.rt.db`update know.customer set birth_on = '2020-01-01' where customer_id <= 30`
  expect(await sizeOf('grown')).toEqual(before)
  await computeAttributes(bank.rt)
  const kept = await keptOf('segment sizes')
  await http.drain()
  expect(await keptOf('segment sizes')).toBe(kept + 1)
  expect((await sizeOf('grown')).count).toBeLessThan(before.count)
  expect(await keptOf('segment sizes')).toBe(kept + 1)
})

test('how the base moved is counted once for a copy of the holdings, and anew for the next copy and the next month', async () => {
  const { rt, clock } = bank
  const owned = (customer_id: number) => ({
    ...{ holding_id: 9000 + customer_id, customer_id, role: 'owner', authority: 'sole', share_bp: 10_000 },
    ...{ from_on: '2020-01-01', to_on: '2299-12-31', product: 'everyday_account', currency: 'EUR' },
    ...{ opened_on: '2020-01-01', closed_on: '2299-12-31' },
  })
  const replaced = async (...people: number[]) => {
    await rt.lake.insert('know.holding_of_next', people.map(owned))
    await rt.lake.command('alter table know.holding_of replace partition tuple() from know.holding_of_next')
    await rt.lake.command('truncate table know.holding_of_next')
  }
  const stayed = async () => {
    const { body } = await http.call('GET', '/api/know/segments/base', { as: 'bertil', query: { months: 1 } })
    return { ends: body.ends as string[], customers: body.flows[0]?.customers as number }
  }
  await replaced(1, 2)
  const kept = await keptOf('base')
  expect((await stayed()).customers).toBe(2)
  await rt.lake.command('optimize table know.holding_of final')
  expect((await stayed()).customers).toBe(2)
  expect(await keptOf('base')).toBe(kept + 1)
  // As many, and others: another copy.
  await replaced(3, 4)
  await stayed()
  expect(await keptOf('base')).toBe(kept + 2)
  await replaced(1, 2, 3)
  expect(await stayed()).toEqual({ ends: ['2026-01-31', '2026-02-28'], customers: 3 })
  clock.set('2026-04-01T08:00:00Z')
  expect((await stayed()).ends).toEqual(['2026-02-28', '2026-03-31'])
})
