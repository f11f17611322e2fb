import { describe, expect, test } from 'vitest'
import { happeningsOf, questionsOf, seenOf, totalsOf } from './worth.ts'

const holding = (balanceMinor: number, more = {}) =>
  ({ role: 'owner', status: 'open', currency: 'EUR', shareBp: 10_000, balanceMinor, ...more }) as never

const fact = (id: string, more = {}) =>
  ({
    id,
    title: id,
    meaning: '',
    type: 'date',
    unit: null,
    source: 'events',
    value: null,
    absent: true,
    ...more,
  }) as never

const considered = (title: string, found: string[], kind = 'marketing') =>
  ({
    action: title,
    title,
    verdict: 'applicability',
    priority: null,
    reasons: found.map((one) => ({ stage: 'applicability', level: '', clause: '', title: '', found: one, needed: '' })),
    treatments: [{ class: kind, verdict: 'may_be_said', treatment: 't', reasons: [] }],
  }) as never

const FREE = {
  effects: { stopAll: false, serviceOnly: false, careOnly: false, noCredit: false, holding: [] },
  profilingObjected: false,
}

describe('what a customer and the bank are worth to each other', () => {
  test('a joint account counts by share, and deposits never pay off debts', () => {
    const { kept, owed } = totalsOf([holding(100_00, { shareBp: 5000 }), holding(-30_00), holding(7_00)])
    expect(kept.map(({ minor, parts }) => [minor, parts.length])).toEqual([[57_00, 2]])
    expect(owed.map(({ minor }) => minor)).toEqual([-30_00])
  })

  test('two currencies are never added up', () => {
    const { kept } = totalsOf([holding(100), holding(900, { currency: 'CZK' })])
    expect(kept.map(({ currency, minor }) => [currency, minor])).toEqual([
      ['CZK', 900],
      ['EUR', 100],
    ])
  })

  test('what is closed, guaranteed or only used is not theirs', () => {
    const { kept } = totalsOf([
      holding(1, { status: 'closed' }),
      holding(2, { role: 'guarantor' }),
      holding(3, { role: 'user' }),
    ])
    expect(kept).toEqual([])
  })
})

describe('what is going on', () => {
  test('the last four months and the next year, the nearest first', () => {
    const on = (id: string, value: string) => fact(id, { value, absent: false })
    const facts = [on('old', '2025-09-01'), on('soon', '2026-07-30'), on('now', '2026-03-01'), on('far', '2030-02-11')]
    expect(happeningsOf(facts, '2026-03-02').map(({ fact }) => fact.id)).toEqual(['now', 'soon'])
  })

  test('nought, no and nothing are no news', () => {
    const seen = (id: string, value: unknown) => fact(id, { type: 'int', value, absent: false })
    expect(seenOf([seen('children', 2), seen('flights', 0), seen('told', false)]).map(({ id }) => id)).toEqual([
      'children',
    ])
  })
})

describe('what to ask', () => {
  const facts = [fact('moved_on'), fact('plan_home_on'), fact('matures_on', { source: 'holding' })]

  test('what only the customer tells, for want of which alone an offer does not apply', () => {
    const asked = questionsOf(
      [
        considered('Home cover', ['customer.moved_on = absent, context.today = 2026-03-02']),
        considered('Mortgage', ['customer.plan_home_on = absent', 'customer.savings_minor = 5']),
        considered('Matures', ['customer.matures_on = absent']),
        considered('After a complaint', ['customer.moved_on = absent'], 'care'),
      ],
      facts,
      FREE,
    )
    expect(asked.map(({ fact, actions }) => [fact.id, actions])).toEqual([['moved_on', ['Home cover']]])
  })

  test('nothing for the sake of an offer, where nothing may be offered or a profile was objected to', () => {
    const all = [considered('Home cover', ['customer.moved_on = absent'])]
    expect(questionsOf(all, facts, { ...FREE, profilingObjected: true })).toEqual([])
    expect(questionsOf(all, facts, { ...FREE, effects: { ...FREE.effects, careOnly: true } })).toEqual([])
  })
})
