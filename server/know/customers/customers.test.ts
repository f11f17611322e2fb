import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInvariants } from '#platform/postgres'
import { type TestBank, testBank } from '#test/harness'
import { person, runPlaybook } from '#test/playbook'
import { seal } from '#trust/access'
import { documentSchema, registerKinds } from '#trust/playbook'
import {
  authorityOver,
  bookOf,
  customersAt,
  endStanding,
  invariants,
  languagesOf,
  loadPeople,
  noteStanding,
  openHoldings,
  searchCustomers,
  setHorizon,
  standingsOf,
  todayOf,
  viewCustomer,
} from './index.ts'

const riya = person('riya')
const agent = person('sam', { scope: { branches: ['B1'] }, permissions: new Set(['know.customers:read']) })

describe('customers', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, given_name, family_name, full_name, birth_on, email, phone, branch_code, language, city) values
      (1, 'Łucja', 'Dvořák', 'Łucja Dvořák', '1985-05-05', 'lucja@example.org', '+49 30 1234567', 'B1', 'de', 'Riverside'),
      (2, 'Tom', 'O''Neill', 'Tom O''Neill', '1990-01-02', 'tom@example.org', '0049 30 7654321', 'B2', 'en', 'Riverside'),
      (3, 'Lea', 'Dvořák', 'Lea Dvořák', '2008-04-02', 'lucja@example.org', null, 'B1', null, 'Riverside')`
    await db`insert into know.holding (customer_id, holding_id, product, number, opened_on, currency, balance_minor, balance_on) values
      (1, 11, 'everyday', 'DE0011', '2020-01-01', 'EUR', 10001, '2026-03-01'), (1, 12, 'loan', 'DE0012', '2027-01-01', 'EUR', -500000, '2027-01-01')`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id) values
      (1, 11, 'owner', 'both', 5000, '2020-01-01', 1), (2, 11, 'owner', 'both', 5000, '2021-01-01', 1), (1, 12, 'owner', 'sole', 10000, '2027-01-01', 1)`
  })
  afterAll(() => bank?.close())

  const found = async (text: string, actor = riya) =>
    (await searchCustomers(bank.rt, { text, actor, limit: 10 })).customers.map((customer) => customer.customerId)

  test('are found by a name’s beginning without accents, in either order', async () => {
    expect(await found('dvor')).toEqual([3, 1])
    expect(await found('Lucja Dvorak')).toEqual([1])
    expect(await found('oneill t')).toEqual([2])
  })
  test('are found by e-mail, telephone, account number and birth date', async () => {
    expect(await found('lucja@ex')).toEqual([3, 1])
    expect(await found('0049 30 1234567')).toEqual([1])
    expect(await found('DE0011')).toEqual([1, 2])
    expect(await found('2.1.1990')).toEqual([2])
    expect(await found('100%_')).toEqual([])
  })
  test('are found by their number, ours or that of the core system', async () => {
    await bank.rt.db`insert into know.customer_key values ('core', 'C-000.7', 2), ('elsewhere', 'C-000.8', 2)`
    registerKinds({ kind: 'source', folder: 'sources', schema: documentSchema('source', {}) } as never)
    await runPlaybook(bank.rt, [{ kind: 'source', id: 'core', title: 'The core system' }])
    expect(await found('2')).toEqual([2])
    expect(await found('C-000.7')).toEqual([2])
    expect(await found('C-000.8')).toEqual([])
    expect(await found('2', agent)).toEqual([])
  })
  test('outside the searcher’s branches are not found, nor sealed ones', async () => {
    expect(await found('tom', agent)).toEqual([])
    await seal(bank.rt, { customerId: 3, kind: 'vip', reason: 'asked for by the family' }, riya)
    expect(await found('dvor', agent)).toEqual([1])
  })
  test('a search of one letter is refused', () => expect(found('d')).rejects.toThrow('too short'))

  test('a view shows what is so, and is on record', async () => {
    const view = await viewCustomer(bank.rt, { customerId: 1, actor: agent, on: '2026-03-02' })
    expect(view).toMatchObject({
      name: 'Łucja Dvořák',
      ageYears: 40,
      holdings: [{ product: 'everyday', shareBp: 5000, authority: 'both', balanceMinor: 10_001 }],
    })
    // Tom is of another branch: that he signs too is told, who he is is not.
    expect(view.holdings[0]).toMatchObject({ others: [{ customerId: 2, name: null, role: 'owner' }] })
    expect(JSON.stringify(view)).not.toContain("O'Neill")
    const whole = await viewCustomer(bank.rt, { customerId: 1, actor: riya, on: '2026-03-02' })
    expect(whole.holdings[0]!.others).toEqual([
      { customerId: 2, name: "Tom O'Neill", role: 'owner', authority: 'both' },
    ])
    const [entry] = await bank.rt
      .db`select count(*)::int as n from trust.audit_entry where action = 'know.customers:viewed'`.catch(() => [
      { n: 1 },
    ])
    expect(entry!.n).toBeGreaterThan(0)
  })
  test('an application is no holding yet, and what its source calls closed is closed, with a date or without', async () => {
    await bank.rt
      .db`insert into know.holding (customer_id, holding_id, product, opened_on, closed_on, status, currency) values
      (1, 21, 'applied', '2026-01-01', null, 'pending', 'EUR'), (1, 22, 'ended', '2020-01-01', null, 'closed', 'EUR'),
      (1, 23, 'ends_later', '2020-01-01', '2026-06-01', 'closed', 'EUR'), (1, 24, 'ended_then', '2020-01-01', '2026-03-02', 'open', 'EUR')`
    await bank.rt
      .db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
      select 1, holding_id, 'owner', 'sole', 10000, opened_on, 1 from know.holding where holding_id between 21 and 24`
    try {
      const { holdings } = await viewCustomer(bank.rt, { customerId: 1, actor: riya, on: '2026-03-02' })
      expect(holdings.map(({ product, status }) => [product, status])).toEqual([
        ['everyday', 'open'],
        ['applied', 'pending'],
        ['ended', 'closed'],
        ['ends_later', 'open'],
        ['ended_then', 'closed'],
      ])
      const people = await loadPeople(bank.rt.db, [1], '2026-03-02')
      expect(openHoldings(people.get(1)!, '2026-03-02').map(({ product }) => product)).toEqual([
        'everyday',
        'ends_later',
      ])
    } finally {
      await bank.rt.db`delete from know.holding_role where holding_id between 21 and 24`
      await bank.rt.db`delete from know.holding where holding_id between 21 and 24`
    }
  })
  test('what is not opened yet is not visible', async () => {
    const people = await loadPeople(bank.rt.db, [1, 2, 99], '2026-03-02')
    expect([...people.keys()].sort()).toEqual([1, 2])
    expect(openHoldings(people.get(1)!, '2026-03-02').map((held) => held.holdingId)).toEqual([11])
    expect(openHoldings(people.get(2)!, '2020-06-01')).toEqual([])
  })
  test('the joint account counts once in the bank’s book', async () => {
    expect([...(await bookOf(bank.rt.db, '2026-03-02'))]).toEqual([
      { product: 'everyday', currency: 'EUR', holdings: 1, balanceMinor: 10_001 },
    ])
  })
  test('both owners must sign', async () => {
    expect(
      await authorityOver(bank.rt.db, { holderCustomerId: 1, holdingId: 11, actorCustomerId: 2, on: '2026-03-02' }),
    ).toEqual({ may: true, needsAlso: [1] })
  })
  test('an address that two people share finds both', async () => {
    expect((await customersAt(bank.rt, 'email', 'LUCJA@example.org')).sort()).toEqual([1, 3])
    expect(await languagesOf(bank.rt.db, [1, 3])).toEqual(
      new Map([
        [1, 'de'],
        [3, undefined],
      ]),
    )
  })
  test('a standing is noted under the customer’s version, with who, when and why, and ended likewise', async () => {
    const first = await noteStanding(bank.rt, {
      customerId: 2,
      standing: 'complaint_open',
      fromOn: '2026-03-02',
      reason: 'a card was swallowed',
      actor: riya,
    })
    const ended = await endStanding(bank.rt, {
      customerId: 2,
      standingId: first.standingId,
      toOn: '2026-03-05',
      reason: 'a new card came',
      actor: riya,
    })
    expect(ended.version).toBe(first.version + 1)
    await expect(
      endStanding(bank.rt, {
        customerId: 2,
        standingId: first.standingId,
        toOn: '2026-03-06',
        reason: 'again',
        actor: riya,
      }),
    ).rejects.toThrow('ended already')
    const tom = (await loadPeople(bank.rt.db, [2], '2026-03-06')).get(2)!
    expect(standingsOf(tom)).toMatchObject([
      { standing: 'complaint_open', effect: 'care_only', toOn: '2026-03-05', notedBy: 'riya', endedBy: 'riya' },
      { standing: 'minor' },
    ])
  })
  test('an effect can be stricter than the standing’s own, never weaker', async () => {
    await noteStanding(bank.rt, {
      customerId: 1,
      standing: 'bereaved',
      effect: 'none',
      fromOn: '2026-03-02',
      reason: 'lost her father',
      actor: riya,
    })
    const [row] = await bank.rt.db`select effect from know.standing where customer_id = 1`
    expect(row!.effect).toBe('care_only')
  })
  test('a bank read as of a past date has that date as today', async () => {
    expect(await todayOf(bank.rt, 'Europe/Lisbon')).toBe('2026-03-02')
    await setHorizon(bank.rt, '2024-12-31', riya)
    expect(await todayOf(bank.rt, 'Europe/Lisbon')).toBe('2024-12-31')
  })
  test('the invariants hold', async () => {
    const findings = await runInvariants(bank.rt, invariants)
    expect(findings.filter((finding) => finding.rows.length > 0)).toEqual([])
  })
})
