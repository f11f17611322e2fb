import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { booksOf } from './books.ts'
import { ageOn, dateOf, dayOf, easter, holidaysOf, monthsLater } from './days.ts'
import type { Bank } from './model.ts'

const bank: Bank = { seed: 7, today: dayOf('2026-03-02'), years: 2 }
const blocks = [0, 1, 2].map((index) => booksOf(bank, index).block)
const persons = blocks.flatMap((block) => block.persons)
const holdings = blocks.flatMap((block) => block.holdings)

describe('who the customers are', () => {
  test('a child has a guardian who is a customer, an adult and 19 to 44 years older', () => {
    for (const child of persons.filter((person) => person.age < 18)) {
      assert.ok(child.guardians.length >= 1)
      for (const guardian of child.guardians) assert.ok(guardian.age >= 18 && guardian.age - child.age >= 19)
    }
  })
  test('nobody under 18 borrows, has a card or an overdraft, or agreed to anything', () => {
    for (const child of persons.filter((person) => person.age < 18)) {
      assert.deepEqual(child.consents, [])
      const held = holdings.filter((holding) =>
        holding.owners.some((owner) => owner.person === child && owner.role === 'owner'),
      )
      for (const holding of held) {
        assert.ok(['current', 'saver'].includes(holding.kind), `${child.externalId} has a ${holding.product}`)
        assert.equal(holding.limitCents, 0)
      }
    }
  })
  test('a joint account has two owners of half each, of one household; some must both sign', () => {
    const joint = holdings.filter(
      (one) => one.kind === 'current' && one.owners.filter((owner) => owner.role === 'owner').length === 2,
    )
    assert.equal(joint.length, 390)
    for (const account of joint) {
      const [one, other] = account.owners.filter((owner) => owner.role === 'owner')
      assert.equal(one!.shareBp + other!.shareBp, 10_000)
      assert.equal(one!.person.household, other!.person.household)
    }
    assert.equal(joint.filter((account) => account.owners[0]!.authority === 'both').length, 30)
  })
  test('the dead are former customers with the notice; most leave a partner who stays', () => {
    const dead = blocks.flatMap((block) => block.former).filter((person) => person.leaving === 'deceased')
    assert.equal(dead.length, 48)
    assert.ok(dead.every((person) => person.standings.some((one) => one.standing === 'deceased_notified')))
    const homes = new Set(persons.map((person) => person.household))
    assert.ok(dead.filter((person) => homes.has(person.household)).length >= 30)
  })
  test('some addresses serve two people', () => {
    const used = persons.map((person) => person.email).filter((email) => email !== '')
    assert.ok(used.length > new Set(used).size)
  })
  test('nobody’s address can be delivered to: all are at a domain kept for examples', () => {
    assert.ok(persons.every((person) => person.email === '' || person.email.endsWith('@example.com')))
  })
})

describe('the calendar', () => {
  test('Easter moves: 2024, 2025, 2026 and the late one of 2038', () => {
    assert.deepEqual(
      [2024, 2025, 2026, 2038].map((year) => dateOf(easter(year))),
      ['2024-03-31', '2025-04-20', '2026-04-05', '2038-04-25'],
    )
  })
  test('nine bank holidays in a year, Ascension and Whit Monday among them', () => {
    const holidays = holidaysOf(2026).map(dateOf)
    assert.equal(holidays.length, 9)
    assert.ok(holidays.includes('2026-05-14') && holidays.includes('2026-05-25'))
  })
  test('a month after 31 January is the last day of February', () => {
    assert.equal(dateOf(monthsLater(dayOf('2026-01-31'), 1)), '2026-02-28')
    assert.equal(dateOf(monthsLater(dayOf('2024-01-31'), 1)), '2024-02-29')
  })
  test('somebody born on 29 February turns a year older on 1 March', () => {
    assert.equal(ageOn(dayOf('2008-02-29'), dayOf('2026-02-28')), 17)
    assert.equal(ageOn(dayOf('2008-02-29'), dayOf('2026-03-01')), 18)
  })
  test('a day that does not exist is refused', () => assert.throws(() => dayOf('2026-02-31'), /2026-02-31/))
})
