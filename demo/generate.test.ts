import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import { dayOf } from './days.ts'
import { digestsOf, generate, generateHistory, generateRecent, type Order } from './generate.ts'
import { PEOPLE } from './showcase.ts'

const folder = mkdtempSync(join(tmpdir(), 'riverside-'))
afterAll(() => rmSync(folder, { recursive: true }))

const order = (out: string, size = 1200, seed = 7): Order => ({
  seed,
  size,
  today: dayOf('2026-03-02'),
  years: 1,
  recentMonths: 2,
  out: join(folder, out),
})
const lines = (order: Order, name: string): string[] =>
  readFileSync(join(order.out, name), 'utf8').trimEnd().split('\n')

describe('the same seed, day and size give the same bank', () => {
  test('every file has the same digest when the bank is made again', async () => {
    const first = await digestsOf(generate(order('first')))
    const again = await digestsOf(generate(order('again')))
    assert.deepEqual(again, first)
    assert.ok(first.size > 20)
  })
  test('it does not matter whether history is made before or after the newest months', async () => {
    const history = await digestsOf(generateHistory(order('parts')))
    const recent = await digestsOf(generateRecent(order('parts')))
    const whole = await digestsOf(generate(order('whole')))
    assert.deepEqual(new Map([...recent, ...history]), whole)
  })
  test('another seed gives another bank', async () => {
    const one = await digestsOf(generateRecent(order('seven')))
    const other = await digestsOf(generateRecent(order('eight', 1200, 8)))
    assert.notEqual(one.get('customers.csv'), other.get('customers.csv'))
  })
  test('a larger bank has the same customers and the same bookings, and more of them', () => {
    const small = order('small', 1100)
    const large = order('large', 2300)
    generateRecent(small)
    generateRecent(large)
    for (const name of ['customers.csv', 'holdings.csv', 'transactions-2026-02.csv', 'card_transactions-2026-02.csv']) {
      const of = (all: string[]): string[] => all.filter((line) => isFirstThousand(line))
      assert.deepEqual(of(lines(small, name)), of(lines(large, name)), name)
      assert.ok(lines(large, name).length > lines(small, name).length)
    }
  })
})

/** Customers P10000000–P10001103 and holdings 100000000–100005999 are the first thousand's. */
const isFirstThousand = (line: string): boolean => {
  const [, letter, number] = /^(P?)(\d+),/.exec(line) ?? []
  return letter === 'P' ? Number(number) < 10_001_104 : Number(number) < 100_006_000
}

describe('a bank of any size', () => {
  test('1,000 customers are 1,000 persons, whoever left besides', () => {
    const smallest = order('smallest', 1000)
    generateRecent(smallest)
    const persons = lines(smallest, 'customers.csv').filter((line) => /,person,customer,/.test(line))
    assert.equal(persons.length, 1000)
  })
  test('fewer than 1,000 and more than 10,000,000 are refused with the bounds', () => {
    assert.throws(() => generateRecent(order('tiny', 999)), /1000 to 10000000 customers; found 999/)
    assert.throws(() => generateRecent(order('vast', 10_000_001)), /found 10000001/)
  })
  test('whoever is named by a holding, a role, a relation or a standing is among the customers, in a bank of no whole thousand', () => {
    const odd = order('odd', 1357)
    generateRecent(odd)
    const known = new Set(lines(odd, 'customers.csv').map((line) => line.split(',')[0]!))
    const held = new Set(lines(odd, 'holdings.csv').map((line) => line.split(',')[0]!))
    const column = (name: string, at: number): string[] =>
      lines(odd, name)
        .slice(1)
        .map((line) => line.split(',')[at]!)
    for (const [name, at] of [
      ['holdings.csv', 1],
      ['roles.csv', 1],
      ['relations.csv', 0],
      ['relations.csv', 1],
      ['standings.csv', 0],
      ['consents.csv', 0],
    ] as const) {
      const strangers = column(name, at).filter((id) => !known.has(id))
      assert.deepEqual(strangers, [], name)
    }
    for (const name of ['roles.csv', 'transactions-2026-02.csv', 'card_transactions-2026-02.csv']) {
      assert.deepEqual(
        column(name, 0).filter((id) => !held.has(id)),
        [],
        name,
      )
    }
    for (const [name, from, to] of [
      ['customers.csv', 17, 18],
      ['holdings.csv', 4, 5],
      ['roles.csv', 5, 6],
    ] as const) {
      const backwards = lines(odd, name)
        .slice(1)
        .filter((line) => {
          const cells = line.split(',')
          return cells[to] !== '' && cells[to]! < cells[from]!
        })
      assert.deepEqual(backwards, [], `${name}: an end before its beginning`)
    }
    const events = lines(odd, 'events.jsonl').map(
      (line) => JSON.parse(line) as { id: string; customer: { id: string }; occurredAt: string },
    )
    assert.deepEqual(
      events.filter((event) => !known.has(event.customer.id)),
      [],
    )
    assert.equal(new Set(events.map((event) => event.id)).size, events.length)
    assert.ok(events.every((event) => event.occurredAt < '2026-03-02'))
  })
})

describe('control totals', () => {
  test('each file says how many rows it has and what they add up to in the customer’s view', () => {
    const bank = order('control')
    generateRecent(bank)
    for (const [name, opposite] of [
      ['transactions', false],
      ['card_transactions', true],
    ] as const) {
      const control = JSON.parse(readFileSync(join(bank.out, `${name}-2026-02.control.json`), 'utf8'))
      const rows = lines(bank, `${name}-2026-02.csv`)
        .slice(1)
        .map((line) => line.split(','))
      const sum = rows.reduce(
        (total, row) => total + (opposite ? -Number(row[5]) : row[6] === 'D' ? -Number(row[5]) : Number(row[5])),
        0,
      )
      assert.deepEqual(control, { rows: rows.length, sum: (sum / 100).toFixed(2), businessDate: '2026-02-28' })
    }
  })
  test('nothing is booked after the business date; the month that runs is as of yesterday', () => {
    const bank = order('cut')
    generateRecent(bank)
    const rows = lines(bank, 'transactions-2026-03.csv')
      .slice(1)
      .map((line) => line.split(','))
    assert.ok(rows.length > 0)
    assert.ok(rows.every((row) => row[2]! <= '2026-03-01'))
    assert.equal(
      JSON.parse(readFileSync(join(bank.out, 'transactions-2026-03.control.json'), 'utf8')).businessDate,
      '2026-03-01',
    )
  })
  test('transaction ids are unique in the whole bank', () => {
    const bank = order('ids')
    const seen = new Set<string>()
    let rows = 0
    for (const made of generateRecent(bank)) {
      if (!made.path.includes('transactions-')) continue
      for (const line of readFileSync(made.path, 'utf8').trimEnd().split('\n').slice(1)) {
        seen.add(line.split(',', 2)[1]!)
        rows++
      }
    }
    assert.equal(seen.size, rows)
  })
})

describe('the people to show', () => {
  const bank = { ...order('show'), recentMonths: 4 }
  generateRecent(bank)
  const row = (name: string, id: string): string[][] =>
    lines(bank, name)
      .map((line) => line.split(','))
      .filter((cells) => cells.includes(id))

  test('Marta, 41, paid her last instalment within the month, after five years', () => {
    const loan = row('holdings.csv', PEOPLE.marta).find((cells) => cells[2] === 'personal_loan')!
    assert.equal(loan[3], 'closed')
    assert.equal(loan.at(-1), 'repaid')
    assert.equal(loan[12], '60')
    assert.equal(loan[13], '19796')
    assert.ok(loan[5]! >= '2026-02-01' && loan[5]! <= '2026-03-01')
  })
  test('Jonas, 23, saves €15 at a time, at least three times in 90 days', () => {
    const [account, saver] = row('holdings.csv', PEOPLE.jonas)
    assert.equal(saver![2], 'easy_saver')
    const saved = ['2026-01', '2026-02']
      .flatMap((month) => lines(bank, `transactions-${month}.csv`))
      .map((line) => line.split(','))
      .filter((cells) => cells[0] === account![0] && cells[8] === 'saving')
    assert.ok(saved.length >= 3)
    assert.ok(saved.every((cells) => cells[5] === '1500' && cells[6] === 'D'))
  })
  test('Elif and Tom hold a joint account that both must sign for; Tom objected, Elif agreed and told us they are buying', () => {
    const roles = row('roles.csv', PEOPLE.elif)
      .concat(row('roles.csv', PEOPLE.tom))
      .filter((cells) => cells[3] === 'both')
    assert.equal(roles.length, 2)
    assert.equal(roles[0]![0], roles[1]![0])
    assert.ok(row('consents.csv', PEOPLE.tom).every((cells) => cells[3] === 'withdrawn'))
    assert.ok(row('consents.csv', PEOPLE.elif).every((cells) => cells[3] === 'given'))
    const told = lines(bank, 'events.jsonl').filter((line) => line.includes(PEOPLE.elif) && line.includes('need.told'))
    assert.match(told[0]!, /"topic":"mortgage"/)
    assert.equal(
      lines(bank, 'events.jsonl').filter((line) => line.includes(PEOPLE.tom) && line.includes('need.told')).length,
      0,
    )
  })
  test('Henrik, 78, is represented by his daughter and paid somebody odd yesterday', () => {
    assert.ok(row('roles.csv', PEOPLE.sofie).some((cells) => cells[2] === 'attorney' && cells[3] === 'limited'))
    assert.ok(row('standings.csv', PEOPLE.henrik).some((cells) => cells[1] === 'represented'))
    const odd = lines(bank, 'transactions-2026-03.csv').filter(
      (line) => line.includes('odd_payee') && line.startsWith('900000007,'),
    )
    assert.equal(odd.length, 1)
    assert.ok(
      lines(bank, 'events.jsonl').some(
        (line) => line.includes(PEOPLE.henrik) && line.includes('payment.odd_payee') && line.includes('2026-03-01'),
      ),
    )
  })
  test('Ana, sole trader, is overdrawn and had a debit returned; her business is a customer of its own', () => {
    const account = row('holdings.csv', PEOPLE.ana).find((cells) => cells[2] === 'everyday_account')!
    assert.equal(account[8], 'D')
    assert.ok(row('standings.csv', PEOPLE.ana).some((cells) => cells[1] === 'stretched'))
    assert.ok(row('customers.csv', 'B90000001').some((cells) => cells[1] === 'business'))
    assert.ok(row('roles.csv', 'B90000001').some((cells) => cells[2] === 'owner'))
    assert.ok(row('roles.csv', PEOPLE.ana).some((cells) => cells[2] === 'director'))
  })
  test('Lea is 17 years and 11 months; her mother’s authority ends on her eighteenth birthday', () => {
    const lea = row('customers.csv', PEOPLE.lea)[0]!
    assert.equal(lea[6], '2008-04-02')
    const guardian = row('roles.csv', PEOPLE.karin).find((cells) => cells[2] === 'guardian')!
    assert.equal(guardian[6], '2026-04-02')
    assert.equal(row('consents.csv', PEOPLE.lea).length, 0)
  })
})
