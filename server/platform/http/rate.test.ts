import { describe, expect, test } from 'vitest'
import { allowance, CALLERS_MAX } from './rate.ts'

describe('a rate of 60 calls a minute', () => {
  test('lets a minute\u2019s worth through at once, then one a second', () => {
    const rate = allowance(60)
    for (let call = 0; call < 60; call++) expect(rate.take('riya', 0)).toBe(0)
    expect(rate.take('riya', 0)).toBe(1000)
    expect(rate.take('riya', 400)).toBe(600)
    expect(rate.take('riya', 1000)).toBe(0)
    expect(rate.take('riya', 1000)).toBe(1000)
  })

  test('is counted for each caller by itself', () => {
    const rate = allowance(1)
    expect([rate.take('riya', 0), rate.take('arthur', 0), rate.take('riya', 0)]).toEqual([0, 0, 60_000])
  })

  test('never saves up more than a minute', () => {
    const rate = allowance(2)
    expect([
      rate.take('riya', 0),
      rate.take('riya', 3_600_000),
      rate.take('riya', 3_600_000),
      rate.take('riya', 3_600_000),
    ]).toEqual([0, 0, 0, 30_000])
  })

  test('remembers so many callers and no more', () => {
    const rate = allowance(1)
    rate.take('first', 0)
    for (let caller = 0; caller < CALLERS_MAX; caller++) rate.take(`caller ${caller}`, 0)
    expect(rate.take('first', 0)).toBe(0)
    expect(rate.take(`caller ${CALLERS_MAX - 1}`, 0)).toBe(60_000)
  })
})
