import { describe, expect, test } from 'vitest'
import { seededRandom } from '#platform/runtime'
import { type CompileError, compile, ExpressionError, environment, type FieldSpec, type Program } from './index.ts'
import { differentialTrials } from './trial-generate.ts'
import { trialEnvironment, trialRows } from './trial-rows.ts'

const env = environment(
  {
    customer: {
      fields: {
        age_years: { type: 'int', default: 0 },
        balance_minor: { type: 'int', default: 0 },
        savings_rate: { type: 'double', default: 0.01 },
        vip: { type: 'bool' },
        segment: { type: 'string', default: 'mass' },
        since_on: { type: 'date' },
        products: { type: 'list<string>' },
        scores: { type: 'list<int>' },
      },
    },
    context: {
      fields: {
        today: { type: 'date', required: true },
        now: { type: 'timestamp', required: true },
        channel: { type: 'string', required: true },
      },
    },
  },
  { zone: 'Europe/Prague' },
)

function program(source: string): Program {
  const compiled = compile(env, source)
  if (!compiled.ok) throw new Error(compiled.errors[0]!.message)
  return compiled.program
}

function mistake(source: string, expected?: 'bool' | 'int' | 'double'): CompileError {
  const compiled = compile(env, source, expected)
  if (compiled.ok) throw new Error(`accepted: ${source}`)
  return compiled.errors[0]!
}

describe('a condition on a customer whose facts fail', () => {
  const facts = { customer: { age_years: 40, balance_minor: 0 } }
  test('admits nobody when it admits', () =>
    expect(program('100 / customer.balance_minor > 1').admits(facts)).toBe(false))
  test('excludes when it excludes', () =>
    expect(program('100 / customer.balance_minor > 1').excludes(facts)).toBe(true))
  test('says what failed and where', () => {
    const error = program('customer.age_years > 1 && 100 / customer.balance_minor > 1').evaluate(facts)
    expect(error).toBeInstanceOf(ExpressionError)
    expect(error).toMatchObject({ code: 'division_by_zero', at: 26, end: 54 })
  })
  test('is decided all the same when another part decides it', () => {
    expect(program('customer.age_years < 18 && 100 / customer.balance_minor > 1').excludes(facts)).toBe(false)
    expect(program('customer.age_years > 18 || 100 / customer.balance_minor > 1').admits(facts)).toBe(true)
  })
})

describe('what a rule reads', () => {
  test('is listed, and apart what it reads without asking whether it is there', () => {
    const { reads, readsWithoutHas } = program(
      'has(customer.savings_rate) && customer.savings_rate > 0.02 && customer.age_years > 18 && context.channel == "app"',
    )
    expect(reads).toEqual(['context.channel', 'customer.age_years', 'customer.savings_rate'])
    expect(readsWithoutHas).toEqual(['customer.age_years'])
  })
  test('an absent value reads as its default', () =>
    expect(program('customer.segment').evaluate({ customer: { segment: null } })).toBe('mass'))
  test('what is never absent is there', () => expect(program('has(context.channel)').evaluate({})).toBe(true))
  test('without any facts everything is absent', () =>
    expect(program('has(customer.vip) || customer.age_years > 0').evaluate({})).toBe(false))
  test('values leave as the bank writes them', () => {
    expect(program('add_days(context.today, 1)').evaluate({ context: { today: '2026-02-28' } })).toBe('2026-03-01')
    expect(program("context.now + duration('1h')").evaluate({ context: { now: '2026-03-02T08:00:00Z' } })).toEqual(
      new Date('2026-03-02T09:00:00Z'),
    )
    expect(program('[context.today]').evaluate({ context: { today: '2026-02-28' } })).toEqual(['2026-02-28'])
  })
})

describe('the clauses of a rule', () => {
  test('are its top-level conditions as written', () => {
    expect(
      program('customer.age_years >= 18 && (customer.vip || customer.balance_minor > 0) && !(customer.vip && true)')
        .clauses()
        .map(({ source }) => source),
    ).toEqual(['customer.age_years >= 18', 'customer.vip || customer.balance_minor > 0', '!(customer.vip && true)'])
  })
  test('keep the brackets that belong to them', () => {
    expect(
      program('((customer.vip) || (customer.age_years > 60)) && (customer.balance_minor > 0)')
        .clauses()
        .map(({ source }) => compile(env, source).ok),
    ).toEqual([true, true])
  })
  test.each([
    [
      'customer.age_years >= 18',
      { kind: 'interval', path: 'customer.age_years', type: 'int', low: { value: 18, inclusive: true } },
    ],
    [
      '100 > customer.balance_minor',
      { kind: 'interval', path: 'customer.balance_minor', type: 'int', high: { value: 100, inclusive: false } },
    ],
    [
      "customer.since_on < date('2026-01-01')",
      { kind: 'interval', path: 'customer.since_on', type: 'date', high: { value: 20_454, inclusive: false } },
    ],
    [
      "customer.segment != 'mass'",
      { kind: 'one_of', path: 'customer.segment', type: 'string', values: ['mass'], negated: true },
    ],
    [
      "!(customer.segment in ['a', 'b'])",
      { kind: 'one_of', path: 'customer.segment', type: 'string', values: ['a', 'b'], negated: true },
    ],
    ['customer.vip', { kind: 'truth', path: 'customer.vip', is: true }],
    ['customer.vip == false', { kind: 'truth', path: 'customer.vip', is: false }],
    ['!has(customer.vip)', { kind: 'presence', path: 'customer.vip', is: false }],
    ["'saver' in customer.products", { kind: 'member', path: 'customer.products', value: 'saver', negated: false }],
    ['customer.age_years > customer.balance_minor', undefined],
    ['!(customer.savings_rate < 0.5)', undefined],
  ])('%s', (source, simple) => expect(program(source).clauses()[0]!.simple).toEqual(simple))
})

describe('a mistake is shown at its place, with what was expected and what to write', () => {
  test.each([
    ['customer.age_yaers > 18', 10, "the unknown attribute 'customer.age_yaers'", 'Did you mean customer.age_years?'],
    ['age_years > 18', 1, "the unknown name 'age_years'", 'Did you mean customer.age_years?'],
    ['custmer.age_years > 18', 1, "the unknown name 'custmer'", 'Did you mean customer?'],
    ['customer.age_years = 18', 20, "'='", 'Write == to compare.'],
    ['customer.vip and customer.vip', 14, "'and'", 'Write && for "and".'],
    ["customer.since_on > '2026-01-01'", 19, 'date > string', "Write date('2026-01-01')."],
    ['customer.savings_rate * 2', 23, 'double * int', 'Write 2.0.'],
    ['customer.savings_rate + customer.age_years', 23, 'double + int', 'Write double(customer.age_years).'],
    ['context.today - customer.since_on', 15, 'date - date', 'Write days_between(from, to).'],
    ['customer.products && customer.vip', 1, 'a list<string>', 'Write size(…) > 0 to ask whether it has anything.'],
    ["customer.segment.match('m')", 18, 'the unknown method match()', 'Did you mean matches()?'],
    ["contains(customer.segment, 'm')", 1, 'the unknown function contains()', "Write customer.segment.contains('m')."],
    ['customer', 1, "'customer' alone", undefined],
    ["date('2026-02-30') == context.today", 6, "'2026-02-30'", undefined],
    ["customer.segment.matches('(m')", 26, 'error parsing regexp: missing closing ): `(m`', undefined],
    ["context.now.getHours('Europe/Prag')", 22, "the zone 'Europe/Prag'", undefined],
    ['customer.segment.matches(customer.segment)', 26, "'customer.segment'", undefined],
    ['size(customer.products', 23, 'the end of the expression', undefined],
    ['', 1, 'nothing', undefined],
    ['customer.vip == null', 17, 'null', undefined],
  ])('%s', (source, column, found, suggestion) => {
    expect(mistake(source)).toMatchObject({ line: 1, column, found, ...(suggestion ? { suggestion } : {}) })
  })
  test('on its own line, under its own characters', () => {
    const { line, column, excerpt, message } = mistake("customer.segment == '🐱' &&\n  customer.age_years > '18'")
    expect({ line, column }).toEqual({ line: 2, column: 22 })
    expect(excerpt).toBe("  customer.age_years > '18'\n                     ^")
    expect(message).toBe(
      'Line 2, column 22: found int > string, expected two values of one type. Write the number without quotes.',
    )
  })
  test('a formula where a condition is needed', () =>
    expect(mistake('customer.age_years + 1', 'bool')).toMatchObject({
      code: 'wrong_type',
      found: 'an int',
      expected: 'a bool',
    }))
  test('an int is not taken for a double', () =>
    expect(mistake('customer.age_years', 'double')).toMatchObject({ found: 'an int', expected: 'a double' }))
  test('no text at all makes the compiler throw', () => {
    for (const source of [
      '\u0000',
      "'",
      '"""',
      '1e',
      '0x',
      '\\',
      '🐱',
      'a.b.c.d',
      '[[[',
      '}{',
      "'\\ud800'",
      'has()',
      'has(1)',
      'customer.vip.exists(x, x)',
      '[1].all(1, true)',
      'x -> y',
      '1 ? 2',
      '$',
      'true'.repeat(99),
    ]) {
      expect(compile(env, source).ok).toBe(false)
    }
  })
})

describe('texts that nobody would write', () => {
  test('are refused or compiled, and never make the compiler throw', () => {
    const random = seededRandom(5)
    const pieces = [
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      "'",
      '"',
      '\\',
      '.',
      ',',
      '?',
      ':',
      '&&',
      '||',
      '!',
      '-',
      '=',
      '==',
      '🐱',
      '\n',
      '0x',
      '1e9',
      'u',
      'has(',
      'in',
      'null',
      'customer.',
      'b"',
      "r'",
      '//',
      '\u0000',
    ]
    for (const { source } of differentialTrials().slice(0, 3_000)) {
      const at = Math.floor(random.next() * source.length)
      const piece = pieces[Math.floor(random.next() * pieces.length)]!
      const broken =
        source.slice(0, at) + (random.next() < 0.3 ? '' : piece) + source.slice(at + Math.floor(random.next() * 4))
      const compiled = compile(trialEnvironment, broken)
      if (!compiled.ok) expect(compiled.errors[0]!.at).toBeLessThanOrEqual(broken.length)
      else expect(() => compiled.program.evaluate(trialRows[at % trialRows.length]!)).not.toThrow()
    }
  })
})

describe('an expression made to exhaust a server is refused at once', () => {
  const bombs: [string, string][] = [
    ['text beyond measure', `${' '.repeat(20_000)}1`],
    ['parentheses', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`],
    ['negations', `${'!'.repeat(9_000)}true`],
    ['a sum of thousands', Array(2_500).fill('1').join('+')],
    [
      'walks within walks within walks',
      'customer.scores.all(a, customer.scores.all(b, customer.scores.all(c, a + b + c > 0)))',
    ],
    ['a list of thousands', `[${Array(1_500).fill('1').join(',')}] == []`],
    ['repetitions of repetitions', "customer.segment.matches('((a{100}){100}){100}')"],
    ['a class of all letters, many times', "customer.segment.matches('\\\\pL{900}')"],
    [
      'conditions that choose what conditions compare',
      Array.from({ length: 20 }).reduce<string>(
        (inner) => `((${inner} ? customer.age_years : 1) / customer.balance_minor > 0)`,
        'customer.vip',
      ),
    ],
  ]
  test.each(bombs)('%s', (_, source) => {
    const start = performance.now()
    const compiled = compile(env, source)
    expect(compiled.ok).toBe(false)
    expect(performance.now() - start).toBeLessThan(20_000)
  })
  test('while a rule of many clauses is taken', () => {
    const source = Array.from({ length: 120 }, (_, i) => `customer.balance_minor != ${i + 1}`).join(' && ')
    expect(program(source).evaluate({})).toBe(true)
  })
})

describe('the SQL of a condition', () => {
  test('is what a person would write where nothing can fail', () => {
    const { admits, excludes, error } = program(
      "customer.age_years >= 18 && customer.segment in ['a', 'b'] && !has(customer.vip)",
    ).sql()
    expect(admits).toBe("((age_years >= 18) AND (segment IN ('a', 'b')) AND (NOT (has_vip != 0)))")
    expect(excludes).toBe(admits)
    expect(error).toBe('0')
  })
  test('has no overflow test where the operands are too small to need one', () => {
    expect(
      program('days_between(customer.since_on, context.today) + 30 > size(customer.products) * 100').sql().error,
    ).toBe('0')
  })
  test('reads the columns that the environment names', () => {
    const named = environment(
      {
        customer: {
          fields: { age: { type: 'int', sql: 'p.age_now', sqlHas: 'p.age_known' }, 'odd name': { type: 'int' } },
        },
      },
      { columnPrefix: 'p.' },
    )
    const compiled = compile(named, 'has(customer.age) && customer.age > 1')
    expect(compiled.ok && compiled.program.sql().value).toBe('((p.age_known != 0) AND (p.age_now > 1))')
    expect(named.namespaces.get('customer')!.get('odd name')!.column).toBe('p.`odd name`')
  })
})

describe('an environment that contradicts itself is refused', () => {
  test.each([
    ['a default of another type', () => environment({ customer: { fields: { age: { type: 'int', default: '18' } } } })],
    ['a type that the language lacks', () => environment({ customer: { fields: { age: { type: 'uint' as 'int' } } } })],
    [
      'a name that every object has',
      () => environment({ customer: { fields: { constructor: { type: 'int' } as FieldSpec } } }),
    ],
    ['a zone that does not exist', () => environment({}, { zone: 'Europe/Riverside' })],
  ])('%s', (_, make) => expect(make).toThrow())
})
