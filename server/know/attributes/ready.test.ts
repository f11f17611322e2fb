import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, runInvariants } from '#platform/postgres'
import { seededRandom, transaction } from '#platform/runtime'
import { type TestBank, testBank } from '#test/harness'
import { ATTRIBUTES, BANK, givePeople, giveTransactions } from '#test/histories'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { activeRevision } from '#trust/playbook'
import { type CustomerFacts, catalogueFor, computeAttributes, invariants, loadFacts } from './index.ts'
import * as store from './store.ts'

const PEOPLE = 60
const ids = Array.from({ length: PEOPLE }, (_, place) => place + 1)
const TODAY = '2026-03-02'

let bank: TestBank
let http: TestHttp
let hash: string
beforeAll(async () => {
  bank = await testBank()
  http = await testHttp(bank)
  const { rt } = bank
  const { next } = seededRandom(11)
  await givePeople(rt, next, PEOPLE, rt.clock.now().getTime())
  await giveTransactions(rt, next, 20, rt.clock.now().getTime())
  await rt.db`
    insert into know.standing (customer_id, standing_id, standing, effect, from_on, to_on, reason, source, noted_by, noted_at)
    select n, gen_random_uuid(), case when n % 2 = 0 then 'support_need' else 'complaint_open' end, 'none',
           date '2026-02-01' + (n % 40), case when n % 3 = 0 then date '2026-02-01' + (n % 40) + (n % 7) end, 'r', 's', 'b', now()
      from generate_series(1, ${PEOPLE}, 4) n`
  await rt.db`
    insert into know.relation (customer_id, other_customer_id, relation, from_on, source)
    select n, n + 1, 'director', '2025-01-01', 's' from generate_series(3, ${PEOPLE}, 7) n`
  await runPlaybook(rt, [...BANK, ...ATTRIBUTES])
  hash = catalogueFor(await activeRevision(rt)).hash
  // A second owner, so that a change of the one's holding concerns the other.
  await rt.db`
    insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
    select 2, r.holding_id, 'user', 'sole', 0, '2020-01-01', r.holder_customer_id
      from know.holding_role r where r.customer_id = 1 limit 1`
})
afterAll(async () => {
  expect((await runInvariants(bank.rt, invariants)).flatMap(({ rows }) => rows)).toEqual([])
  await http.close()
  await bank.close()
})

/** Who is read from what was put ready. */
const ready = async (): Promise<number[]> =>
  (await store.readReady(bank.rt.db, ids, TODAY, hash)).map(({ customerId }) => customerId).sort((a, b) => a - b)
const now = async (): Promise<CustomerFacts[]> =>
  [...(await loadFacts(bank.rt, ids)).values()].sort((a, b) => a.customerId - b.customerId)

/** The same with nothing put ready. */
async function readFromTheTables(): Promise<CustomerFacts[]> {
  let found: CustomerFacts[] = []
  await transaction(bank.rt, async (rt) => {
    await rt.db`update know.profile_set set living_on = null, living_snapshot = null`
    found = [...(await loadFacts(rt, ids)).values()]
    throw new Error('undone')
  }).catch((error: Error) => expect(error.message).toBe('undone'))
  return found.sort((a, b) => a.customerId - b.customerId)
}

describe('what is put ready for the day', () => {
  beforeEach(async () => {
    await computeAttributes(bank.rt)
    expect(await ready()).toEqual(ids)
  })

  test('is what the tables say, of everybody', async () => {
    const facts = await now()
    expect(facts).toEqual(await readFromTheTables())
    expect(facts.filter(({ standings }) => standings.length > 0).length).toBeGreaterThan(5)
    expect(facts.filter(({ products }) => products.length > 0).length).toBeGreaterThan(5)
  })

  const changes: [what: string, sql: string, whom: number[]][] = [
    ['a customer moves', `update know.customer set language = 'pt' where customer_id = 7`, [7]],
    ['a customer dies', `update know.customer set stage = 'former', left_on = '2026-03-01' where customer_id = 8`, [8]],
    [
      'a balance of a shared account changes',
      `update know.holding h set balance_minor = 1 + coalesce(balance_minor, 0), balance_on = '2026-03-02'
        where exists (select from know.holding_role r where r.customer_id = 2 and r.role = 'user' and r.holding_id = h.holding_id)`,
      [1, 2],
    ],
    [
      'a standing is noted',
      `insert into know.standing (customer_id, standing_id, standing, effect, from_on, reason, source, noted_by, noted_at)
       values (9, gen_random_uuid(), 'deceased_notified', 'stop_all', '2026-03-02', 'r', 's', 'b', now())`,
      [9],
    ],
    ['a standing ends', `update know.standing set to_on = '2026-03-02' where customer_id = 9`, [9]],
    ['a relation is forgotten', `delete from know.relation where customer_id = 10`, [10]],
    ['a part in a holding is given up', `delete from know.holding_role where customer_id = 2 and role = 'user'`, [2]],
  ]
  test.each(changes)('is not what is read once %s, in the same instant', async (_what, sql, whom) => {
    await bank.rt.db.unsafe(sql)
    expect(await ready()).toEqual(ids.filter((id) => !whom.includes(id)))
    expect(await now()).toEqual(await readFromTheTables())
  })

  test('is not what is read of somebody whose change was under way while it was put ready', async () => {
    let begun!: () => void
    const changing = new Promise<void>((resolve) => {
      begun = resolve
    })
    let computed!: () => void
    const until = new Promise<void>((resolve) => {
      computed = resolve
    })
    const change = inTransaction(bank.rt.db, async (db) => {
      await db`update know.customer set language = 'fi' where customer_id = 20`
      begun()
      await until
    })
    await changing
    await computeAttributes(bank.rt)
    expect(await ready()).toEqual(ids)
    computed()
    await change
    expect(await ready()).toEqual(ids.filter((id) => id !== 20))
    expect((await now())[19]!.language).toBe('fi')
    // The next computation has seen it.
    await computeAttributes(bank.rt)
    expect(await ready()).toEqual(ids)
    expect((await now())[19]!.language).toBe('fi')
  })

  test('is nobody’s after one transaction changed very many, until it is put ready again', async () => {
    await transaction(bank.rt, async ({ db }) => {
      await db`select know.living_of_everybody()`
      await db`update know.customer set city = 'Braga'`
    })
    const notes = await bank.rt.db`select customer_id from know.living_change`
    expect(notes.map(({ customer_id }) => customer_id)).toEqual([0])
    expect(await ready()).toEqual([])
    expect(await now()).toEqual(await readFromTheTables())
    await computeAttributes(bank.rt)
    expect(await ready()).toEqual(ids)
    expect(await bank.rt.db`select from know.living_change`).toHaveLength(0)
  })

  test('lacks who came after it, whose facts are read as they are', async () => {
    await bank.rt.db`insert into know.customer (customer_id, language) values (900, 'fr')`
    expect((await loadFacts(bank.rt, [900])).get(900)!.language).toBe('fr')
    await bank.rt.db`delete from know.customer where customer_id = 900`
  })

  test('counts on no other day', async () => {
    expect(await store.readReady(bank.rt.db, ids, '2026-03-03', hash)).toEqual([])
  })

  test('forgets notes that came with a copy of another bank’s stores', async () => {
    await bank.rt.db`insert into know.living_change (customer_id, xact) values (5, '900000000')`
    expect(await ready()).not.toContain(5)
    await store.forgetChanges(bank.rt.db)
    expect(await ready()).toContain(5)
  })
})
