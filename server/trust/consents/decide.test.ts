import { describe, expect, test } from 'vitest'
import { normalAddress } from './address.ts'
import { type Current, consentsOf, NEVER_SAID } from './decide.ts'

const said = (what: Partial<Current>): Current => ({ ...NEVER_SAID, version: 1, ...what })

describe('what a customer agrees to', () => {
  test('of whom nothing is known: no channel that needs consent, and no use of payment data', () => {
    expect(consentsOf(NEVER_SAID)).toEqual({
      version: 0,
      marketing: { email: false, sms: false, push: false, call: false, post: true, app: true, web: true, branch: true },
      profilingObjected: false,
      paymentData: false,
    })
  })

  test('a channel opens when it is agreed to, and closes when that is taken back', () => {
    expect(consentsOf(said({ email: 'given' })).marketing.email).toBe(true)
    expect(consentsOf(said({ email: 'withdrawn' })).marketing.email).toBe(false)
  })

  test('post needs no consent and ends with an objection to it', () => {
    expect(consentsOf(said({ post: 'objected' })).marketing.post).toBe(false)
    expect(consentsOf(said({ post: 'withdrawn' })).marketing.post).toBe(false)
  })

  test('an objection to marketing ends it on every channel, whatever was agreed to, and profiling with it', () => {
    const consents = consentsOf(said({ email: 'given', paymentData: 'given', marketing: 'objected' }))
    expect(Object.values(consents.marketing).some((open) => open)).toBe(false)
    expect(consents).toMatchObject({ version: 1, profilingObjected: true, paymentData: false })
  })

  test('an objection that is taken back leaves what was agreed to', () => {
    const consents = consentsOf(said({ email: 'given', marketing: 'given' }))
    expect(consents).toMatchObject({ profilingObjected: false })
    expect(consents.marketing).toMatchObject({ email: true, sms: false, app: true })
  })

  test('an objection to profiling leaves marketing that rests on no profile', () => {
    const consents = consentsOf(said({ profiling: 'objected', email: 'given' }))
    expect(consents.profilingObjected).toBe(true)
    expect(consents.marketing.email).toBe(true)
  })
})

describe('a minor comes of age, and consent starts afresh', () => {
  const child = said({ email: 'given', paymentData: 'given', endsOn: '2026-04-01' })

  test('until the eighteenth birthday what was given counts', () => {
    expect(consentsOf(child, '2026-03-31').marketing.email).toBe(true)
  })

  test('from the birthday on it is over', () => {
    expect(consentsOf(child, '2026-04-01')).toMatchObject({
      paymentData: false,
      marketing: { email: false, app: true },
    })
  })

  test('what was objected to in childhood still counts', () => {
    const objected = consentsOf(said({ marketing: 'objected', endsOn: '2026-04-01' }), '2026-05-01')
    expect(objected.marketing.app).toBe(false)
  })

  test('when nobody says which day it is, it is over', () => {
    expect(consentsOf(child).marketing.email).toBe(false)
  })
})

describe('an opt-out finds its address however it was typed', () => {
  test.each([
    ['email', ' Ana.Silva@Example.PT ', 'ana.silva@example.pt'],
    ['phone', '+49 (30) 1234-567', '49301234567'],
    ['phone', '0049 30 1234567', '49301234567'],
    ['email', 'nobody', undefined],
    ['phone', '12', undefined],
  ] as const)('%s %s', (medium, address, normal) => {
    expect(normalAddress(medium, address)).toBe(normal)
  })
})
