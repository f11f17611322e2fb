import { type Node, walk } from './ast.ts'
import { textOfDay } from './calendar-values.ts'
import { check } from './check.ts'
import { type Clause, clausesOf } from './clauses.ts'
import { closureOf, type Facts } from './closure.ts'
import { costOf, STEPS_MAX } from './cost.ts'
import type { Environment } from './environment.ts'
import { type CompileError, ExpressionError, place, Refusal } from './errors.ts'
import { parse } from './parse.ts'
import { type ClickHouseSql, clickHouseSql, plainSql } from './sql.ts'
import { elementOf, isList, unify, type ValueType } from './value-types.ts'

export type { Node } from './ast.ts'
export { type Bound, type Clause, type SimpleClause, simpleClause } from './clauses.ts'
export type { Facts } from './closure.ts'
export {
  type Environment,
  type EnvironmentOptions,
  environment,
  type Field,
  type FieldSpec,
  type NamespaceSpec,
} from './environment.ts'
export {
  type CompileError,
  type CompileErrorCode,
  ExpressionError,
  type ExpressionErrorCode,
  isError,
} from './errors.ts'
export { languageReference } from './language-page.ts'
export { recordOf, valuesOf } from './shape.ts'
export type { ClickHouseSql } from './sql.ts'
export { INT_MAX, isValueType, type ScalarType, type ValueType } from './value-types.ts'

/** A checked expression, ready to run on one customer's facts or on everybody in SQL. */
export interface Program {
  source: string
  type: ValueType
  ast: Node
  /** Every attribute it reads, sorted: 'customer.age_years'. */
  reads: string[]
  /** Those it reads as a value without ever asking has() of them; absent, they read as their default. */
  readsWithoutHas: string[]
  /** The value in the outside form (a date is 'YYYY-MM-DD', an instant a Date, a duration milliseconds), or the error. Never throws. */
  evaluate(facts: Facts): unknown
  /** Whether a condition that admits is met: an error admits nobody. */
  admits(facts: Facts): boolean
  /** Whether a condition that excludes is met: an error excludes. */
  excludes(facts: Facts): boolean
  /** ClickHouse expressions for value and error over the environment's columns; they never throw for a row. */
  sql(): ClickHouseSql
  /** The top-level conditions, in the order written. */
  clauses(): Clause[]
}

export type Compiled = { ok: true; program: Program } | { ok: false; errors: CompileError[] }

/**
 * Parses, checks and compiles an expression. `expected` is the type the place needs: 'bool' for a condition; an int is
 * not taken for a double. Never throws for any text: what is wrong with it is in `errors`, each with its place.
 */
export function compile(env: Environment, source: string, expected?: ValueType): Compiled {
  try {
    const ast = check(env, source, parse(source))
    if (expected && !unify(expected, ast.type)) {
      const found = `${/^[aeiou]/.test(ast.type) ? 'an' : 'a'} ${ast.type}`
      return {
        ok: false,
        errors: [
          place(source, {
            code: 'wrong_type',
            start: ast.start,
            end: ast.end,
            found,
            expected: `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`,
          }),
        ],
      }
    }
    const steps = costOf(env, ast)
    if (steps > STEPS_MAX) {
      const found = `a walk over lists of up to ${steps.toLocaleString('en')} steps`
      return {
        ok: false,
        errors: [
          place(source, {
            code: 'too_large',
            start: ast.start,
            end: ast.end,
            found,
            expected: `at most ${STEPS_MAX.toLocaleString('en')}`,
          }),
        ],
      }
    }
    plainSql(env, ast)
    return { ok: true, program: programOf(env, source, ast) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, errors: [place(source, error.complaint)] }
    throw error
  }
}

function programOf(env: Environment, source: string, ast: Node): Program {
  const run = closureOf(env, ast)
  const read = new Set<string>()
  const guarded = new Set<string>()
  for (const node of walk(ast)) {
    if (node.kind === 'attribute') read.add(node.path)
    if (node.kind === 'has') guarded.add(node.path)
  }
  const isRequired = (path: string): boolean => {
    const dot = path.lastIndexOf('.')
    return env.namespaces.get(path.slice(0, Math.max(dot, 0)))?.get(path.slice(dot + 1))?.required ?? false
  }
  const present = outward(ast.type)
  let sql: ClickHouseSql | undefined
  return {
    source,
    type: ast.type,
    ast,
    reads: [...new Set([...read, ...guarded])].sort(),
    readsWithoutHas: [...read].filter((path) => !guarded.has(path) && !isRequired(path)).sort(),
    evaluate: present
      ? (facts) => {
          const value = run(facts)
          return value instanceof ExpressionError ? value : present(value)
        }
      : run,
    admits: (facts) => run(facts) === true,
    excludes: (facts) => run(facts) !== false,
    sql: () => {
      sql ??= clickHouseSql(env, ast)
      return sql
    },
    clauses: () => clausesOf(source, ast),
  }
}

/** How values of a type leave the program; undefined when they leave as they are. */
function outward(type: ValueType): ((value: unknown) => unknown) | undefined {
  if (type === 'date') return (value) => textOfDay(value as number)
  if (type === 'timestamp') return (value) => new Date(value as number)
  if (!isList(type)) return undefined
  const item = outward(elementOf(type))
  return item && ((value) => (value as unknown[]).map(item))
}
