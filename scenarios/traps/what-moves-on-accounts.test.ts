/**
 * The traps of bank.md that are about money: signs, dates, authorisations, reversals, own transfers, currencies,
 * arrears, prices. Each test bears its trap's name.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveFile, sourceOf } from '#know/sources'
import { systemActor } from '#trust/access'
import { TRANSACTION_COLUMNS } from '../../demo/rows.ts'
import { PEOPLE } from '../../demo/showcase.ts'
import { type Riverside, riverside } from './riverside.ts'

let bank: Riverside
beforeAll(async () => {
  bank = await riverside()
}, 240_000)
afterAll(() => bank?.close())

const CREDIT = [
  'personal_loan',
  'consolidation',
  'green_home_loan',
  'mortgage_meeting',
  'premium_card',
  'resume_application',
]

const lake = <T extends object>(sql: string): Promise<T[]> => bank.bank.rt.lake.query<T>(sql)
const numbers = async (sql: string): Promise<Record<string, number>> => (await lake<Record<string, number>>(sql))[0]!

/** Gives the core's next night: some rows of transactions in a file with its control totals. */
async function nextNight(businessDate: string, rows: readonly string[], sum: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'night-'))
  writeFileSync(join(folder, 'transactions-next.csv'), `${[TRANSACTION_COLUMNS, ...rows].join('\n')}\n`)
  writeFileSync(
    join(folder, 'transactions-next.control.json'),
    JSON.stringify({ rows: rows.length, sum, businessDate }),
  )
  const { rt } = bank.bank
  const source = await sourceOf(rt, 'transactions')
  const path = join(folder, 'transactions-next.csv')
  const { feed, reasons } = await giveFile(rt, { source, path, folder, actor: systemActor('core banking') })
  expect([feed.state, reasons]).toEqual(['applied', []])
  rmSync(folder, { recursive: true })
}

describe('the first night', () => {
  test('every row ends applied, and every file adds up to what the core says', () => {
    for (const { feed, reasons } of bank.imported.outcomes) {
      expect(reasons, feed.fileName).toEqual([])
      expect(feed.rowsApplied, feed.fileName).toBe(feed.rowsRead)
      expect(feed.foundSumMinor, feed.fileName).toBe(feed.controlSumMinor)
    }
  })
})

describe('trap: signs', () => {
  test('in the customer’s view deposits are positive and debts negative, however the core and the card system write them', async () => {
    const [wrong] = await bank.bank.rt.db<{ savings: number; debts: number }[]>`
      select count(*) filter (where product in ('easy_saver', 'goal_saver', 'fixed_term_12') and balance_minor < 0)::int as savings,
             count(*) filter (where product in ('personal_loan', 'mortgage', 'credit_card') and balance_minor > 0)::int as debts
        from know.holding where status = 'open'`
    expect(wrong).toEqual({ savings: 0, debts: 0 })
    const purchases = await numbers(`
      select countIf(t.amount_minor > 0 and t.reverses = '') as wrong, countIf(o.product in ('credit_card', 'premium_card')) as on_cards
        from know.account_transaction t join know.holding_of o on o.holding_id = t.holding_id where t.kind = 'card'`)
    expect(purchases.wrong).toBe(0)
    expect(purchases.on_cards).toBeGreaterThan(100)
  })
  test('opening + entries = closing on every account and day', () => {
    expect(bank.imported.chain!.accountDays).toBeGreaterThan(10_000)
    expect(bank.imported.chain!.beyond).toBe(0)
    expect(bank.imported.chain!.worstMinor).toBe(0)
  })
})

describe('trap: dates', () => {
  test('booked, valued and done are three dates: a purchase is done before it is booked, a return is valued as what it undoes', async () => {
    const found = await numbers(`
      select countIf(kind = 'card' and toDate(occurred_at) < booked_on) as earlier, countIf(toDate(occurred_at) > booked_on) as later,
             countIf(reverses != '' and value_on < booked_on) as back_valued
        from know.account_transaction where status != 'pending'`)
    expect(found.earlier).toBeGreaterThan(1000)
    expect(found.later).toBe(0)
    expect(found.back_valued).toBeGreaterThan(0)
  })
  test('salaries are booked on working days', async () => {
    const [{ weekend }] = (await lake<{ weekend: number }>(
      `select countIf(toDayOfWeek(booked_on) > 5) as weekend from know.account_transaction where kind = 'salary'`,
    )) as [{ weekend: number }]
    expect(weekend).toBe(0)
  })
})

describe('trap: pending', () => {
  test('an authorisation is no booking until it settles, and then it is one booking', async () => {
    const [waiting] = await lake<{ transaction_id: string; number: string; amount: number; holding_id: number }>(`
      select transaction_id, substring(transaction_id, 1, 9) as number, -amount_minor as amount, holding_id
        from know.account_transaction where status = 'pending' order by transaction_id limit 1`)
    const { transaction_id, number, amount, holding_id } = waiting!
    await nextNight(
      '2026-03-03',
      [
        `${number},${transaction_id},2026-03-03,,2026-03-01T12:00:00Z,${amount},D,EUR,card,purchase,groceries,0,1,booked,17,,,,`,
      ],
      (-amount / 100).toFixed(2),
    )
    const after = await numbers(`
      select countIf(status = 'booked') as booked, countIf(status = 'pending') as pending
        from know.account_transaction final where holding_id = ${holding_id} and transaction_id = '${transaction_id}'`)
    expect(after).toEqual({ booked: 1, pending: 0 })
  })
})

describe('trap: reversals', () => {
  test('a reversed purchase is neither spending nor income: the original and its reversal know each other', async () => {
    const found = await numbers(`
      select count() as reversals, countIf(o.status = 'reversed') as known from know.account_transaction as r
        join (select holding_id, transaction_id, status from know.account_transaction final) as o
          on o.holding_id = r.holding_id and o.transaction_id = r.reverses
       where r.reverses != ''`)
    expect(found.reversals).toBeGreaterThan(5)
    expect(found.known).toBe(found.reversals)
  })
})

describe('trap: own transfers', () => {
  test('money from and to the customer’s other accounts is in no sum of income or spending', async () => {
    const own = await numbers(
      `select countIf(own_transfer = 1) as own, countIf(own_transfer = 1 and kind in ('salary', 'card')) as wrong from know.account_transaction`,
    )
    expect(own.own).toBeGreaterThan(500)
    expect(own.wrong).toBe(0)
    const sofie = await bank.attributesOf(PEOPLE.sofie)
    const paid = await numbers(`
      select sum(t.amount_minor) as paid from know.account_transaction as t final
        join know.holding_of o on o.holding_id = t.holding_id and o.role = 'owner'
       where o.customer_id = ${await bank.idOf(PEOPLE.sofie)} and t.kind in ('salary', 'benefit', 'pension') and t.reverses = ''
         and t.status = 'booked' and t.booked_on > toDate32('2026-03-02') - 90`)
    expect(sofie.income_90d_minor).toBe(paid.paid)
  })
})

describe('trap: currency', () => {
  test('a purchase in another money is booked in the account’s own, and nothing is summed across currencies', async () => {
    const currencies = await lake<{ currency: string }>('select distinct currency from know.account_transaction')
    expect(currencies).toEqual([{ currency: 'EUR' }])
  })
})

describe('trap: arrears', () => {
  test('from the first day of arrears no credit is prompted', async () => {
    const customer = await anybody()
    await bank.bank.rt.db`
      update know.holding set arrears_since_on = '2026-03-01'
       where (customer_id, holding_id) in (select r.customer_id, r.holding_id from know.holding_role r
               where r.customer_id = ${await bank.idOf(customer)} and r.role = 'owner' limit 1)`
    const verdicts = await bank.verdictsFor(customer)
    for (const action of CREDIT) expect(verdicts.get(action), action).not.toEqual([])
  })
})

describe('trap: collections', () => {
  test('a collector’s contact stands in the one history, is no marketing, and ends selling', async () => {
    const customer = await anybody(1)
    const customerId = await bank.idOf(customer)
    const told = {
      customerId,
      source: 'collections',
      sourceContactId: 'letter-1',
      direction: 'outbound',
      channel: 'post',
      class: 'service',
      topic: 'reminder',
      occurredAt: '2026-03-01T09:00:00Z',
    }
    const once = await bank.http.call('POST', '/api/know/interactions/external', { as: bank.http.key, body: told })
    const again = await bank.http.call('POST', '/api/know/interactions/external', { as: bank.http.key, body: told })
    expect([once.body.repeated, again.body.repeated]).toEqual([false, true])
    await bank.http.call('POST', `/api/know/customers/${customerId}/standings`, {
      as: bank.http.key,
      body: { standing: 'in_collections', reason: 'handed to collections' },
      headers: { 'idempotency-key': 'collections' },
    })
    const shown = await bank.shownTo(customer)
    expect(shown.filter((one) => one.class === 'marketing')).toEqual([])
    const timeline = await bank.http.call('GET', '/api/know/interactions', { as: bank.http.key, query: { customerId } })
    expect(timeline.body.contacts.map(({ source }: { source: string }) => source)).toContain('collections')
  })
})

describe('trap: switching', () => {
  test('whoever has another loan running has not "repaid": a refinancing is not thanked for', async () => {
    const changed = await whatIf(PEOPLE.marta, { 'customer.loans_open': 1 })
    expect(changed.before).toContain('loan_repaid')
    expect(changed.after).not.toContain('loan_repaid')
  })
})

describe('trap: declines', () => {
  test('no credit is prompted for 180 days after a decline', async () => {
    const customer = await anybody(2)
    await bank.http.call('POST', '/api/know/events', {
      as: bank.http.key,
      body: {
        source: 'underwriting',
        id: 'd-1',
        type: 'application.declined',
        customerId: await bank.idOf(customer),
        occurredAt: '2026-02-20T10:00:00Z',
        payload: { product: 'personal_loan' },
      },
    })
    await bank.http.drain()
    const verdicts = await bank.verdictsFor(customer)
    for (const action of CREDIT) expect(verdicts.get(action), action).not.toEqual([])
    expect(verdicts.get('personal_loan')).toContain('no_recent_decline')
  })
})

describe('trap: sensitive payments', () => {
  test('what tells faith, union, health or party keeps neither its category nor its payee', async () => {
    const found = await numbers(`
      select countIf(category in ('faith', 'union', 'health', 'party')) as kept, countIf(kind = 'debit' and category = '' and counterparty_key = '') as bare
        from know.account_transaction`)
    expect(found.kept).toBe(0)
    expect(found.bare).toBeGreaterThan(50)
  })
})

describe('trap: price', () => {
  test('what is shown is what the offer says, the same on every channel, and stands until it expires', async () => {
    const prices = new Map<string, Set<number>>()
    for (const customer of await idle()) {
      for (const placement of ['app_home', 'web_overview']) {
        for (const { offer } of await bank.shownTo(customer, { placement, actionsMax: 10 })) {
          if (!offer) continue
          expect(String(offer.expiresOn) > '2026-03-02').toBe(true)
          const product = String(offer.product)
          prices.set(product, (prices.get(product) ?? new Set()).add(Number(offer.rateBp)))
        }
      }
    }
    expect(prices.size).toBeGreaterThan(0)
    for (const [product, rates] of prices) expect(rates.size, product).toBe(1)
    const [frozen] = await bank.bank.rt.db<{ offers: number }[]>`
      select count(*)::int as offers from decide.decision where ranked::text like '%"rateBp"%'`
    expect(frozen!.offers).toBeGreaterThan(0)
  })
})

/** Somebody of working age without any standing: the n-th of them. */
async function anybody(nth = 0): Promise<string> {
  const found = await bank.bank.rt.db<{ external_id: string }[]>`
    select k.external_id from know.customer c join know.customer_key k on k.customer_id = c.customer_id and k.source = 'core_customer'
     where c.stage = 'customer' and c.kind = 'person' and c.birth_on between '1970-01-01' and '1995-01-01'
       and not exists (select from know.standing s where s.customer_id = c.customer_id) and k.external_id < 'P9'
     order by k.external_id offset ${nth} limit 1`
  return found[0]!.external_id
}

/** Some with money idle on a current account. */
async function idle(): Promise<string[]> {
  const found = await bank.bank.rt.db<{ external_id: string }[]>`
    select k.external_id from know.holding h join know.customer_key k on k.customer_id = h.customer_id and k.source = 'core_customer'
     where h.product = 'everyday_account' and h.status = 'open' and h.balance_minor > 900000
       and not exists (select from know.standing s where s.customer_id = h.customer_id)
       and not exists (select from know.holding e where e.customer_id = h.customer_id and e.product = 'easy_saver')
     order by k.external_id limit 15`
  return found.map(({ external_id }) => external_id)
}

async function whatIf(
  externalId: string,
  change: Record<string, unknown>,
): Promise<{ before: string[]; after: string[] }> {
  const asked = { customerId: await bank.idOf(externalId), channel: 'app', placement: 'app_home' }
  const decided = await bank.http.call('POST', '/api/decide/decisions', { as: bank.http.key, body: asked })
  const url = `/api/decide/decisions/${decided.body.decisionId}/what-if`
  const { body } = await bank.http.call('POST', url, { as: bank.http.key, body: { change } })
  return body
}
