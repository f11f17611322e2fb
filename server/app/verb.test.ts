import { describe, expect, test } from 'vitest'
import { type Call, dayOf, idOf } from './verb.ts'

const call = (options: Call['options']): Call => ({
  dataDir: '',
  json: false,
  positionals: [],
  options,
  say: () => {},
  answer: () => {},
})

describe('what somebody types at the command line is refused before anything happens', () => {
  test('a business date is one day of the calendar, as YYYY-MM-DD', () => {
    expect(dayOf(call({ 'as-of': '2026-03-02' }), 'as-of')).toBe('2026-03-02')
    expect(dayOf(call({}), 'as-of')).toBeUndefined()
    for (const found of ['2.3.2026', '2026-02-30', '2026-3-2', '20260302', 'yesterday', ''])
      expect(() => dayOf(call({ 'as-of': found }), 'as-of')).toThrow('--as-of takes a day of the calendar')
  })

  test('an id is a whole id', () => {
    const id = '01a200c0-c408-8003-9d2e-d3c30ecca4ea'
    expect(idOf(id, 'a contact')).toBe(id)
    for (const found of ['abc', '7', id.slice(1), `${id} `])
      expect(() => idOf(found, 'a contact')).toThrow('is not the id of a contact')
  })
})
