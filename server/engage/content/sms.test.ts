import { describe, expect, test } from 'vitest'
import { smsOf } from './sms.ts'

describe('a text as SMS', () => {
  test('of the alphabet fits 160 signs in one, and 153 in each of several', () => {
    expect(smsOf('a'.repeat(160))).toEqual({ parts: 1, units: 160, unicode: [] })
    expect(smsOf('a'.repeat(161))).toMatchObject({ parts: 2 })
    expect(smsOf('a'.repeat(306))).toMatchObject({ parts: 2 })
    expect(smsOf('a'.repeat(307))).toMatchObject({ parts: 3 })
    expect(smsOf('Schöne Grüße, ñandú à Ångström: 5 % = 5 £').unicode).toEqual(['ú'])
  })
  test('a euro or a bracket takes the room of two, and is not cut in two', () => {
    expect(smsOf(`${'a'.repeat(158)}€`)).toMatchObject({ parts: 1, units: 160 })
    expect(smsOf(`${'a'.repeat(159)}€`)).toMatchObject({ parts: 2, units: 161 })
    expect(smsOf(`${'a'.repeat(152)}€${'a'.repeat(152)}`)).toMatchObject({ parts: 3, units: 306 })
  })
  test('one sign beyond it makes every part hold 70, 67 in several', () => {
    expect(smsOf(`${'a'.repeat(69)}’`)).toEqual({ parts: 1, units: 70, unicode: ['’'] })
    expect(smsOf(`${'a'.repeat(70)}’`)).toMatchObject({ parts: 2 })
    expect(smsOf(`שלום ${'a'.repeat(130)}`)).toMatchObject({ parts: 3, unicode: ['ש', 'ל', 'ו', 'ם'] })
    expect(smsOf('👩‍👧')).toMatchObject({ parts: 1, units: 5 })
  })
  test('nothing is one empty message', () => {
    expect(smsOf('')).toEqual({ parts: 1, units: 0, unicode: [] })
  })
})
