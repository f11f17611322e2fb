import { type Random, seededRandom } from '#platform/runtime'
import type { Node } from './ast.ts'
import { textOfDay, textOfDuration, textOfInstant } from './calendar-values.ts'
import { check } from './check.ts'
import { closureOf } from './closure.ts'
import { isError, Refusal } from './errors.ts'
import { COMPARISONS, type ComparisonId, OVERLOADS, type Overload, type OverloadId } from './functions.ts'
import { parse } from './parse.ts'
import { plainSql } from './sql.ts'
import { cellOf, operatorsOf } from './trial-cells.ts'
import { TRIAL_FIELDS, trialEnvironment, trialRows } from './trial-rows.ts'
import { elementOf, isList, listOf, SCALAR_TYPES, type ValueType } from './value-types.ts'

/**
 * Makes well-typed expressions at random, steered so that every operator meets every type it takes, and compared with
 * values they really have on the trial rows, so that most conditions are true for some and false for others.
 */
export interface Trial {
  source: string
  ast: Node
}

interface Making {
  random: Random
  /** Macro variables in reach. */
  scope: { name: string; type: ValueType }[]
}

const LIST_TYPES: ValueType[] = SCALAR_TYPES.map(listOf)
const PATTERNS = [
  'a',
  '^a',
  'b$',
  'o+',
  '(foo|bar)',
  '^$',
  '[a-z]+',
  '.',
  '^.$',
  'a.b',
  'e.b',
  '^.*$',
  '\\\\d',
  '\\\\s',
  '(?i)FOO',
  'e\\u0301?',
  '[^a]',
  '🐱',
  '\\\\bbar\\\\b',
  '^(a|😀){1,2}',
  'x*$',
  '\\\\pL\\\\pL',
  '(?s)e.b',
  '[[:upper:]]',
  '\\\\w\\\\W',
  '(?m)^b',
]
// A named zone writes its table into the SQL, so the cheap ones are met more often.
const ZONES = [
  ...Array<string[]>(3).fill(['UTC', '+05:30', '-02:30', '02:00', '-09:30']).flat(),
  ...['Europe/Prague', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns'],
]

const pick = <T>(m: Making, from: readonly T[]): T => from[Math.floor(m.random.next() * from.length)]!
/** The attributes of a type; those whose texts look like numbers or days are for the conversions, and seldom chosen otherwise. */
const attributesOf = (type: ValueType): string[] =>
  Object.keys(TRIAL_FIELDS)
    .filter((name) => TRIAL_FIELDS[name]!.type === type)
    .flatMap((name) => (type !== 'string' || name.endsWith('_text') ? [name] : [name, name, name, name]))

export const quoted = (text: string): string =>
  `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\0', '\\u0000')}'`

/** The literal of a value in the inside form. */
export function literalOf(type: ValueType, value: unknown): string {
  if (isList(type)) return `[${(value as unknown[]).map((item) => literalOf(elementOf(type), item)).join(', ')}]`
  switch (type) {
    case 'string':
      return quoted(String(value))
    case 'double':
      return doubleOf(value as number)
    case 'date':
      return `date('${textOfDay(value as number)}')`
    case 'timestamp':
      return `timestamp('${textOfInstant(value as number)}')`
    case 'duration':
      return `duration('${textOfDuration(value as number)}')`
    default:
      return String(value)
  }
}

function doubleOf(value: number): string {
  if (Number.isNaN(value)) return '(0.0 / 0.0)'
  if (!Number.isFinite(value)) return value > 0 ? '(1.0 / 0.0)' : '(-1.0 / 0.0)'
  const text = Object.is(value, -0) ? '-0.0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

const SOME: Record<string, readonly unknown[]> = {
  int: [0, 1, 2, 3, 5, -1, 10, 7, 100, 9007199254740991],
  double: [0, 1, 0.5, 2.5, -1, 1e21, 0.1],
  bool: [true, false],
  string: ['', 'a', 'b', 'foo', 'bar', '🐱', 'é', '12', 'true', '2026-01-31', 'A'],
  date: [0, 19_782, 20_541, 20_000, -1],
  timestamp: [0, 1_774_746_000_000, 1_792_890_000_000, 1_700_000_000_000],
  duration: [0, 1500, -1500, 3_600_000, 86_400_000],
}

function literal(m: Making, type: ValueType): string {
  if (isList(type))
    return `[${Array.from({ length: Math.floor(m.random.next() * 4) }, () => literal(m, elementOf(type))).join(', ')}]`
  return literalOf(type, pick(m, SOME[type]!))
}

/** An expression of a type, at most `depth` operators deep. */
function make(m: Making, type: ValueType, depth: number): string {
  const variables = m.scope.filter((v) => v.type === type)
  if (variables.length > 0 && m.random.next() < 0.5) return pick(m, variables).name
  if (depth <= 0) {
    const attributes = attributesOf(type)
    const roll = m.random.next()
    // The texts reach the ends of the calendar, which ClickHouse's own columns do not.
    if (roll < 0.05 && type === 'timestamp') return 'timestamp(customer.instant_text)'
    if (roll < 0.1 && type === 'date') return 'date(customer.day_text)'
    return attributes.length > 0 && roll < 0.8 ? `customer.${pick(m, attributes)}` : literal(m, type)
  }
  const roll = m.random.next()
  if (roll < 0.12) return `(${make(m, 'bool', depth - 1)} ? ${make(m, type, depth - 1)} : ${make(m, type, depth - 1)})`
  if (type === 'bool' && roll < 0.6) return condition(m, depth)
  if (isList(type) && roll < 0.6) return listOfType(m, type, depth)
  if (roll > 0.9 && !isList(type))
    return `[${make(m, type, depth - 1)}, ${make(m, type, depth - 1)}][${make(m, 'int', 0)} % 2]`
  const made = overloadFor(m, type, depth)
  return made ?? make(m, type, 0)
}

function overloadFor(m: Making, type: ValueType, depth: number): string | undefined {
  const fitting = (Object.entries(OVERLOADS) as [OverloadId, Overload][]).filter(
    ([id, o]) => o.result === type && !(COMPARISONS as readonly string[]).includes(id),
  )
  return fitting.length > 0 ? called(m, pick(m, fitting)[0], depth) : undefined
}

/** A call of one overload with made arguments; T is some type. */
function called(m: Making, id: OverloadId, depth: number, type: ValueType = pick(m, SCALAR_TYPES)): string {
  const { name, style, params } = OVERLOADS[id] as Overload
  const args = params.map((param) => {
    if (param === 'pattern') return `'${pick(m, PATTERNS)}'`
    if (param === 'zone') return `'${pick(m, ZONES)}'`
    return make(m, param.replace('T', type) as ValueType, depth - 1)
  })
  if (id === 'int_of_string' || id === 'double_of_string')
    args[0] = m.random.next() < 0.8 ? 'customer.number_text' : args[0]!
  if (id === 'bool_of_string') args[0] = m.random.next() < 0.8 ? 'customer.bool_text' : args[0]!
  if (id === 'date_of_string') args[0] = m.random.next() < 0.8 ? 'customer.day_text' : args[0]!
  if (id === 'timestamp_of_string') args[0] = m.random.next() < 0.8 ? 'customer.instant_text' : args[0]!
  if (id === 'index' && m.random.next() < 0.6) args[1] = String(Math.floor(m.random.next() * 4) - 1)
  if (id.startsWith('add_months') && m.random.next() < 0.7) args[1] = String(Math.floor(m.random.next() * 60) - 30)
  if (style === 'unary') return `(-(${args[0]}))`
  if (name === '[]') return `${args[0]}[${args[1]}]`
  if (style === 'operator') return `(${args[0]} ${name} ${args[1]})`
  return style === 'method' ? `(${args[0]}).${name}(${args.slice(1).join(', ')})` : `${name}(${args.join(', ')})`
}

function condition(m: Making, depth: number): string {
  const roll = m.random.next()
  if (roll < 0.3)
    return `(${make(m, 'bool', depth - 1)} ${m.random.next() < 0.5 ? '&&' : '||'} ${make(m, 'bool', depth - 1)})`
  if (roll < 0.38) return `!(${make(m, 'bool', depth - 1)})`
  if (roll < 0.45) return `has(customer.${pick(m, Object.keys(TRIAL_FIELDS))})`
  if (roll < 0.6) return macro(m, pick(m, ['all', 'exists', 'exists_one'] as const), pick(m, LIST_TYPES), depth)
  const id = pick(m, COMPARISONS)
  return compared(
    m,
    id,
    pick(m, [...SCALAR_TYPES, ...(id === 'eq' || id === 'ne' || id === 'in' ? LIST_TYPES : [])]),
    depth,
  )
}

const otherNumber = (m: Making, type: ValueType): ValueType =>
  type === 'int' && m.random.next() < 0.3 ? 'double' : type === 'double' && m.random.next() < 0.3 ? 'int' : type

function compared(
  m: Making,
  id: ComparisonId,
  type: ValueType,
  depth: number,
  other: ValueType = otherNumber(m, type),
): string {
  const left = make(m, type, depth - 1)
  const right = make(m, id === 'in' ? listOf(other) : other, depth - 1)
  return `(${left} ${OVERLOADS[id].name} ${right})`
}

function listOfType(m: Making, type: ValueType, depth: number): string {
  const roll = m.random.next()
  if (roll < 0.3) return macro(m, 'filter', type, depth)
  if (roll < 0.6) return macro(m, 'map', pick(m, LIST_TYPES), depth, elementOf(type))
  if (roll < 0.8) return `(${make(m, type, depth - 1)} + ${make(m, type, depth - 1)})`
  return `[${Array.from({ length: 1 + Math.floor(m.random.next() * 2) }, () => make(m, elementOf(type), depth - 1)).join(', ')}]`
}

function macro(
  m: Making,
  name: 'all' | 'exists' | 'exists_one' | 'filter' | 'map',
  over: ValueType,
  depth: number,
  result: ValueType = pick(m, SCALAR_TYPES),
): string {
  const list = make(m, over, depth - 1)
  const variable = `x${m.scope.length}`
  const inner: Making = { random: m.random, scope: [...m.scope, { name: variable, type: elementOf(over) }] }
  const body =
    name === 'map'
      ? m.random.next() < 0.3
        ? `${make(inner, 'bool', depth - 1)}, ${make(inner, result, depth - 1)}`
        : make(inner, result, depth - 1)
      : m.random.next() < 0.7
        ? compared(
            inner,
            pick(inner, isList(elementOf(over)) ? (['eq', 'ne', 'in'] as const) : COMPARISONS),
            elementOf(over),
            depth - 1,
          )
        : make(inner, 'bool', depth - 1)
  return `(${list}).${name}(${variable}, ${body})`
}

interface Target {
  /** As operatorsOf names it. */
  cell: string
  type: ValueType
  source: (m: Making, depth: number) => string
}

/** What is to be met: each overload, each comparison and macro with each type, and the rest of the grammar. */
function targets(): Target[] {
  const made: Target[] = []
  for (const [id, overload] of Object.entries(OVERLOADS) as [OverloadId, Overload][]) {
    if ((COMPARISONS as readonly string[]).includes(id) || id === 'dyn') continue
    const isGeneric = overload.params.some((param) => param.includes('T'))
    for (const type of isGeneric ? SCALAR_TYPES : ['int' as const]) {
      const params = overload.params.map((param) => param.replace('T', type))
      made.push({
        cell: cellOf(overload, params),
        type: overload.result.replace('T', type) as ValueType,
        source: (m, depth) => called(m, id, depth, type),
      })
    }
  }
  const mixed: [ValueType, ValueType][] = [
    ['int', 'double'],
    ['double', 'int'],
  ]
  for (const id of COMPARISONS) {
    const types = id === 'eq' || id === 'ne' || id === 'in' ? [...SCALAR_TYPES, ...LIST_TYPES] : SCALAR_TYPES
    for (const [left, other] of [...types.map((type): [ValueType, ValueType] => [type, type]), ...mixed]) {
      const cell = cellOf(OVERLOADS[id], [left, id === 'in' ? listOf(other) : other])
      made.push({ cell, type: 'bool', source: (m, depth) => compared(m, id, left, depth, other) })
    }
  }
  for (const type of SCALAR_TYPES) {
    const list = listOf(type)
    for (const name of ['all', 'exists', 'exists_one'] as const)
      made.push({ cell: `${name} ${list}`, type: 'bool', source: (m, depth) => macro(m, name, list, depth) })
    made.push({ cell: `filter ${list}`, type: list, source: (m, depth) => macro(m, 'filter', list, depth) })
    made.push({ cell: `map ${list}`, type: list, source: (m, depth) => macro(m, 'map', list, depth, type) })
    for (const each of [type, list]) {
      made.push({
        cell: `choose ${each}`,
        type: each,
        source: (m, depth) => `(${make(m, 'bool', 1)} ? ${make(m, each, depth)} : ${make(m, each, depth)})`,
      })
    }
  }
  return made
}

export const CELLS: readonly string[] = [
  ...new Set(targets().map(({ cell }) => cell)),
  'and',
  'or',
  'not',
  'has',
  ...SCALAR_TYPES.flatMap((type) => [
    `literal ${type}`,
    `attribute ${type}`,
    `attribute list<${type}>`,
    `list list<${type}>`,
  ]),
]

/**
 * `perTarget` expressions of some depth for each target, then shallow ones until each target's operator occurs in
 * `perCell`; the same for the same seed.
 */
export function generate(seed: number, perTarget: number, perCell = 0): Trial[] {
  const m: Making = { random: seededRandom(seed), scope: [] }
  const trials: Trial[] = []
  const met = new Map<string, number>()
  const add = ({ source, type }: Target, depth: number): void => {
    const trial = tried(m, source(m, depth), type)
    if (!trial) return
    trials.push(trial)
    for (const cell of new Set(operatorsOf(trial.ast))) met.set(cell, (met.get(cell) ?? 0) + 1)
  }
  const all = targets()
  for (const target of all) for (let n = 0; n < perTarget; n++) add(target, pick(m, [1, 1, 1, 2, 2, 3]))
  for (const target of all)
    for (let n = 0; (met.get(target.cell) ?? 0) < perCell && n < perCell * 3; n++) add(target, 1)
  return trials
}

/** Every operator is met with every type it takes at least so often. */
export const USES_MIN = 100

/** The expressions of the differential test, always the same. */
export const differentialTrials = (): Trial[] => generate(20_261_121, 10, USES_MIN)

function tried(m: Making, source: string, type: ValueType): Trial | undefined {
  const inner = checked(source)
  if (!inner || type === 'bool' || m.random.next() < 0.35) return inner
  return balanced(m, source, type, inner.ast) ?? inner
}

/** Compares a value with one it really has on some row, and sometimes joins the condition to another. */
function balanced(m: Making, source: string, type: ValueType, ast: Node): Trial | undefined {
  const run = closureOf(trialEnvironment, ast)
  const seen = trialRows.map(run).filter((value) => !isError(value))
  if (seen.length === 0) return undefined
  const value = literalOf(type, pick(m, seen))
  const sign =
    isList(type) || type === 'bool' || m.random.next() < 0.3 ? pick(m, ['==', '!=']) : pick(m, ['<', '<=', '>', '>='])
  const bare = `${source} ${sign} ${value}`
  const roll = m.random.next()
  if (roll < 0.6) return checked(bare)
  return checked(`${bare} ${roll < 0.8 ? '&&' : '||'} ${make(m, 'bool', 1)}`)
}

function checked(source: string): Trial | undefined {
  try {
    const ast = check(trialEnvironment, source, parse(source))
    plainSql(trialEnvironment, ast)
    return { source, ast }
  } catch (error) {
    // A well-typed source can still be too large, or write out a day that does not exist.
    if (error instanceof Refusal && ['too_large', 'bad_literal', 'not_in_subset'].includes(error.complaint.code))
      return undefined
    if (error instanceof Refusal)
      throw new Error(
        `the generator made an ill-typed expression: ${source} — found ${error.complaint.found}, expected ${error.complaint.expected}`,
      )
    throw error
  }
}
