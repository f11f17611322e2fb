import type { Attribute, Choice, Logic, Node, Walk } from './ast.ts'
import { fieldOf } from './closure.ts'
import type { Environment } from './environment.ts'
import { refuse } from './errors.ts'
import { COMPARISONS, type ComparisonId, type OverloadId } from './functions.ts'
import { comparisonSql } from './sql-comparisons.ts'
import { functionsSql } from './sql-functions.ts'
import {
  either,
  i64,
  inClickHouse,
  NEVER,
  quoteDouble,
  quoteText,
  type Sql,
  type SqlContext,
  truthOf,
  withTruth,
} from './sql-text.ts'
import { elementOf, INT_MAX, isList } from './value-types.ts'

/**
 * The ClickHouse backend: for every node an expression for its value and one for its error bit.
 *
 * No expression ever throws for a row: where the error bit is set the value is some harmless value of the right type.
 * A bool that may fail is carried as its truth, 0 false, 1 error, 2 true, because then CEL's && is `least`, its || is
 * `greatest` and ! is `2 - truth`: the text stays as small as the expression.
 *
 * A date is its day number, a timestamp and a duration are milliseconds, inside; inClickHouse gives the outer types.
 */
export interface ClickHouseSql {
  /** The value, in ClickHouse's own type; meaningless where error is 1. */
  value: string
  /** 1 where the value could not be computed, '0' when that cannot happen. */
  error: string
  /** For a bool: 1 where it is true, error counting as false. */
  admits: string
  /** For a bool: 1 where it is true, error counting as true. */
  excludes: string
}

/**
 * The most text an expression may become. ClickHouse takes 256 KiB in one query, and a query holds several. The text can
 * grow faster than the source where conditions choose what other conditions compare; such a rule is refused as a whole,
 * since a rule that only one backend can run would be two rules.
 */
export const SQL_CHARS_MAX = 50_000

export function clickHouseSql(env: Environment, node: Node): ClickHouseSql {
  const c = { env, bound: 0 }
  const { value, error } = compile(c, node)
  return {
    value: inClickHouse(node.type, value),
    error,
    admits: node.type === 'bool' ? holds(c, node, false) : '0',
    excludes: node.type === 'bool' ? holds(c, node, true) : '1',
  }
}

/** Value and error with dates and instants as numbers. */
export const plainSql = (env: Environment, node: Node): Sql => compile({ env, bound: 0 }, node)

/** Whether a condition holds when an error counts as `onError`: no truth values needed down to each comparison. */
function holds(c: SqlContext, node: Node, onError: boolean): string {
  switch (node.kind) {
    case 'and':
      return `(${node.parts.map((part) => holds(c, part, onError)).join(' AND ')})`
    case 'or':
      return `(${node.parts.map((part) => holds(c, part, onError)).join(' OR ')})`
    case 'not':
      return `(NOT ${holds(c, node.of, !onError)})`
  }
  const sql = compile(c, node)
  if (sql.error === NEVER) return sql.value
  if (sql.truth) return onError ? `(${sql.truth} > 0)` : `(${sql.truth} = 2)`
  return onError ? `(${sql.error} OR ${sql.value})` : `(NOT ${sql.error} AND ${sql.value})`
}

function compile(c: SqlContext, node: Node): Sql {
  const sql = written(c, node)
  if (sql.value.length + sql.error.length > SQL_CHARS_MAX) {
    throw refuse(
      node,
      'too_large',
      'an expression that is too long in SQL',
      `at most ${SQL_CHARS_MAX.toLocaleString('en')} characters there`,
      'Make parts of it attributes of their own.',
    )
  }
  return sql
}

function written(c: SqlContext, node: Node): Sql {
  switch (node.kind) {
    case 'literal':
      return { value: literalSql(node.type, node.value), error: NEVER }
    case 'attribute':
      return attributeSql(c, node)
    case 'has': {
      const { presence, required } = fieldOf(c.env, node)
      return { value: required ? '1' : `(${presence} != 0)`, error: NEVER }
    }
    case 'variable':
      return { value: `_v${node.id}`, error: NEVER }
    case 'list':
      return listSql(c, node)
    case 'and':
    case 'or':
      return logicSql(c, node)
    case 'not': {
      const of = compile(c, node.of)
      return of.error === NEVER
        ? { value: `(NOT ${of.value})`, error: NEVER }
        : withTruth(`toUInt8(2 - ${truthOf(of)})`)
    }
    case 'choose':
      return choiceSql(c, node)
    case 'call': {
      const args = node.args.map((arg) => compile(c, arg))
      if (isComparison(node.id)) return comparisonSql(c, node.id, node, args as [Sql, Sql])
      const made = functionsSql[node.id as Exclude<OverloadId, ComparisonId | 'dyn'>](args, node.args, c)
      return { value: made.value, error: either([...args.map((arg) => arg.error), made.error ?? NEVER]) }
    }
    case 'walk':
      return walkSql(c, node)
  }
}

const isComparison = (id: OverloadId): id is ComparisonId => (COMPARISONS as readonly string[]).includes(id)

function literalSql(type: string, value: number | string | boolean): string {
  if (typeof value === 'string') return quoteText(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  return type === 'double' ? quoteDouble(value) : String(value)
}

/** The column as the type the language computes with. */
function attributeSql(c: SqlContext, node: Attribute): Sql {
  const { column, type, itemsMax, sqlChecked } = fieldOf(c.env, node)
  const element = isList(type) ? elementOf(type) : undefined
  let value = column
  if (type === 'timestamp') value = `toUnixTimestamp64Milli(toDateTime64(${column}, 3))`
  else if (type === 'date') value = `toInt32(${column})`
  // ClickHouse's Bool and UInt8 are two types to a lambda; everything of ours is UInt8.
  else if (type === 'bool') value = `toUInt8(${column})`
  else if (element === 'bool') value = `CAST(${column}, 'Array(UInt8)')`
  else if (element === 'timestamp') value = `arrayMap(_t -> toUnixTimestamp64Milli(toDateTime64(_t, 3)), ${column})`
  else if (element === 'date') value = `arrayMap(_t -> toInt32(_t), ${column})`
  if (!sqlChecked) return { value, error: NEVER }
  const tooBig = (of: string): string => `(${of} > ${INT_MAX} OR ${of} < -${INT_MAX})`
  if (type === 'int') return { value, error: tooBig(column) }
  if (!element) return { value, error: NEVER }
  const tooLong = `(length(${column}) > ${itemsMax})`
  return {
    value,
    error: element === 'int' ? either([tooLong, `arrayExists(_t -> ${tooBig('_t')}, ${column})`]) : tooLong,
  }
}

const ARRAY_OF: Record<string, string> = { string: 'String', double: 'Float64', bool: 'UInt8' }

function arrayType(type: string): string {
  return type.startsWith('list<') ? `Array(${arrayType(type.slice(5, -1))})` : (ARRAY_OF[type] ?? 'Int64')
}

function listSql(c: SqlContext, node: Node & { kind: 'list' }): Sql {
  const items = node.items.map((item) => compile(c, item))
  const text = `[${items.map((item) => item.value).join(', ')}]`
  const typed = node.type.includes('never') ? text : `CAST(${text}, '${arrayType(node.type)}')`
  return { value: typed, error: either(items.map((item) => item.error)) }
}

function logicSql(c: SqlContext, node: Logic): Sql {
  const word = node.kind === 'and' ? ' AND ' : ' OR '
  const parts = node.parts.map((part) => compile(c, part))
  const safe = parts.filter((part) => part.error === NEVER).map((part) => part.value)
  const unsafe = parts.filter((part) => part.error !== NEVER).map(truthOf)
  const together = safe.length > 1 ? `(${safe.join(word)})` : safe[0]
  if (unsafe.length === 0) return { value: together!, error: NEVER }
  const truths = together ? [`if(${together}, 2, 0)`, ...unsafe] : unsafe
  return withTruth(`${node.kind === 'and' ? 'least' : 'greatest'}(${truths.join(', ')})`)
}

function choiceSql(c: SqlContext, node: Choice): Sql {
  const condition = compile(c, node.condition)
  const then = compile(c, node.whenTrue)
  const otherwise = compile(c, node.whenFalse)
  const a = i64(then, node.whenTrue)
  const b = i64(otherwise, node.whenFalse)
  if (condition.error === NEVER) {
    const value = `if(${condition.value}, ${a}, ${b})`
    if (then.error === NEVER && otherwise.error === NEVER) return { value, error: NEVER }
    if (node.type === 'bool') return withTruth(`if(${condition.value}, ${truthOf(then)}, ${truthOf(otherwise)})`)
    return { value, error: `if(${condition.value}, ${then.error}, ${otherwise.error})` }
  }
  const truth = truthOf(condition)
  if (node.type === 'bool') return withTruth(`[${truthOf(otherwise)}, 1, ${truthOf(then)}][${truth} + 1]`)
  return { value: `if(${truth} = 2, ${a}, ${b})`, error: `([${otherwise.error}, 1, ${then.error}][${truth} + 1])` }
}

function walkSql(c: SqlContext, node: Walk): Sql {
  const over = compile(c, node.over)
  if (elementOf(node.over.type) === 'never') {
    const empty = node.type.includes('never') ? '[]' : `CAST([], '${arrayType(node.type)}')`
    return { value: node.macro === 'all' ? '1' : isList(node.type) ? empty : '0', error: over.error }
  }
  const item = `_v${node.variable}`
  const test = node.test && compile(c, node.test)
  const result = node.result && compile(c, node.result)
  const testFails = test && test.error !== NEVER ? `arrayExists(${item} -> ${test.error}, ${over.value})` : NEVER
  switch (node.macro) {
    case 'all':
    case 'exists': {
      const isAll = node.macro === 'all'
      if (test!.error === NEVER)
        return {
          value: `${isAll ? 'arrayAll' : 'arrayExists'}(${item} -> ${test!.value}, ${over.value})`,
          error: over.error,
        }
      // With the empty list's own answer added, the least (or greatest) truth is the answer for any list.
      const truths = `arrayPushBack(arrayMap(${item} -> ${truthOf(test!)}, ${over.value}), ${isAll ? 2 : 0})`
      const truth = `${isAll ? 'arrayMin' : 'arrayMax'}(${truths})`
      return withTruth(over.error === NEVER ? truth : `if(${over.error}, 1, ${truth})`)
    }
    case 'exists_one':
      return {
        value: `(arrayCount(${item} -> ${test!.value}, ${over.value}) = 1)`,
        error: either([over.error, testFails]),
      }
    case 'filter':
      return { value: `arrayFilter(${item} -> ${test!.value}, ${over.value})`, error: either([over.error, testFails]) }
    case 'map': {
      const kept = test ? `arrayFilter(${item} -> ${test.value}, ${over.value})` : over.value
      const resultFails = result!.error === NEVER ? NEVER : `arrayExists(${item} -> ${result!.error}, ${kept})`
      return {
        value: `arrayMap(${item} -> ${i64(result!, node.result!)}, ${kept})`,
        error: either([over.error, testFails, resultFails]),
      }
    }
  }
}
