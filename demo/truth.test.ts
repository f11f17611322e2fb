import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { booksOf } from './books.ts'
import { dayOf } from './days.ts'
import type { Bank, Holding, Person } from './model.ts'
import { answerOf, needOf, type Said, takes, takesAlone, traitsOf } from './truth.ts'

const bank: Bank = { seed: 7, today: dayOf('2026-03-02'), years: 2 }
const { persons } = booksOf(bank, 0).block
const none: Holding[] = []
const said = (action: string, more: Partial<Said> = {}): Said => ({
  action,
  class: 'marketing',
  channel: 'app',
  language: 'de',
  text: 'Ein Ziel für das, was Sie zurücklegen.',
  ...more,
})

describe('the demo bank is a bank beside Clientele, not a part of it', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const text = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
  test('it imports nothing of the server: files and HTTP are its only ways in', () => {
    const reaching = files.filter((name) => /from '(#|\.\.\/)/.test(text(name)))
    assert.deepEqual(reaching, [])
  })
  test('what people truly wish is read by who answers for them alone', () => {
    const readers = files.filter((name) => /from '\.\/truth\.ts'/.test(text(name)))
    assert.deepEqual(readers.sort(), ['answer.ts', 'night.ts', 'play.ts'])
  })
})

describe('how people truly answer', () => {
  test('the same person answers the same to the same luck', () => {
    const person = persons[5]!
    assert.equal(
      answerOf(7, person, none, said('goal_saver'), bank.today, 0.4),
      answerOf(7, person, none, said('goal_saver'), bank.today, 0.4),
    )
  })
  test('half of the readiness to click is in about a tenth to a fifth of the people', () => {
    const open = persons.map((person) => traitsOf(7, person).openness).sort((a, b) => b - a)
    const total = open.reduce((sum, one) => sum + one, 0)
    let seen = 0
    const people = open.findIndex((one) => {
      seen += one
      return seen >= total / 2
    })
    assert.ok(people / open.length > 0.05 && people / open.length < 0.2, `${people} of ${open.length}`)
  })
  test('asking adds to what would have happened anyway, and most would have happened anyway', () => {
    const adults = persons.filter((person) => person.age >= 18)
    const mean = (of: (person: Person) => number): number =>
      adults.reduce((sum, person) => sum + of(person), 0) / adults.length
    const alone = 30 * mean((person) => takesAlone(person, none, 'easy_saver', bank.today))
    const asked = mean((person) => takes(7, person, none, said('easy_saver'), bank.today))
    assert.ok(asked > alone / 3)
    assert.ok(alone > 0.004 && alone < 0.02, `${alone}`)
  })
  test('who has just booked a trip needs cover two to four times as much; a week later half of that is left', () => {
    const traveller = persons.find((person) => person.life.some((event) => event.kind === 'trip_booked'))!
    const trip = traveller.life.find((event) => event.kind === 'trip_booked')!
    const others: Person = { ...traveller, life: [trip] }
    const atOnce = needOf(others, none, 'trip_cover', trip.day)
    const later = needOf(others, none, 'trip_cover', trip.day + 7)
    assert.ok(atOnce >= 2 && atOnce <= 4)
    assert.ok(Math.abs((later - 1) / (atOnce - 1) - 0.5) < 0.01)
  })
  test('what was said matters: their own language, a channel they like, no shouting', () => {
    const german = persons.find(
      (person) => person.age > 20 && person.language === 'de' && traitsOf(7, person).likes === 'app',
    )!
    const chance = (more: Partial<Said>): number => takes(7, german, none, said('goal_saver', more), bank.today)
    assert.ok(chance({}) > chance({ language: 'en' }))
    assert.ok(chance({}) > chance({ channel: 'web' }))
    assert.ok(chance({}) > chance({ text: 'Jetzt zugreifen! Nur heute!' }))
  })
})
