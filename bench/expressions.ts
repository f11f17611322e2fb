import { Environment } from '@marcbachmann/cel-js'
import { compile, environment, type FieldSpec, type Program } from '#platform/expressions'
import { seededRandom } from '#platform/runtime'
import { atLeast, type BenchRun, printed } from './figure.ts'

/**
 * Rules of 20 clauses on customers with the attributes they read: our closure, which carries every error and default,
 * against the library's interpreter with the same variables declared. Both decide the same customers; each is asked in
 * turn, in rounds, so that neither has the warmer machine.
 */
const INTS = [
  'age_years',
  'tenure_days',
  'products_held',
  'salary_minor',
  'balance_minor',
  'card_spend_minor',
  'logins_30d',
  'contacts_7d',
  'arrears_days',
  'children',
]
const DOUBLES = ['savings_rate', 'utilisation', 'propensity', 'stress']
const BOOLS = ['has_mortgage', 'is_staff', 'uses_app']
const TEXTS = ['segment', 'branch', 'language']
const LISTS = ['products', 'standings']
const PRODUCTS = ['current', 'saver', 'card', 'loan', 'mortgage', 'insurance']

const fields: Record<string, FieldSpec> = Object.fromEntries([
  ...INTS.map((name) => [name, { type: 'int' }]),
  ...DOUBLES.map((name) => [name, { type: 'double' }]),
  ...BOOLS.map((name) => [name, { type: 'bool' }]),
  ...TEXTS.map((name) => [name, { type: 'string' }]),
  ...LISTS.map((name) => [name, { type: 'list<string>' }]),
])

/** The clauses that rules are drawn from. Each holds for nearly every customer, so that a rule is read to its end. */
const CLAUSES = [
  'customer.age_years >= 18',
  'customer.age_years < 95',
  'customer.tenure_days > 2',
  'customer.products_held >= 1 && customer.products_held <= 30',
  'customer.salary_minor > 100',
  'customer.balance_minor > -900000000',
  'customer.card_spend_minor * 100 <= customer.salary_minor * 100000',
  'customer.logins_30d != 999',
  'customer.contacts_7d < 50',
  'customer.arrears_days == 0 || customer.arrears_days < 400',
  'customer.children >= 0',
  'customer.savings_rate < 0.9',
  'customer.utilisation <= 1.0',
  'customer.propensity + customer.stress < 3.0',
  '!customer.is_staff || customer.uses_app || true',
  'customer.has_mortgage == customer.has_mortgage',
  "customer.segment != 'closed'",
  "customer.branch in ['B001', 'B002', 'B003', 'B004']",
  "customer.language == 'en' || customer.language == 'cs'",
  "!('insolvent' in customer.standings)",
  'size(customer.products) < 20',
  "!customer.products.exists(p, p.startsWith('closed'))",
  'customer.balance_minor / 100 + customer.salary_minor / 12 > -90000000',
  '(customer.uses_app ? customer.logins_30d : 1) >= 0',
]

const RULES = 20
const CLAUSES_PER_RULE = 20
const CUSTOMERS = 1_000
const ROUNDS = 6

export const run: BenchRun = async ({ size, progress }) => {
  const random = seededRandom(1)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)]!
  const rules = Array.from({ length: RULES }, () => {
    const pool = [...CLAUSES]
    return Array.from(
      { length: CLAUSES_PER_RULE },
      () => `(${pool.splice(Math.floor(random.next() * pool.length), 1)[0]})`,
    ).join(' && ')
  })
  const customers = Array.from({ length: CUSTOMERS }, () => customer(random.next, pick))
  // The library's integers are bigint; it is given them as such, once, outside the measured time.
  const asBigints = customers.map(({ customer }) => ({
    customer: Object.fromEntries(
      Object.entries(customer).map(([name, value]) => [name, INTS.includes(name) ? BigInt(value as number) : value]),
    ),
  }))

  const env = environment({ customer: { fields } })
  const programs = rules.map((rule): Program => {
    const compiled = compile(env, rule, 'bool')
    if (!compiled.ok) throw new Error(`${rule}: ${compiled.errors[0]!.message}`)
    return compiled.program
  })
  const schema = Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]))
  const library = new Environment().registerVariable({ name: 'customer', schema })
  const interpreted = rules.map((rule) => {
    const parsed = library.parse(rule)
    const checked = parsed.check()
    if (!checked.valid) throw checked.error
    return parsed
  })

  const ours = (): number => {
    let admitted = 0
    for (const facts of customers) for (const program of programs) if (program.admits(facts)) admitted++
    return admitted
  }
  const theirs = (): number => {
    let admitted = 0
    for (const facts of asBigints) for (const rule of interpreted) if (rule(facts) === true) admitted++
    return admitted
  }
  if (ours() !== theirs()) throw new Error('the two do not admit the same customers')

  const passes = Math.max(1, Math.round(5 * size))
  let [oursMs, theirsMs] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (let pass = 0; pass < passes * 3; pass++) ours()
    const middle = performance.now()
    for (let pass = 0; pass < passes; pass++) theirs()
    const end = performance.now()
    if (round > 0) {
      oursMs += (middle - start) / 3
      theirsMs += end - middle
    }
    progress(`round ${round + 1} of ${ROUNDS}`)
  }
  const evaluations = CUSTOMERS * RULES * passes * (ROUNDS - 1)
  const perSecond = (ms: number): number => evaluations / (ms / 1000)
  const admitted = ours() / (CUSTOMERS * RULES)
  return {
    figures: [
      atLeast(
        'rules of 20 clauses decided by the closure',
        'rules/s',
        perSecond(oursMs),
        "the library's interpreter with declared variables",
        perSecond(theirsMs),
        3,
      ),
      printed('share of customers whom a rule admits, and so reads to its end', 'share', admitted),
    ],
  }
}

function customer(next: () => number, pick: <T>(from: readonly T[]) => T): { customer: Record<string, unknown> } {
  const some = (most: number): number => Math.floor(next() * most)
  return {
    customer: {
      age_years: 18 + some(70),
      tenure_days: 3 + some(9_000),
      products_held: 1 + some(6),
      salary_minor: 100_000 + some(900_000),
      balance_minor: some(5_000_000) - 200_000,
      card_spend_minor: some(200_000),
      logins_30d: some(60),
      contacts_7d: some(4),
      arrears_days: next() < 0.95 ? 0 : some(90),
      children: some(4),
      savings_rate: next() * 0.4,
      utilisation: next(),
      propensity: next(),
      stress: next(),
      has_mortgage: next() < 0.3,
      is_staff: next() < 0.02,
      uses_app: next() < 0.7,
      segment: pick(['mass', 'affluent', 'young', 'senior']),
      branch: pick(['B001', 'B002', 'B003', 'B004']),
      language: pick(['en', 'cs']),
      products: PRODUCTS.filter(() => next() < 0.4),
      standings: next() < 0.1 ? ['in_collections'] : [],
    },
  }
}
