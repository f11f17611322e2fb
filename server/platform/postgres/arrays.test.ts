import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { numbers, texts } from './arrays.ts'

let bank: TestBank
beforeAll(async () => {
  bank = await testBank()
})
afterAll(() => bank.close())

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000') && text.isWellFormed()),
  fc.stringMatching(/^[\\"{}, a-zA-Z]{0,12}$/),
  fc.constantFrom('', 'NULL', 'null', 'Null', '{}', '\\', '"', ' ', '\n', 'a,b', '0190-4f.x:y/z='),
)

describe('arrays as text', () => {
  test('of any texts arrive as they were, those that are absent too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(anyText)), async (values) => {
        const [row] = await bank.rt.db<{ values: unknown }[]>`select to_json(${texts(values)}::text[]) as values`
        expect(row!.values).toEqual(values)
      }),
      { numRuns: 300 },
    )
  })

  test('of numbers arrive as they were', async () => {
    const whole = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 1, -1, 2 ** 53 - 1))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(whole)), async (values) => {
        const [row] = await bank.rt.db<{ values: unknown }[]>`select to_json(${numbers(values)}::bigint[]) as values`
        expect(row!.values).toEqual(values.map((value) => (value === null ? null : value + 0)))
      }),
      { numRuns: 100 },
    )
  })
})
