import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { balanceOn, booksOf, fillMonth, firstMonth, lastMonth, showcaseBooks } from './books.ts'
import { dateOf, dayOf, isWorkingDay, monthOf } from './days.ts'
import { CURRENCIES, entries, LABELS, sumOf } from './entries.ts'
import { usedIn } from './levels.ts'
import type { Bank, Holding } from './model.ts'
import { paydayIn } from './pay.ts'

const bank: Bank = { seed: 7, today: dayOf('2026-03-02'), years: 2 }
const books = booksOf(bank, 0)
const list = entries()
const LEDGERS = new Set(['current', 'saver', 'goal', 'loan', 'mortgage', 'card', 'business'])
const months = Array.from({ length: 26 }, (_, i) => firstMonth(bank) + i)

/** Calls back for each entry of the thousand customers in the two years. */
function eachEntry(visit: (holding: Holding, at: number, month: number) => void): void {
  for (const holding of books.block.holdings) {
    for (const month of months) {
      fillMonth(books, holding, month, list)
      for (let at = 0; at < list.count; at++) visit(holding, at, month)
    }
  }
}

describe('opening + entries = closing', () => {
  test('every month of every account, saver, loan, card and business account leads to the next', () => {
    const broken: string[] = []
    for (const holding of [...books.block.holdings, ...showcaseBooks(bank).block.holdings]) {
      const of = books.block.holdings.includes(holding) ? books : showcaseBooks(bank)
      if (!LEDGERS.has(holding.kind) || of !== books) continue
      let closing: number | undefined
      for (const month of months) {
        const opening = fillMonth(books, holding, month, list)
        if (closing !== undefined && opening !== closing)
          broken.push(`${holding.product} ${holding.number} in ${dateOf(month * 30)}: ${closing} then ${opening}`)
        closing = opening + sumOf(list)
      }
    }
    assert.deepEqual(broken, [])
  })
  test('a month is the same whichever months were written before it', () => {
    const account = books.block.holdings.find((one) => one.kind === 'current')!
    const month = lastMonth(bank) - 5
    fillMonth(books, account, month, list)
    const once = [...list.cents.subarray(0, list.count)]
    fillMonth(books, account, month - 7, list)
    fillMonth(
      booksOf(bank, 0),
      booksOf(bank, 0).block.holdings.find((one) => one.number === account.number)!,
      month,
      list,
    )
    assert.equal(list.count, 0, 'a holding of other books is not known to these')
    const others = booksOf(bank, 0)
    fillMonth(others, others.block.holdings.find((one) => one.number === account.number)!, month, list)
    assert.deepEqual([...list.cents.subarray(0, list.count)], once)
  })
  test('the balance told with a holding is the one its last booking shows', () => {
    for (const account of books.block.holdings
      .filter((one) => one.kind === 'current' && one.closed === 0)
      .slice(0, 50)) {
      const opening = fillMonth(books, account, lastMonth(bank), list)
      let balance = opening
      for (let at = 0; at < list.count; at++) if (list.day[at]! < bank.today) balance += list.cents[at]!
      assert.equal(balanceOn(books, account), balance)
    }
  })
})

describe('what makes banking hard is in the bookings', () => {
  test('salaries come on working days from the 25th to the 3rd, before a weekend late in the month and after it early in one', () => {
    assert.equal(dateOf(paydayIn(monthOf(dayOf('2026-01-15')), 31)), '2026-01-30')
    assert.equal(dateOf(paydayIn(monthOf(dayOf('2026-02-15')), 1)), '2026-02-02')
    assert.equal(dateOf(paydayIn(monthOf(dayOf('2026-01-15')), 1)), '2026-01-02')
    eachEntry((_, at) => {
      if (LABELS[list.label[at]!]!.category !== 'salary') return
      assert.ok(isWorkingDay(list.day[at]!), dateOf(list.day[at]!))
      const day = Number(dateOf(list.day[at]!).slice(8))
      assert.ok(day >= 22 || day <= 7, `paid on ${dateOf(list.day[at]!)}`)
    })
  })
  test('a reversal names a booking of the same amount on the same account, earlier in the month', () => {
    let reversals = 0
    eachEntry((_, at) => {
      const original = list.reverses[at]!
      if (original < 0) return
      reversals++
      assert.equal(list.cents[original], -list.cents[at]!)
      assert.ok(list.day[original]! <= list.day[at]!)
    })
    assert.ok(reversals > 50)
  })
  test('what moves between own accounts has two legs of the same amount', () => {
    const out = new Map<string, number>()
    const into = new Map<string, number>()
    eachEntry((holding, at) => {
      if (LABELS[list.label[at]!]!.category !== 'own_savings') return
      const saver = holding.kind === 'current' ? list.payee[at]! : holding.number
      const leg = `${saver} ${list.day[at]} ${Math.abs(list.cents[at]!)}`
      const side = holding.kind === 'current' ? out : into
      side.set(leg, (side.get(leg) ?? 0) + 1)
    })
    assert.ok(out.size > 500)
    for (const [leg, times] of out) assert.equal(into.get(leg), times, leg)
  })
  test('purchases abroad keep the other money’s own minor units: yen have none, Kuwaiti dinars three', () => {
    const seen = new Set<string>()
    eachEntry((_, at) => {
      const currency = CURRENCIES[list.currency[at]!]!
      if (currency.code === '') return
      seen.add(currency.code)
      const euro = Math.abs(list.cents[at]!) / 100
      const other = Math.abs(list.original[at]!) / 10 ** currency.exponent
      assert.ok(Number.isInteger(list.original[at]!))
      assert.ok(Math.abs(other / euro / currency.perEuro - 1) < 0.1, `${euro} EUR as ${other} ${currency.code}`)
    })
    assert.deepEqual([...seen].sort(), ['CHF', 'CZK', 'GBP', 'JPY', 'KWD', 'USD'])
  })
  test('in months in which nobody uses an account it moves by fees, interest and what is due only', () => {
    let still = 0
    for (const [account, home] of books.homes) {
      for (const month of months) {
        if (home.users.some((user) => usedIn(user.person, month)) || monthOf(account.opened) === month) continue
        fillMonth(books, account, month, list)
        still++
        for (let at = 0; at < list.count; at++) assert.equal(LABELS[list.label[at]!]!.initiated, 0)
      }
    }
    assert.ok(still > 500, `${still} months`)
  })
  test('sensitive payments are in the bookings, so that nothing may be made of them', () => {
    const seen = new Set<string>()
    eachEntry((_, at) => void seen.add(LABELS[list.label[at]!]!.category))
    for (const category of ['faith', 'union', 'party', 'health']) assert.ok(seen.has(category), category)
  })
})

describe('decoys beside the events', () => {
  test('thirteenth salaries, bonuses, parental leave, refunds and own transfers look like events and are none', () => {
    const seen = new Map<string, number>()
    eachEntry((_, at) => {
      const { category } = LABELS[list.label[at]!]!
      const large = Math.abs(list.cents[at]!) >= 500_000
      const name = category === 'own_account_elsewhere' && list.cents[at]! > 0 && large ? 'own transfer in' : category
      seen.set(name, (seen.get(name) ?? 0) + 1)
    })
    for (const decoy of ['thirteenth_salary', 'bonus', 'parental_allowance', 'own transfer in']) {
      assert.ok((seen.get(decoy) ?? 0) >= 10, `${decoy}: ${seen.get(decoy) ?? 0}`)
    }
  })
  test('a pay rise lasts; a bonus does not', () => {
    const risen = books.block.persons.find(
      (person) =>
        person.income.kind === 'salary' &&
        person.life.filter((event) => ['pay_rise', 'new_employer', 'pay_stops', 'parental_leave'].includes(event.kind))
          .length === 1 &&
        person.life.some(
          (event) => event.kind === 'pay_rise' && event.day < bank.today - 120 && event.day > bank.today - 600,
        ) &&
        books.homes.size > 0 &&
        person.state === 'core' &&
        person.activeFrom < bank.today - 720,
    )!
    const rise = risen.life.find((event) => event.kind === 'pay_rise')!
    const account = [...books.homes.values()].find((home) => home.users.some((user) => user.person === risen))!.account
    const paid = new Map<number, number>()
    for (const month of months) {
      fillMonth(books, account, month, list)
      for (let at = 0; at < list.count; at++) {
        const own = list.payee[at]! >= 60_000 && list.payee[at]! < 60_030
        if (LABELS[list.label[at]!]!.category === 'salary' && own) paid.set(list.day[at]!, list.cents[at]!)
      }
    }
    const before = [...paid].filter(([day]) => day < rise.day).map(([, cents]) => cents)
    const after = [...paid].filter(([day]) => day > rise.day).map(([, cents]) => cents)
    assert.ok(Math.min(...after) > Math.min(...before))
  })
})
