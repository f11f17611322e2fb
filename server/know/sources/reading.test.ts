import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { exponentOf, isCurrency, minorOf } from './currency.ts'
import { delimitedFields, readHeader, splitLine } from './reading.ts'

const format = { type: 'delimited', delimiter: ';' } as const

describe('the lines of a delimited file', () => {
  let bank: TestBank
  beforeAll(async () => {
    bank = await testBank()
  })
  afterAll(() => bank?.close())

  test('are parted alike by the query and by the plain definition, quotes of every kind included', async () => {
    const piece = fc.constantFrom('a', ';', '"', '""', '"x"', ';"', '";', '""""', '"""', 'b;c', '', '\u0001', 'é')
    const lines = new Set(
      fc
        .sample(fc.array(piece, { minLength: 1, maxLength: 7 }), { numRuns: 8000, seed: 7 })
        .map((parts) => parts.join('')),
    )
    lines.delete('')
    const { array, brokenQuotes } = delimitedFields(format)
    await bank.rt.lake.command('create table know.line_for_test (raw String) engine = Memory')
    await bank.rt.lake.insert(
      'know.line_for_test',
      [...lines].map((raw) => ({ raw })),
    )
    const rows = await bank.rt.lake.query<{ raw: string; fields: string[]; broken: number }>(
      `select raw, ${array} as fields, toUInt8(${brokenQuotes}) as broken from know.line_for_test`,
    )
    await bank.rt.lake.command('drop table know.line_for_test')
    expect(rows.length).toBeGreaterThan(2000)
    const broken = rows.filter((row) => row.broken === 1).length
    expect(broken).toBeGreaterThan(100)
    expect(broken).toBeLessThan(rows.length - 100)
    for (const { raw, fields, broken } of rows)
      expect({ raw, fields: broken ? undefined : fields }).toEqual({ raw, fields: splitLine(raw, format) })
  })
})

describe('a header', () => {
  test('may be in any order and begin with a byte order mark', () => {
    const found = readHeader('\uFEFF"b";a\r', ['a', 'b'], format, 'refuse')
    expect(found).toEqual({
      ok: true,
      positions: new Map([
        ['b', 1],
        ['a', 2],
      ]),
    })
  })
  test('with a column twice is another header', () => {
    expect(readHeader('a;a;b', ['a', 'b'], format, 'ignore')).toMatchObject({ ok: false, reason: 'wrong_header' })
  })
  test('with further columns is refused unless the mapping ignores them', () => {
    expect(readHeader('a;b;c', ['a', 'b'], format, 'refuse')).toMatchObject({ ok: false, extra: ['c'] })
    expect(readHeader('a;b;c', ['a', 'b'], format, 'ignore')).toMatchObject({ ok: true })
  })
})

describe('money', () => {
  test('has the decimals of its currency', () => {
    expect([exponentOf('EUR'), exponentOf('JPY'), exponentOf('KWD')]).toEqual([2, 0, 3])
    expect([isCurrency('CZK'), isCurrency('XYZ')]).toEqual([true, false])
  })
  test('is read without binary fractions', () => {
    expect(minorOf('0.29', 'EUR')).toBe(29)
    expect(minorOf('-90071992547409.91', 'EUR')).toBe(-9_007_199_254_740_991)
    expect(minorOf('12.5', 'JPY')).toBeUndefined()
    expect(minorOf('1e3', 'EUR')).toBeUndefined()
    expect(minorOf('90071992547409.93', 'EUR')).toBeUndefined()
  })
})
