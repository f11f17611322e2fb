import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computeAttributes, currentProfile, loadFacts } from '#know/attributes'
import * as events from '#know/events'
import { takeEvents } from '#know/events'
import { drain } from '#platform/outbox'
import { seededRandom } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK, eventsFor, givePeople, giveTransactions } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { seal, systemActor } from '#trust/access'
import type { Revision } from '#trust/playbook'
import { membersOf, segmentsOf } from './index.ts'

const PEOPLE = 120
const TODAY = '2026-03-02'
const segment = (id: string, rule: string, more: object = {}) => ({ kind: 'segment', id, title: id, rule, ...more })

// Every kind of clause: absent values, errors on some rows, lists, dates, groups that exclude each other.
const SEGMENTS = [
  segment('savers', 'customer.savings_minor > 0 || "easy_saver" in customer.products'),
  segment('grown_up', 'has(customer.age_years) && customer.age_years >= 18'),
  segment('young_or_unknown', 'customer.age_years < 30'),
  segment('silent', '!has(customer.last_salary_on) || days_between(customer.last_salary_on, context.today) > 60'),
  segment('fails_on_some', '100 / customer.card_count_30d > 40'),
  segment('fails_but_saved', '100 / customer.card_count_30d > 40 || customer.joint'),
  segment('travellers', 'customer.category_list.exists(c, c == "travel" || c == "🏠") && customer.trips_minor >= 0'),
  segment('speaks', 'customer.language in ["en", "de"] && customer.language.startsWith("e")'),
  segment('recent_page', 'customer.first_page_on >= date("2025-12-01")'),
  segment('scored', 'customer.max_score >= 0.7 && !customer.agreed'),
  segment('value_high', 'customer.income_90d >= 60000', { group: 'value', priority: 20 }),
  segment('value_some', 'customer.income_90d > 0', { group: 'value', priority: 10 }),
  segment('value_none', 'true', { group: 'value', priority: 0 }),
]

let bank: TestBank
let http: TestHttp
let revision: Revision
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { rt } = bank
  revision = await runPlaybook(rt, [...BANK, ...ATTRIBUTES, ...SEGMENTS])
  const { next } = seededRandom(11)
  const nowMs = rt.clock.now().getTime()
  await givePeople(rt, next, PEOPLE, nowMs)
  await giveTransactions(rt, next, 20, nowMs)
  await takeEvents(rt, eventsFor(next, PEOPLE, 600, nowMs))
  await drain(rt, events.subscriptions)
  await computeAttributes(rt)
  expect((await count({ rule: 'true' })).body.count).toBe(PEOPLE)
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const count = (body: object, as = 'mina') => http.call('POST', '/api/know/segments/count', { as, body })

describe('everybody in the lake and one customer at a time', () => {
  test('belong to the same segments', async () => {
    const ids = Array.from({ length: PEOPLE }, (_, i) => i + 1)
    const facts = await loadFacts(bank.rt, ids)
    const byClosure = new Map(SEGMENTS.map(({ id }) => [id, [] as number[]]))
    for (const [customerId, { attributes }] of facts)
      for (const id of segmentsOf(revision, attributes, TODAY)) byClosure.get(id)!.push(customerId)
    for (const { id } of SEGMENTS) {
      const { customerIds } = await membersOf(bank.rt, id)
      expect([id, customerIds]).toEqual([id, byClosure.get(id)!.sort((a, b) => a - b)])
    }
    // None of them is a rule that all or none satisfy, or the comparison would show nothing.
    for (const [id, members] of byClosure)
      expect([id, members.length > 0 && members.length < PEOPLE]).toEqual([id, true])
  })

  test('of a group, each customer is in exactly one segment', async () => {
    const counts = await Promise.all(['value_high', 'value_some', 'value_none'].map((id) => count({ segment: id })))
    expect(counts.reduce((sum, { body }) => sum + body.count, 0)).toBe(PEOPLE)
  })
})

describe('counting over HTTP', () => {
  test('a draft rule gives its count, who was judged by a default, and the day of the attributes', async () => {
    const { status, body } = await count({ rule: 'customer.age_years < 30' })
    expect(status).toBe(200)
    const { body: same } = await count({ segment: 'young_or_unknown' })
    expect(body).toMatchObject({
      count: same.count,
      customers: PEOPLE,
      errors: 0,
      defaults: ['age_years'],
      asOf: TODAY,
    })
  })

  test('customers on whom the rule fails do not belong, and are counted', async () => {
    const { body } = await count({ rule: '100 / customer.card_count_30d > 40' })
    const { body: zero } = await count({ rule: 'customer.card_count_30d == 0' })
    expect(body.errors).toBe(zero.count)
    expect(body.errors).toBeGreaterThan(0)
  })

  test('a rule with a mistake is refused at its place', async () => {
    const { status, body } = await count({ rule: 'customer.age_years > "thirty"' })
    expect(status).toBe(400)
    expect(body.error.code).toBe('rule_refused')
    expect(body.error.facts).toMatchObject({ line: 1 })
    expect((await count({ rule: 'customer.agee_years > 3' })).body.error.message).toContain('age_years')
  })

  test('asks for one of rule and segment, and for a segment that exists', async () => {
    expect((await count({})).status).toBe(400)
    expect((await count({ rule: 'true', segment: 'savers' })).status).toBe(400)
    expect((await count({ segment: 'nobody_home' })).status).toBe(404)
  })

  test('a sample shows members, the same ones each time, and goes on record', async () => {
    const first = (await count({ segment: 'savers', sample: 5 })).body
    const again = (await count({ segment: 'savers', sample: 5 })).body
    expect(first.sample).toHaveLength(5)
    expect(again.sample).toEqual(first.sample)
  })

  test('nobody out of scope or under a seal is shown, though all are counted', async () => {
    const { customerIds } = await membersOf(bank.rt, 'savers')
    // A VIP's record is sealed by what is so about them.
    const [vip] = await bank.rt.db<{ id: number }[]>`
      select customer_id as id from know.standing where standing = 'vip' and customer_id = any(${customerIds}) order by 1`
    const plain = await bank.rt.db<{ id: number }[]>`
      select id from unnest(${customerIds}::bigint[]) id where id not in (select customer_id from know.standing) order by 1`
    const [inBranch, sealed, elsewhere] = plain.map(({ id }) => id) as [number, number, number]
    await bank.rt
      .db`update know.customer set branch_code = '0017' where customer_id in (${inBranch}, ${sealed}, ${vip!.id})`
    await bank.rt.db`update know.customer set branch_code = '0018' where customer_id = ${elsewhere}`
    await seal(bank.rt, { customerId: sealed, kind: 'staff', reason: 'works here' }, systemActor('test'))
    await http.person('local', { role: 'segment_manager', units: [{ kind: 'branch', code: '0017' }] })
    await computeAttributes(bank.rt)
    const { body } = await http.call('GET', '/api/know/segments/savers/members', {
      as: 'local',
      query: { membersMax: 1000 },
    })
    expect(body.members.map((m: { customerId: number }) => m.customerId)).toEqual([inBranch])
    const { body: counted } = await count({ segment: 'savers', sample: 100 }, 'local')
    expect(counted.count).toBe(customerIds.length)
    expect(counted.sample.map((m: { customerId: number }) => m.customerId)).toEqual([inBranch])
  })

  test('members and samples show the attributes asked for, to whoever may see them', async () => {
    const { body } = await count({ segment: 'savers', sample: 3, columns: ['age_years', 'savings_minor'] })
    const facts = await loadFacts(bank.rt, [body.sample[0].customerId])
    const { age_years, savings_minor } = [...facts.values()][0]!.attributes
    expect(body.sample[0].values).toEqual({ age_years, savings_minor })
    const page = await http.call('GET', '/api/know/segments/savers/members', {
      as: 'mina',
      query: { membersMax: 10, columns: 'savings_minor' },
    })
    expect(page.body.members.length).toBeGreaterThan(1)
    for (const { values } of page.body.members) expect(Object.keys(values)).toEqual(['savings_minor'])
    expect((await count({ rule: 'true', sample: 1, columns: ['shoe_size'] })).body.error.code).toBe('no_such_attribute')
    // A board member may count, and looks at nobody.
    const board = await count({ rule: 'true', sample: 1, columns: ['age_years'] }, 'bertil')
    expect([board.status, board.body.error.code]).toEqual([403, 'permission_missing'])
  })

  test('says who uses it, and knows no segment that there is not', async () => {
    const uses = (id: string) => http.call('GET', `/api/know/segments/${id}/uses`, { as: 'mina' })
    expect((await uses('savers')).body).toEqual({ uses: [] })
    expect((await uses('nobody_home')).status).toBe(404)
  })

  test('one customer’s segments now', async () => {
    const { body } = await http.call('GET', '/api/know/segments/of/5', { as: 'mina' })
    const facts = (await loadFacts(bank.rt, [5])).get(5)!
    expect(body.segments).toEqual(segmentsOf(revision, facts.attributes, TODAY))
    expect(body.described.map(({ id }: { id: string }) => id).sort()).toEqual([...body.segments].sort())
  })
})

describe('a count that nobody waits for any more', () => {
  test('ends in the lake', async () => {
    const { rt } = bank
    const running = async (): Promise<number> => {
      const [row] = await rt.lake.query<{ n: number }>(
        `select count() as n from system.processes where query like '%know.profile_%' and query not like '%system.processes%'`,
      )
      return row!.n
    }
    // In place of the profile, the same columns so many times over that counting takes hours.
    const { table } = (await currentProfile(rt))!
    await rt.lake.command(`rename table ${table} to know.profile_kept`)
    await rt.lake.command(
      `create view ${table} as select p.* from know.profile_kept as p cross join numbers(1000000000000) as n`,
    )
    const url = await http.app.listen({ host: '127.0.0.1', port: 0 })
    const leave = new AbortController()
    try {
      const answer = fetch(`${url}/api/know/segments/count`, {
        method: 'POST',
        signal: leave.signal,
        headers: { authorization: `Bearer ${http.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ rule: 'customer.savings_minor >= 0' }),
      })
      const until = async (wanted: number): Promise<void> => {
        for (let tries = 0; (await running()) !== wanted; tries++) {
          if (tries > 100) throw new Error(`still ${await running()} queries`)
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
      await until(1)
      leave.abort()
      await expect(answer).rejects.toThrow()
      await until(0)
    } finally {
      await rt.lake.command(`drop view ${table}`)
      await rt.lake.command(`rename table know.profile_kept to ${table}`)
    }
  })
})
