import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Catalogue } from '#decide/propositions'
import { environment } from '#platform/expressions'
import { type Document, setOf } from '#trust/playbook'
import { clausesVerdict, type Policies, policiesOf, type RuleFacts } from './clauses.ts'
import { lookUp, type Qualification, qualificationOf, qualifiedVerdict } from './qualification.ts'

const ENV = environment({
  customer: {
    fields: {
      age: { type: 'int', default: 18 },
      share: { type: 'double', default: 0.5 },
      stage: { type: 'string', default: 'new' },
      told: { type: 'bool', default: true },
      since: { type: 'date', default: '2020-02-29' },
      products: { type: 'list<string>', default: ['none'], itemsMax: 4 },
    },
  },
  context: { fields: { reason: { type: 'string', default: '' }, now: { type: 'timestamp' } } },
})

const int = fc.constantFrom(-1, 0, 17, 18, 19, 20, 65)
const double = fc.constantFrom('0.0', '0.25', '0.5', '0.75', '-1.5')
const word = fc.constantFrom("'new'", "'core'", "'quiet'", "''")
const day = fc.constantFrom("date('2020-02-28')", "date('2020-02-29')", "date('2024-01-01')")
const compare = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')

/** One condition: over one attribute in a form the index knows, or in one it must leave to the closures. */
const condition: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(compare, int).map(([op, n]) => `customer.age ${op} ${n}`),
  fc.tuple(compare, int).map(([op, n]) => `${n} ${op} customer.age`),
  fc.tuple(compare, double).map(([op, x]) => `customer.share ${op} ${x}`),
  fc.tuple(fc.constantFrom('==', '!='), word).map(([op, text]) => `customer.stage ${op} ${text}`),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `customer.stage in [${words.join(', ')}]`),
  fc.array(int, { minLength: 1, maxLength: 3 }).map((numbers) => `!(customer.age in [${numbers.join(', ')}])`),
  fc.tuple(compare, day).map(([op, date]) => `customer.since ${op} ${date}`),
  fc.constantFrom(
    'customer.told',
    '!customer.told',
    'has(customer.age)',
    '!has(customer.since)',
    'has(customer.products)',
  ),
  fc.tuple(fc.constantFrom('', '!'), word).map(([not, text]) => `${not}(${text} in customer.products)`),
  fc.constantFrom("context.reason == 'complaint'", "context.reason != ''"),
  fc.tuple(int, int).map(([a, b]) => `(customer.age > ${a} || customer.share > 0.5 * ${b}.0)`),
  int.map((n) => `100 / customer.age > ${n}`),
  fc.constantFrom('size(customer.products) > 1', "customer.stage < 'core'", 'customer.age * 2 > 36'),
)
const source = fc.array(condition, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' && '))
const clause = fc.tuple(source, fc.boolean())
const ACTIONS = 37

const policies: fc.Arbitrary<Document[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('eligibility', 'applicability', 'suitability'),
      fc.array(clause, { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(fc.integer({ min: 0, max: ACTIONS - 1 }), { minLength: 1, maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((all) =>
    all.map(([stage, clauses, actions], n) => ({
      kind: 'policy',
      id: `p${n}`,
      title: 'P',
      appliesTo: { actions: actions.map((action) => `a${action}`) },
      [stage]: clauses.map(([text, admits], m) => ({
        id: `c${m}`,
        title: 'C',
        [admits ? 'admits' : 'excludes']: text,
      })),
    })),
  )

const facts: fc.Arbitrary<RuleFacts> = fc.record({
  customer: fc.record({
    age: fc.constantFrom(null, undefined, -1, 0, 16, 17, 18, 19, 20, 65, 66, 1.5, 'eighteen', 2 ** 53),
    share: fc.constantFrom(null, 0, -0, 0.25, 0.3, 0.5, 0.75, 1, Number.NaN, Number.POSITIVE_INFINITY, 'half'),
    stage: fc.constantFrom(null, 'new', 'core', 'quiet', '', 'elsewhere', 7),
    told: fc.constantFrom(null, true, false, 'yes'),
    since: fc.constantFrom(
      null,
      '2020-02-27',
      '2020-02-28',
      '2020-02-29',
      '2020-03-01',
      '2024-01-01',
      '2023-02-30',
      'soon',
    ),
    products: fc.constantFrom(null, [], ['new'], ['core', 'quiet'], ['', 'new'], ['a', 'b', 'c', 'd', 'e'], [3], 'new'),
  }),
  context: fc.record({ reason: fc.constantFrom('', 'complaint', 'browse'), now: fc.constant(new Date(0)) }),
})

const CATALOGUE = {
  actions: Array.from({ length: ACTIONS }, (_, index) => ({ index, id: `a${index}`, group: 'g', issue: 'i' })),
  treatments: [],
} as unknown as Catalogue

const NONE: ReadonlySet<string> = new Set()
const plain = (all: Policies, at: RuleFacts): number[] =>
  all.ofAction.map((clauses) => clausesVerdict(clauses, at, NONE))
const indexed = (all: Policies, index: Qualification, at: RuleFacts): number[] => {
  const left = lookUp(index, at)
  return left ? all.ofAction.map((_, action) => qualifiedVerdict(index, left, action, at)) : plain(all, at)
}

describe('the index of policies', () => {
  test('agrees with every clause tried by itself, on thousands of policies and customers, edges and nonsense included', () => {
    let lookedUp = 0
    const verdicts = new Set<number>()
    fc.assert(
      fc.property(policies, fc.array(facts, { minLength: 12, maxLength: 12 }), (documents, customers) => {
        const all = policiesOf(setOf(documents), CATALOGUE, ENV)
        const index = qualificationOf(all, ENV)
        for (const customer of customers) {
          const expected = plain(all, customer)
          expect(indexed(all, index, customer)).toEqual(expected)
          if (lookUp(index, customer)) lookedUp++
          for (const verdict of expected) verdicts.add(verdict)
        }
      }),
      { numRuns: 1200, seed: 7 },
    )
    // A test in which everything is left to the closures, or all verdicts are alike, would show nothing.
    expect(lookedUp).toBeGreaterThan(1200)
    expect(verdicts.size).toBe(4)
  })
  test('a wrong row in any table is found', () => {
    const customers = fc.sample(facts, { numRuns: 1500, seed: 12 })
    let planted = 0
    let found = 0
    // One condition at a time: beside others a fault could hide behind the one that decides anyway.
    for (const [n, text] of fc.sample(condition, { numRuns: 250, seed: 11 }).entries()) {
      const rule = { id: 'c', title: 'C', [n % 2 ? 'admits' : 'excludes']: text }
      const policy = { kind: 'policy', id: 'p', title: 'P', appliesTo: { actions: ['a36'] }, suitability: [rule] }
      const all = policiesOf(setOf([policy]), CATALOGUE, ENV)
      const index = qualificationOf(all, ENV)
      const width = 3 * index.words
      for (const [place, table] of index.tables.entries()) {
        for (let from = 0; from < table.bits.length; from += width) {
          const row = table.bits.subarray(from, from + width)
          if (row.every((bits) => bits === 0xffffffff)) continue
          const there = customers.filter((at) => {
            const rows = table.rowsOf(at[table.namespace as keyof RuleFacts]?.[table.name])
            return Array.isArray(rows) ? rows.includes(from / width) : rows === from / width
          })
          if (there.length === 0) continue
          planted++
          const bits = Uint32Array.from(table.bits).fill(0xffffffff, from, from + width)
          const faulty = { ...index, tables: index.tables.map((one, k) => (k === place ? { ...one, bits } : one)) }
          if (there.some((at) => lookUp(index, at) && String(indexed(all, faulty, at)) !== String(plain(all, at))))
            found++
        }
      }
    }
    expect(planted).toBeGreaterThan(150)
    expect(found).toBe(planted)
  })
})
