import { describe, expect, test } from 'vitest'
import { ageYears, isMinor } from './age.ts'
import { type DatedRole, mayAct } from './authority.ts'
import { equalSharesBp, partsOf } from './shares.ts'
import { type DatedStanding, EFFECT_OF, effectsOf, minorStanding, type StandingName } from './standings.ts'

const noted = (standing: StandingName, fromOn: string, toOn: string | null = null): DatedStanding => ({
  standing,
  effect: EFFECT_OF[standing],
  fromOn,
  toOn,
})

describe('what a standing stops', () => {
  test('a notified death stops everything, from the day of the notice', () => {
    const standings = [noted('deceased_notified', '2026-03-02')]
    expect(effectsOf(standings, '2026-03-01')).toMatchObject({ stopAll: false, noCredit: false, holding: [] })
    expect(effectsOf(standings, '2026-03-02')).toEqual({
      stopAll: true,
      serviceOnly: true,
      careOnly: true,
      noCredit: true,
      holding: ['deceased_notified'],
    })
  })
  test('a complaint stops sales until thirty days after it is closed', () => {
    const standings = [noted('complaint_open', '2026-01-10', '2026-02-01')]
    expect(effectsOf(standings, '2026-03-03').careOnly).toBe(true)
    expect(effectsOf(standings, '2026-03-04').careOnly).toBe(false)
  })
  test('forbearance keeps credit away for two years after it ends', () => {
    const standings = [noted('forborne', '2024-01-01', '2024-06-30')]
    expect(effectsOf(standings, '2026-06-29').noCredit).toBe(true)
    expect(effectsOf(standings, '2026-07-01').noCredit).toBe(false)
  })
  test('a support need prompts no credit and takes nothing else away', () => {
    expect(effectsOf([noted('support_need', '2020-01-01')], '2026-03-02')).toMatchObject({
      noCredit: true,
      serviceOnly: false,
    })
  })
  test('several standings all hold: none gives back what another took', () => {
    const both = effectsOf([noted('staff', '2020-01-01'), noted('bereaved', '2026-02-01')], '2026-03-02')
    expect(both).toMatchObject({ careOnly: true, holding: ['bereaved', 'staff'] })
  })
  test('a minor gets no credit until the eighteenth birthday; one of 29 February until 1 March', () => {
    expect(effectsOf([minorStanding('2008-04-02')], '2026-04-01').noCredit).toBe(true)
    expect(effectsOf([minorStanding('2008-04-02')], '2026-04-02').noCredit).toBe(false)
    expect(minorStanding('2008-02-29').toOn).toBe('2026-02-28')
  })
})

describe('age', () => {
  test('a year is full on the birthday, and not the day before', () => {
    expect(ageYears('2008-04-02', '2026-04-01')).toBe(17)
    expect(ageYears('2008-04-02', '2026-04-02')).toBe(18)
  })
  test('somebody of 29 February is a minor through 28 February', () => {
    expect(isMinor('2008-02-29', '2026-02-28')).toBe(true)
    expect(isMinor('2008-02-29', '2026-03-01')).toBe(false)
  })
})

describe('a joint account counts once', () => {
  test('its parts add up to the whole, to the last cent', () => {
    const parts = partsOf(-10_001, [
      { customerId: 1, shareBp: 5000 },
      { customerId: 2, shareBp: 5000 },
    ])
    expect([...parts.values()]).toEqual([-5001, -5000])
  })
  test('three owners share alike', () => {
    expect(equalSharesBp(3)).toEqual([3334, 3333, 3333])
  })
})

describe('who may act', () => {
  const role = (customerId: number, more: Partial<DatedRole>): DatedRole => ({
    customerId,
    role: 'owner',
    authority: 'sole',
    shareBp: 0,
    fromOn: '2020-01-01',
    toOn: null,
    ...more,
  })
  test('with both-sign, the other owner must agree too', () => {
    const roles = [role(1, { authority: 'both' }), role(2, { authority: 'both' })]
    expect(mayAct(roles, 1, '2026-03-02')).toEqual({ may: true, needsAlso: [2] })
  })
  test('either owner of an either-sign account acts alone', () => {
    expect(mayAct([role(1, { authority: 'either' }), role(2, { authority: 'either' })], 2, '2026-03-02')).toEqual({
      may: true,
      needsAlso: [],
    })
  })
  test('an attorney whose power has expired may not', () => {
    const roles = [role(1, {}), role(3, { role: 'attorney', toOn: '2026-01-31' })]
    expect(mayAct(roles, 3, '2026-02-01')).toEqual({ may: false, because: 'role_ended' })
  })
  test('a guarantor pays but does not act, and a stranger has no role', () => {
    expect(mayAct([role(4, { role: 'guarantor', authority: 'none' })], 4, '2026-03-02')).toEqual({
      may: false,
      because: 'no_authority',
    })
    expect(mayAct([role(1, {})], 9, '2026-03-02')).toEqual({ may: false, because: 'no_role' })
  })
})
