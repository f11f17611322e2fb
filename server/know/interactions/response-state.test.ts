import { describe, expect, test } from 'vitest'
import { stateAfter } from './response-state.ts'

describe('what a customer does with a contact moves it forward only', () => {
  test('seen, then clicked, then accepted', () => {
    expect(stateAfter('offered', 'impression')).toBe('shown')
    expect(stateAfter('shown', 'click')).toBe('clicked')
    expect(stateAfter('clicked', 'accept')).toBe('accepted')
  })
  test('an impression that arrives after the refusal leaves the refusal standing', () => {
    expect(stateAfter('refused', 'impression')).toBe('refused')
  })
  test('a click after the acceptance changes nothing', () => {
    expect(stateAfter('accepted', 'click')).toBe('accepted')
  })
  test('a person who refused and then accepts has accepted', () => {
    expect(stateAfter('refused', 'accept')).toBe('accepted')
  })
  test('an answer to an expired offer still counts, for it proves that the offer arrived', () => {
    expect(stateAfter('expired', 'refuse')).toBe('refused')
  })
})
