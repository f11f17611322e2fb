import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wire } from '#app/modules'
import { decideFor } from '#decide/decisions'
import { loadFacts } from '#know/attributes'
import { loadPeople, openHoldings } from '#know/customers'
import { chainBalances, giveAgain, type Imported, importFolder, quarantineOf } from '#know/sources'
import { type TestBank, testBank } from '#test/harness'
import { systemActor } from '#trust/access'

const ROOT = resolve(import.meta.dirname, '..')
const DATA = resolve(ROOT, '../shared/data/berka')
const here = existsSync(DATA)
if (!here) console.warn(`The Czech bank's files are not in ${DATA}: its import is not tested here.`)

const AS_OF = '1994-03-30'
const actor = systemActor('test')

describe.skipIf(!here)('the Czech bank, imported as of 30 March 1994', () => {
  let bank: TestBank
  let done: Imported
  const ask = {
    playbookFolder: resolve(ROOT, 'playbooks/berka'),
    dataFolder: DATA,
    asOf: AS_OF,
    actor,
  }

  beforeAll(async () => {
    bank = await testBank({ startsAt: '1994-03-30T18:00:00Z' })
    wire()
    done = await importFolder(bank.rt, ask)
  })
  afterAll(() => bank?.close())

  const rows = (source: string) => done.outcomes.find((outcome) => outcome.feed.source === source)!.feed

  test('every client, account, loan and card is there', () => {
    expect(rows('berka_client').rowsApplied).toBe(5369)
    expect(rows('berka_account').rowsApplied).toBe(4500)
    expect(rows('berka_loan').rowsApplied).toBe(682)
    expect(rows('berka_card').rowsApplied).toBe(892)
  })

  test('transactions after the date are quarantined with the reason, and the others applied', async () => {
    expect(rows('berka_transaction')).toMatchObject({ rowsRead: 49_102, rowsApplied: 46_997, rowsQuarantined: 2105 })
    const {
      reasons,
      rows: [first],
    } = await quarantineOf(bank.rt, rows('berka_transaction').feedId, 0, 1)
    expect(reasons).toEqual([{ reason: 'after_cut_off', rows: 2105 }])
    expect(first).toMatchObject({ field: 'booked_on', found: '1994-03-31', expected: 'not later than 1994-03-30' })
    expect(first!.raw).toMatch(/;940331;/)
  })

  test('end-of-day balances chain on every account-day', async () => {
    const chain = await chainBalances(bank.rt, AS_OF)
    expect(chain).toMatchObject({ accounts: 1229, accountDays: 38_821, chained: 38_821 })
    expect(chain.worstMinor).toBeLessThanOrEqual(150)
    expect(chain.listed).toHaveLength(chain.beyond)
  })

  test('every account has one owner, and whoever else may use it has limited authority', async () => {
    const counts = await bank.rt.db`
      select r.role, r.authority, r.share_bp, count(*)::int as n
        from know.holding_role r join know.holding h on h.holding_id = r.holding_id and h.product = 'current_account'
       group by 1, 2, 3 order by 1`
    expect(counts).toEqual([
      { role: 'owner', authority: 'sole', share_bp: 10_000, n: 4500 },
      { role: 'user', authority: 'limited', share_bp: 0, n: 869 },
    ])
  })

  test('nothing opened after the date is visible as of it', async () => {
    const [later] = await bank.rt.db<{ customerId: number }[]>`
      select h.customer_id as "customerId" from know.holding h where h.product = 'personal_loan' and h.opened_on > '1997-01-01' limit 1`
    const people = await loadPeople(bank.rt.db, [later!.customerId], AS_OF)
    expect(openHoldings(people.get(later!.customerId)!, AS_OF).map((held) => held.product)).not.toContain(
      'personal_loan',
    )
    const [seen] = await bank.rt.db`select max(h.balance_on) as last from know.holding h`
    expect(seen!.last).toBe(AS_OF)
  })

  test('attributes see nothing later than the date', async () => {
    const [later] = await bank.rt.db<{ customerId: number }[]>`
      select r.customer_id as "customerId" from know.holding_role r
       group by r.customer_id having min(r.from_on) > '1996-01-01' order by 1 limit 1`
    const facts = (await loadFacts(bank.rt, [later!.customerId])).get(later!.customerId)!
    expect(facts.products).toEqual([])
    expect(facts.attributes.loans_open).toBe(0)
  })

  test('any customer has a next best action, or a reason for none, today being the date', async () => {
    const ids = (
      await bank.rt.db<{ id: number }[]>`select customer_id as id from know.customer order by customer_id`
    ).map((row) => row.id)
    const kinds = new Set<string>()
    for (let at = 0; at < ids.length; at += Math.floor(ids.length / 20)) {
      const decision = await decideFor(bank.rt, { customerId: ids[at]!, placement: 'app_home', channel: 'app', actor })
      kinds.add(decision.actions[0]?.action ?? 'nothing')
      if (decision.actions.length === 0) expect(decision.nothingBecause).toBeTruthy()
    }
    expect(kinds.size).toBeGreaterThan(1)
  })

  test('women are told by their birth number', async () => {
    const [first] = await bank.rt.db`
      select c.birth_on, c.sex from know.customer c join know.customer_key k using (customer_id)
       where k.source = 'berka_client' and k.external_id = '1'`
    expect(first).toEqual({ birth_on: '1970-12-13', sex: 'female' })
  })

  test('the same files given again have no effect', async () => {
    const again = await importFolder(bank.rt, ask)
    expect(again.outcomes.every((outcome) => outcome.givenBefore)).toBe(true)
    expect(again.held).toEqual(done.held)
  })

  test('a day later the quarantined rows can be given again', async () => {
    const { feed } = await giveAgain(bank.rt, { feedId: rows('berka_transaction').feedId, asOf: '1994-03-31', actor })
    expect(feed).toMatchObject({ rowsApplied: 49_102, rowsQuarantined: 0 })
    // The last day was cut off in the middle of the file, yet what is there chains.
    expect((await chainBalances(bank.rt, '1994-03-31')).accountDays).toBeGreaterThan(38_821)
  })
})
