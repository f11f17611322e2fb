import { describe, expect, test } from 'vitest'
import { catalogueOf } from './catalogue.ts'
import type { AttributeDocument } from './contract.ts'

const attribute = (id: string, type: string, source: object, more: object = {}): AttributeDocument =>
  ({ kind: 'attribute', id, title: id, meaning: id, type, source, ...more }) as unknown as AttributeDocument
const flawsOf = (...documents: AttributeDocument[]) =>
  catalogueOf(documents, 'Europe/Berlin').flaws.map(({ id, path, found, expected }) => ({
    id,
    path: path.join('.'),
    found,
    expected,
  }))
const salary = attribute('salary', 'int', { transactions: { aggregate: 'sum', of: 'amount_minor' } })

describe('a catalogue of attributes', () => {
  test('computes those first that others are computed from', () => {
    const { catalogue, flaws } = catalogueOf(
      [
        attribute('a_last', 'int', { formula: 'customer.b_middle * 2' }),
        attribute('b_middle', 'int', { formula: 'customer.salary / 3' }),
        salary,
      ],
      'UTC',
    )
    expect(flaws).toEqual([])
    expect(catalogue.attributes.map(({ id }) => id)).toEqual(['salary', 'b_middle', 'a_last'])
    expect(catalogue.byId.get('a_last')!.reads).toEqual(['b_middle'])
  })

  test('refuses attributes that are computed from each other, and names them', () => {
    const flaws = flawsOf(
      attribute('a', 'int', { formula: 'customer.b + 1' }),
      attribute('b', 'int', { formula: 'customer.a + 1' }),
      attribute('c', 'int', { formula: 'customer.c' }),
    )
    expect(flaws.map(({ id, found }) => [id, found])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'c'],
    ])
  })

  test('names the place of a mistake in a condition, and what was expected', () => {
    const [flaw] = catalogueOf(
      [attribute('x', 'int', { transactions: { aggregate: 'count', where: 'transaction.kind == 3' } })],
      'UTC',
    ).flaws
    expect(flaw).toMatchObject({ id: 'x', path: ['source', 'transactions', 'where'], at: expect.any(Number) })
  })

  test('says which field there is none of, and what fields there are', () => {
    const [flaw] = flawsOf(attribute('x', 'int', { holding: { aggregate: 'sum', of: 'balance' } }))
    expect(flaw).toMatchObject({ path: 'source.holding.of', found: 'balance' })
    expect(flaw!.expected).toContain('balance_minor')
  })

  test('refuses a type that the source does not give', () => {
    expect(flawsOf(attribute('x', 'string', { person: 'age_years' }))).toEqual([
      { id: 'x', path: 'type', found: 'string', expected: 'int' },
    ])
  })

  test('refuses sums of doubles, whose value depends on their order', () => {
    const [flaw] = flawsOf(
      attribute('x', 'double', {
        events: { types: ['score'], aggregate: 'sum', of: 'score', fields: { score: 'double' } },
      }),
    )
    expect(flaw).toMatchObject({ path: 'source.events.of', expected: 'an int' })
  })

  test('has another hash when a definition changes, and the same when only its words do', () => {
    const hash = (...documents: AttributeDocument[]) => catalogueOf(documents, 'UTC').catalogue.hash
    expect(hash({ ...salary, meaning: 'said better' })).toBe(hash(salary))
    expect(hash({ ...salary, default: 5 })).not.toBe(hash(salary))
  })
})
