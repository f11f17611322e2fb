import type { Runtime } from '#platform/runtime'
import { type Document, type Revision, setOf } from '#trust/playbook'

/** A playbook with every kind of attribute, and histories of customers with everything that makes them hard. */
const attribute = (id: string, type: string, source: object): Document => ({
  kind: 'attribute',
  id,
  title: id,
  meaning: `for tests: ${id}`,
  type,
  source,
})

export const BANK: readonly Document[] = [
  {
    kind: 'bank',
    id: 'bank',
    title: 'Test Bank',
    zone: 'Europe/Berlin',
    currency: 'EUR',
    languages: ['en'],
    calendar: 'calendar',
  },
  { kind: 'calendar', id: 'calendar', title: 'Calendar', workingWeekdays: [1, 2, 3, 4, 5], holidays: [] },
]

export const ATTRIBUTES: readonly Document[] = [
  attribute('age_years', 'int', { person: 'age_years' }),
  attribute('since_on', 'date', { person: 'since_on' }),
  attribute('tenure_days', 'int', { person: 'tenure_days' }),
  attribute('tenure_years', 'int', { person: 'tenure_years' }),
  attribute('language', 'string', { person: 'language' }),
  attribute('stage', 'string', { person: 'stage' }),
  attribute('standings', 'list<string>', { person: 'standings' }),
  attribute('has_email', 'bool', { person: 'has_email' }),
  attribute('products', 'list<string>', {
    holding: { aggregate: 'list', of: 'product', where: 'holding.status == "open"' },
  }),
  attribute('holdings', 'int', { holding: { aggregate: 'count' } }),
  attribute('savings_minor', 'int', {
    holding: {
      aggregate: 'sum',
      of: 'balance_minor',
      where: 'holding.product == "easy_saver" && holding.status == "open"',
    },
  }),
  attribute('next_maturity_on', 'date', {
    holding: { aggregate: 'min', of: 'matures_on', where: 'holding.status == "open"' },
  }),
  attribute('first_product', 'string', { holding: { aggregate: 'first', of: 'product' } }),
  attribute('last_opened_on', 'date', { holding: { aggregate: 'last_date' } }),
  attribute('joint', 'bool', { holding: { aggregate: 'any', where: 'holding.share_bp < 10000' } }),
  attribute('guarded', 'int', { holding: { aggregate: 'count', roles: ['guardian', 'attorney'] } }),
  attribute('gold_tier', 'bool', {
    holding: { aggregate: 'any', fields: { tier: 'string' }, where: 'holding.tier == "gold"' },
  }),
  attribute('income_90d', 'int', {
    transactions: { aggregate: 'sum', of: 'amount_minor', where: 'transaction.kind == "salary"', windowDays: 90 },
  }),
  attribute('card_count_30d', 'int', {
    transactions: {
      aggregate: 'count',
      where: 'transaction.kind == "card" && transaction.amount_minor < 0',
      windowDays: 30,
    },
  }),
  attribute('spend_by_share', 'int', {
    transactions: { aggregate: 'sum', of: 'amount_minor', where: 'transaction.amount_minor < 0', share: 'by_share' },
  }),
  attribute('largest_in', 'int', {
    transactions: { aggregate: 'max', of: 'amount_minor', where: 'transaction.amount_minor > 0' },
  }),
  attribute('smallest_60d', 'int', { transactions: { aggregate: 'min', of: 'amount_minor', windowDays: 60 } }),
  attribute('last_category', 'string', {
    transactions: { aggregate: 'last', of: 'category', where: 'transaction.category != ""' },
  }),
  attribute('first_balance', 'int', { transactions: { aggregate: 'first', of: 'balance_after_minor' } }),
  attribute('categories_90d', 'int', { transactions: { aggregate: 'distinct', of: 'category', windowDays: 90 } }),
  attribute('category_list', 'list<string>', { transactions: { aggregate: 'list', of: 'category', windowDays: 45 } }),
  attribute('last_salary_on', 'date', {
    transactions: { aggregate: 'last_date', where: 'transaction.kind == "salary"' },
  }),
  // Fails on rows where the balance is zero: such rows do not count.
  attribute('ratio_rows', 'int', {
    transactions: {
      aggregate: 'count',
      where: 'transaction.amount_minor / transaction.balance_after_minor >= 0 && has(transaction.balance_after_minor)',
    },
  }),
  attribute('pages_7d', 'int', { events: { types: ['web.page'], aggregate: 'count', windowDays: 7 } }),
  attribute('trips_minor', 'int', {
    events: {
      types: ['travel.booked'],
      aggregate: 'sum',
      of: 'amount_minor',
      fields: { amount_minor: 'int' },
      windowDays: 400,
    },
  }),
  attribute('last_page', 'string', {
    events: { types: ['web.page'], aggregate: 'last', of: 'path', fields: { path: 'string' } },
  }),
  attribute('first_page_on', 'date', { events: { types: ['web.page'], aggregate: 'first_date' } }),
  attribute('max_score', 'double', {
    events: {
      types: ['web.page', 'score'],
      aggregate: 'max',
      of: 'score',
      fields: { score: 'double' },
      where: 'event.score > 0.25',
    },
  }),
  attribute('leaves_on', 'date', {
    events: { types: ['travel.booked'], aggregate: 'max', of: 'leaves_on', fields: { leaves_on: 'date' } },
  }),
  attribute('agreed', 'bool', {
    events: { types: ['score'], aggregate: 'last', of: 'agreed', fields: { agreed: 'bool' } },
  }),
  attribute('income_month', 'int', { formula: 'customer.income_90d / 3' }),
  attribute('days_since_salary', 'int', { formula: 'days_between(customer.last_salary_on, context.today)' }),
  attribute('saved_months', 'int', { formula: 'customer.savings_minor / customer.income_month' }),
  attribute('saver', 'bool', { formula: 'customer.saved_months >= 3 || "easy_saver" in customer.products' }),
]

export const revisionOf = (...documents: readonly Document[]): Revision => ({
  id: 'test',
  documents: setOf(documents),
  sequence: 1,
})
export const EVERY_KIND = revisionOf(...BANK, ...ATTRIBUTES)

type Choose = <T>(list: readonly T[]) => T
const choosing =
  (next: () => number): Choose =>
  (list) =>
    list[Math.floor(next() * list.length)]!
const DAY_MS = 86_400_000
const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const stamp = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')

/** People with holdings (joint, guarded, closing later, future balances) and standings, as of around `nowMs`. */
export async function givePeople(rt: Runtime, next: () => number, people: number, nowMs: number): Promise<void> {
  const choose = choosing(next)
  const aroundDays = (before: number, after: number): string =>
    dayText(nowMs + Math.round(next() * (before + after) - before) * DAY_MS)
  for (let id = 1; id <= people; id++) {
    await rt.db`
      insert into know.customer (customer_id, kind, stage, birth_on, language, since_on, email)
      values (${id}, 'person', ${choose(['prospect', 'customer', 'former'])}, ${choose(['2004-02-29', '1980-03-02', '1980-03-03', '1850-01-01', null])},
              ${choose(['en', 'de', null])}, ${choose([aroundDays(3000, 0), null])}, ${choose(['a@example.org', null])})`
    if (next() < 0.4)
      await rt.db`
        insert into know.standing (customer_id, standing_id, standing, effect, from_on, to_on, reason, source, noted_by, noted_at)
        values (${id}, ${rt.ids.next()}, ${choose(['vip', 'stretched', 'arrears'])}, 'none', ${aroundDays(20, 2)}, ${null}, 'test', 'test', 'test', now())`
    for (let n = 0; n < Math.floor(next() * 4); n++) {
      const holding = id * 10 + n
      const opened = nowMs - Math.floor(next() * 600 - 20) * DAY_MS
      const closed = choose([null, null, dayText(opened + Math.floor(next() * 500) * DAY_MS)])
      await rt.db`
        insert into know.holding (customer_id, holding_id, product, status, opened_on, closed_on, currency, balance_minor, balance_on, matures_on, details)
        values (${id}, ${holding}, ${choose(['everyday', 'easy_saver', 'fixed_term'])}, ${closed ? 'closed' : choose(['open', 'pending'])},
                ${choose([dayText(opened), dayText(opened), null])}, ${closed}, 'EUR', ${choose([0, 100_000, 2_500_000, null])}, ${aroundDays(10, 3)},
                ${choose([null, aroundDays(10, 400)])}, ${rt.db.json({ tier: choose(['gold', 'blue', 7]) } as never)})`
      const other = 1 + Math.floor(next() * people)
      const joint = next() < 0.4 && other !== id
      const role = (person: number, as: string, shareBp: number) => rt.db`
        insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, to_on, holder_customer_id)
        values (${person}, ${holding}, ${as}, 'either', ${shareBp}, ${dayText(opened)}, ${choose([null, null, dayText(opened + Math.floor(next() * 600) * DAY_MS)])}, ${id})
        on conflict do nothing`
      await role(id, 'owner', joint ? 3333 : 10_000)
      if (joint) await role(other, choose(['owner', 'guardian', 'attorney']), 0)
    }
  }
  await rt.db`update know.holding_role set share_bp = 6667 where role = 'owner' and share_bp = 0`
  await mapHoldings(rt)
}

/** The lake's map of who stands how to which holding, as the import of feeds refreshes it. */
async function mapHoldings(rt: Runtime): Promise<void> {
  await rt.lake.command('truncate table know.holding_of')
  const rows = await rt.db<Record<string, unknown>[]>`
    select r.holding_id, r.customer_id, r.role, r.authority, r.share_bp, r.from_on, coalesce(r.to_on, '2299-12-31') as to_on,
           h.product, h.currency, coalesce(h.opened_on, '2299-12-31') as opened_on, coalesce(h.closed_on, '2299-12-31') as closed_on
      from know.holding_role r
      join know.holding h on h.customer_id = r.holder_customer_id and h.holding_id = r.holding_id`
  await rt.lake.insert('know.holding_of', rows)
}

/** Transactions of every status, some taken back, own transfers, and rows given twice. */
export async function giveTransactions(
  rt: Runtime,
  next: () => number,
  perHolding: number,
  nowMs: number,
): Promise<void> {
  const choose = choosing(next)
  const holdings = await rt.db<{ id: number }[]>`select distinct holding_id as id from know.holding order by 1`
  const rows: Record<string, unknown>[] = []
  for (const { id } of holdings) {
    for (let n = 0; n < perHolding; n++) {
      const at = nowMs - Math.floor(next() * 500 * DAY_MS) + 2 * DAY_MS
      const reverses = n > 0 && next() < 0.1 ? `t${Math.floor(next() * n)}` : ''
      rows.push({
        holding_id: id,
        booked_on: dayText(at),
        transaction_id: `t${n}`,
        value_on: dayText(at),
        occurred_at: stamp(choose([at, at - (at % DAY_MS)])),
        amount_minor: Math.floor(next() * 400_000) - 300_000,
        currency: 'EUR',
        kind: choose(['salary', 'card', 'transfer', 'debit']),
        operation: '',
        counterparty_key: '',
        category: choose(['', 'food', 'travel', 'réntal', '🏠']),
        balance_after_minor: choose([null, 0, 5000, -5000]),
        status: choose(['booked', 'booked', 'booked', 'booked', 'pending', 'reversed', 'settled']),
        reverses,
        own_transfer: next() < 0.1 ? 1 : 0,
        customer_initiated: next() < 0.5 ? 1 : 0,
        feed_id: 1,
        line: n,
        digest: 1,
        version: 1,
      })
    }
  }
  await rt.lake.insert('know.account_transaction', rows)
  await rt.lake.insert(
    'know.account_transaction',
    rows.filter(() => next() < 0.3),
  )
}

/** Events of customers 1..people, some with payloads of the wrong types, near midnights and clock changes. */
export function eventsFor(next: () => number, people: number, count: number, nowMs: number): Record<string, unknown>[] {
  const choose = choosing(next)
  return Array.from({ length: count }, (_, n) => ({
    source: choose(['web', 'app']),
    id: `e${n}`,
    type: choose(['web.page', 'travel.booked', 'score', 'other']),
    customerId: 1 + Math.floor(next() * people),
    occurredAt: new Date(
      choose([
        nowMs - Math.floor(next() * 500 * DAY_MS),
        Date.parse('2025-10-26T00:00:00Z') + Math.floor(next() * 8) * 1_800_000,
        Date.parse('2026-03-01T22:30:00Z') + Math.floor(next() * 4) * 1_800_000,
      ]),
    ).toISOString(),
    payload: {
      path: choose(['/', '/loans', '/é', 7]),
      amount_minor: choose([100, -250, 1.5, '12', 2 ** 53 + 2, null, true]),
      score: choose([0.1, 0.3, 0.7, 1, 'x']),
      leaves_on: choose(['2026-07-01', '2026-02-30', '1850-01-01', 'soon', '2024-02-29']),
      agreed: choose([true, false, 1, null]),
    },
  }))
}

/** The same list in another order. */
export function shuffled<T>(next: () => number, list: readonly T[]): T[] {
  const mixed = [...list]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}
