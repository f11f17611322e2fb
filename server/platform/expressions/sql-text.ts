import type { Node } from './ast.ts'
import type { Environment } from './environment.ts'
import { isList, type ValueType } from './value-types.ts'

export interface Sql {
  value: string
  error: string
  /** A bool that may fail: 0 false, 1 error, 2 true. */
  truth?: string
}

export interface SqlContext {
  env: Environment
  /** How many names `bind` has given out. */
  bound: number
}

/** The error bit of what cannot fail. */
export const NEVER = '0'

export function either(errors: string[]): string {
  const possible = [...new Set(errors.filter((error) => error !== NEVER))]
  if (possible.length === 0) return NEVER
  return possible.length === 1 ? possible[0]! : `(${possible.join(' OR ')})`
}

export const withTruth = (truth: string): Sql => ({ value: `(${truth} = 2)`, error: `(${truth} = 1)`, truth })

export const truthOf = (sql: Sql): string =>
  sql.truth ?? (sql.error === NEVER ? `if(${sql.value}, 2, 0)` : `multiIf(${sql.error}, 1, ${sql.value}, 2, 0)`)

/** The value as an Int64 where it is a number that may come from a narrower column, so that arithmetic is in 64 bits. */
export function i64(sql: Sql, node: Node): string {
  const { type } = node
  if (type === 'double' || type === 'string' || type === 'bool' || type === 'never' || isList(type)) return sql.value
  if (node.kind === 'call' && node.id !== 'index') return sql.value
  return sql.value.startsWith('toInt64(') ? sql.value : `toInt64(${sql.value})`
}

export function quoteText(text: string): string {
  const escaped = text
    .replace(/[\\']/g, '\\$&')
    .replaceAll('\0', '\\0')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `'${escaped}'`
}

export function quoteDouble(value: number): string {
  if (Object.is(value, -0)) return 'negate(toFloat64(0))'
  const text = String(value)
  return /[.e]/.test(text) ? `toFloat64(${text})` : `toFloat64(${text}.0)`
}

// Below this, saying a thing twice is cheaper than giving it a name.
const BIND_CHARS_MIN = 60

/**
 * Writes expressions once and uses them many times: long ones become the parameters of a lambda over one-element
 * arrays, which is how ClickHouse says `let`. Without it a chain of functions that each read their argument twice
 * would double the text at every step.
 */
export function bind(c: SqlContext, values: string[], body: (...names: string[]) => string): string {
  const names: string[] = []
  const parameters: string[] = []
  const bound: string[] = []
  for (const value of values) {
    if (value.length < BIND_CHARS_MIN) {
      names.push(value)
      continue
    }
    const name = `_b${c.bound++}`
    names.push(name)
    parameters.push(name)
    bound.push(`[${value}]`)
  }
  const text = body(...names)
  if (bound.length === 0) return text
  return `(arrayMap(${parameters.length === 1 ? parameters[0] : `(${parameters.join(', ')})`} -> ${text}, ${bound.join(', ')})[1])`
}

/** The value in ClickHouse's own type: Date32, DateTime64(3), or unchanged. */
export function inClickHouse(type: ValueType, value: string): string {
  if (type === 'date') return `addDays(toDate32('1970-01-01'), ${value})`
  if (type === 'timestamp') return `fromUnixTimestamp64Milli(toInt64(${value}), 'UTC')`
  return value
}
