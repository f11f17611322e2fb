import { beforeAll, describe, expect, test } from 'vitest'
import { registerDecideKinds, smallPlaybook } from '#test/small-playbook'
import { type Document, type Finding, hasErrors, validate, writtenOf } from '#trust/playbook'
import { aprBpOf, instalmentMinorOf } from './credit-example.ts'
import { freezeOffer } from './freeze.ts'

let documents: Document[]
beforeAll(async () => {
  registerDecideKinds()
  const { documents: set } = await smallPlaybook()
  documents = [...set.values()].flatMap((ofKind) => [...ofKind.values()])
})

/** The findings when one document is changed. */
const withChange = (kind: string, id: string, change: Record<string, unknown>): Finding[] =>
  validate(documents.map((one) => writtenOf(one.kind === kind && one.id === id ? { ...one, ...change } : one)))
const errors = (findings: Finding[]): string[] =>
  findings.filter((one) => one.severity === 'error').map((one) => `${one.kind} ${one.id} ${one.path}: ${one.message}`)

test('the small playbook has no error', () => {
  expect(errors(validate(documents.map(writtenOf)))).toEqual([])
})

describe('the figures of a credit', () => {
  test('the loan of the bank’s sketch: €10,000, 60 months, 6.99 % fixed is 60 × €197.96 at 7.22 % APR', () => {
    expect(instalmentMinorOf(1_000_000, 699, 60)).toBe(19_796)
    expect(aprBpOf(1_000_000, 0, 19_796, 60)).toBe(722)
  })
  test('its card: €1,500 over 12 months at 15.9 % with a fee of €24 is 20.8 % APR', () => {
    expect(Math.round(aprBpOf(150_000, 2_400, instalmentMinorOf(150_000, 1590, 12), 12) / 10)).toBe(208)
  })
  test('any figure of a credit brings all of them and the warning', () => {
    const found = errors(withChange('offer', 'premium_card_example', { warning: undefined, totalMinor: undefined }))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('Any rate or cost of a credit brings rate, fees')
  })
  test('figures that do not follow from each other are found', () => {
    expect(errors(withChange('offer', 'premium_card_example', { aprBp: 1500 }))).toEqual([
      'offer premium_card_example aprBp: aprBp does not follow from amount, rate, term and fee.',
    ])
  })
  test('credit is never called instant, and a channel too short for the example gets no figures', () => {
    expect(errors(withChange('treatment', 'premium_card_app', { text: { en: 'An instant card' } }))[0]).toContain(
      'instant',
    )
    expect(errors(withChange('channel', 'app', { textCharactersMax: 160 }))[0]).toContain('do not fit this channel')
  })
})

describe('classes', () => {
  test('a promotional sentence makes a service message marketing', () => {
    const found = errors(withChange('treatment', 'low_balance_app', { promotional: true, class: 'service' }))
    expect(found[0]).toContain('A promotional sentence makes the whole message marketing')
  })
  test('a marketing action has no service message', () => {
    expect(errors(withChange('treatment', 'goal_saver_app', { class: 'service' }))[0]).toContain(
      'each of its treatments is',
    )
  })
  test('caps for what caps do not bind are refused', () => {
    const caps = [{ id: 'week', max: 3, windowDays: 7, per: 'person', class: 'service' }]
    expect(errors(withChange('contact_policy', 'standard', { caps }))[0]).toContain('Caps bind marketing only')
  })
})

describe('rules that cannot be right', () => {
  test('an unknown attribute is shown at its character', () => {
    const applicability = [{ id: 'x', title: 'X', admits: 'customer.small_savings >= 3' }]
    const [finding] = withChange('policy', 'goal_saver', { applicability }).filter((one) => one.severity === 'error')
    expect(finding).toMatchObject({
      kind: 'policy',
      path: 'applicability[0].admits',
      line: expect.any(Number),
      column: expect.any(Number),
    })
    expect(finding!.message).toContain('small_savings_90d')
  })
  test('a condition that is a number, a value that is a text, two clauses of one name', () => {
    const clause = { id: 'x', title: 'X', admits: 'customer.age_years' }
    expect(hasErrors(withChange('policy', 'goal_saver', { suitability: [clause] }))).toBe(true)
    expect(errors(withChange('action', 'goal_saver', { value: { bank: '"much"', customer: '1' } }))[0]).toContain(
      'must yield int or double',
    )
    const twice = [
      { ...clause, admits: 'true' },
      { ...clause, admits: 'true' },
    ]
    expect(errors(withChange('policy', 'goal_saver', { suitability: twice }))[0]).toContain('Two clauses')
  })
  test('a rest without an end, hours that never begin, a message without words', () => {
    const rests = [{ id: 'r', after: 'refuse', each: 'action' }]
    expect(errors(withChange('contact_policy', 'standard', { rests }))[0]).toContain('Only after an acceptance')
    const openHours = [{ channels: ['sms'], weekdays: [1], from: '20:00', to: '09:00', holidays: false }]
    expect(errors(withChange('contact_policy', 'standard', { openHours }))[0]).toContain('write a night as two spans')
    expect(errors(withChange('treatment', 'low_balance_app', { text: undefined }))[0]).toContain(
      'by a template or by a text',
    )
  })
  test('a tone is kept', () => {
    expect(errors(withChange('treatment', 'goal_saver_app', { text: { en: 'Save now!' } }))[0]).toContain("forbids '!'")
  })
})

test('an offer is owed until it expires, and not beyond its last day', () => {
  const offer = {
    kind: 'offer' as const,
    id: 'x',
    title: 'X',
    product: 'p',
    currency: 'EUR',
    rateBp: 175,
    validDays: 30,
  }
  expect(freezeOffer(offer, '2026-03-04', false)).toEqual({
    id: 'x',
    product: 'p',
    currency: 'EUR',
    rateBp: 175,
    preApproved: false,
    expiresOn: '2026-04-03',
  })
  expect(freezeOffer({ ...offer, endsOn: '2026-03-10' }, '2026-03-04', false)!.expiresOn).toBe('2026-03-10')
  expect(freezeOffer({ ...offer, endsOn: '2026-03-03' }, '2026-03-04', false)).toBeUndefined()
})
