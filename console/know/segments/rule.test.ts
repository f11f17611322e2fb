import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expressionOf, type Group, treeOf } from './rule.ts'

const TYPES: Record<string, string> = {
  age_years: 'int',
  score: 'double',
  city: 'string',
  products: 'list<string>',
  in_arrears: 'bool',
  moved_on: 'date',
}
const typeOf = (field: string) => TYPES[field]
const again = (text: string) => {
  const tree = treeOf(text, typeOf)
  return tree && expressionOf(tree, typeOf)
}

describe('a rule as conditions and as text', () => {
  test.each([
    'customer.age_years >= 18 && customer.age_years < 67',
    "customer.city in ['Riverside']",
    "customer.city in ['Riverside', 'Altmuehl']",
    "!(customer.city in ['Riverside'])",
    "'mortgage' in customer.products || !('plus' in customer.products)",
    '!customer.in_arrears && has(customer.moved_on)',
    '!has(customer.moved_on)',
    "customer.moved_on >= date('2026-01-31')",
    'days_between(customer.moved_on, context.today) <= 60',
    'customer.in_arrears && (customer.age_years < 30 || customer.score > 0.5)',
    '!(customer.age_years < 30 || customer.in_arrears)',
    'customer.score <= -1.0',
    "customer.city == 'O\\'Hara\\\\s'",
    "customer.city.startsWith('Al')",
    'true',
  ])('%s comes back letter for letter', (text) => {
    expect(again(text)).toBe(text)
  })

  test('a list of one item stays a list', () => {
    const tree = treeOf("customer.city in ['Riverside']", typeOf) as Group
    expect(tree.rules).toEqual([{ field: 'city', operator: 'in', value: ['Riverside'] }])
  })

  test.each([
    'customer.age_years * 2 > 10',
    'customer.age_years > customer.score',
    'customer.nobody_knows == 1',
    'customer.score > 1',
    'customer.age_years > 1.0',
    "customer.age_years > 18 ? true : 'x' in customer.products",
    'customer.products.exists(p, p == "mortgage")',
    'customer.age_years >=',
    'size(customer.products) > 1',
    '',
  ])('%s is more than the builder shows, and is left as text', (text) => {
    expect(treeOf(text, typeOf)).toBeUndefined()
  })

  test('every segment of the demo bank is either shown whole, or computes', () => {
    const folder = join(import.meta.dirname, '../../../playbooks/riverside')
    const types = new Map(
      readdirSync(join(folder, 'attributes')).map((file) => {
        const text = readFileSync(join(folder, 'attributes', file), 'utf8')
        const of = (key: string) => new RegExp(`^${key}: *['"]?([^'"\\n]+)`, 'm').exec(text)?.[1]?.trim()
        return [of('id')!, of('type')]
      }),
    )
    const left = readdirSync(join(folder, 'segments')).filter((file) => {
      const rule = /^rule: *(['"])(.*)\1$/m.exec(readFileSync(join(folder, 'segments', file), 'utf8'))![2]!
      const tree = treeOf(rule, (field) => types.get(field))
      return tree === undefined
    })
    expect(left).toEqual(['leaving.yaml'])
  })
})
