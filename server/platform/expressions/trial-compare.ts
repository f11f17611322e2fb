import type { Node } from './ast.ts'
import { closureOf, type Run } from './closure.ts'
import { isError } from './errors.ts'
import type { Trial } from './trial-generate.ts'
import { trialEnvironment, trialRows } from './trial-rows.ts'
import { elementOf, isList, type ValueType } from './value-types.ts'

export interface Disagreement {
  source: string
  row: number
  closure: unknown
  sql: { value: unknown; error: boolean }
}

/** What the closure gives on every row, in the inside form. */
export const byClosure = (ast: Node, run: Run = closureOf(trialEnvironment, ast)): unknown[] => trialRows.map(run)

/** Where the two differ: one has an error and the other not, or their values are not the same. */
export function disagreements(
  trial: Trial,
  closure: unknown[],
  sql: { value: unknown; error: boolean }[],
): Disagreement[] {
  const found: Disagreement[] = []
  for (let row = 0; row < closure.length; row++) {
    const expected = closure[row]
    const actual = sql[row]!
    const agrees = isError(expected) ? actual.error : !actual.error && same(trial.ast.type, expected, actual.value)
    if (!agrees) found.push({ source: trial.source, row, closure: expected, sql: actual })
  }
  return found
}

/** As ClickHouse's JSON gives values: a bool may be 0 or 1, what JSON lacks is quoted. NaN is the same as NaN here, and 0 is not −0. */
export function same(type: ValueType, expected: unknown, actual: unknown): boolean {
  if (isList(type)) {
    const element = elementOf(type)
    if (!Array.isArray(expected) || !Array.isArray(actual) || expected.length !== actual.length) return false
    return expected.every((item, i) => same(element, item, actual[i]))
  }
  if (type === 'bool') return expected === (actual === true || actual === 1)
  if (type !== 'double' || typeof actual !== 'string') return Object.is(expected, actual)
  const quoted: Record<string, number> = {
    nan: Number.NaN,
    '-nan': Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
  }
  return Object.is(expected, quoted[actual])
}
