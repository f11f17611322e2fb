import { isCelError, isCelList, isCelUint, run } from '@bufbuild/cel'
import { describe, expect, test } from 'vitest'
import { walk } from './ast.ts'
import { type Field, inward } from './environment.ts'
import { ExpressionError, isError } from './errors.ts'
import { byClosure } from './trial-compare.ts'
import { generate, literalOf, type Trial } from './trial-generate.ts'
import { trialEnvironment, trialRows } from './trial-rows.ts'
import { elementOf, isList, type ValueType } from './value-types.ts'

/**
 * Another implementation of CEL as an oracle, on the part of the language that both have: each row's facts are written
 * into the expression as literals, since the other knows nothing of defaults and presence.
 *
 * Left out with our own functions: what it does otherwise than CEL says (timestamp(int) counts milliseconds, a 29
 * February that does not exist is taken, a fraction keeps its zeros, texts become numbers more readily), and zones, whose tables are ours.
 */
const OURS_ONLY =
  /^(int_abs|double_abs|int_min|.*_min|.*_max|floor|ceil|is_|int_sum|days_|years_|add_|year|month|day|weekday|lower_|upper_|get_.*_in|timestamp_of_|bool_of_string|double_of_string|int_of_string|matches_function|string_of_timestamp|string_of_duration)/

const isCommon = ({ ast }: Trial): boolean =>
  [...walk(ast)].every(
    (node) =>
      node.kind !== 'has' &&
      !node.type.includes('date') &&
      !node.type.includes('never') &&
      !(node.kind === 'call' && OURS_ONLY.test(node.id)),
  )

const fieldsOf = trialEnvironment.namespaces.get('customer')!

function withLiterals(source: string, row: number): string | undefined {
  let isWhole = true
  const text = source.replace(/customer\.(\w+)/g, (_, name: string) => {
    const field = fieldsOf.get(name) as Field
    const outside = trialRows[row]?.customer?.[name]
    const value =
      outside === undefined || outside === null ? field.default : inward(field.type, outside, field.itemsMax)
    if (value === undefined) isWhole = false
    return value === undefined ? '' : `(${literalOf(field.type, value)})`
  })
  return isWhole ? text : undefined
}

/** The other's value in our inside form. */
function ours(type: ValueType, value: unknown): unknown {
  if (isList(type) && isCelList(value)) return [...value].map((item) => ours(elementOf(type), item))
  if (isCelUint(value)) return Number(value.value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  const message =
    (value as { message?: { seconds: bigint; nanos: number } }).message ?? (value as { seconds: bigint; nanos: number })
  return Number(message.seconds) * 1000 + message.nanos / 1_000_000
}

describe('where another implementation of CEL has the same expression, it has the same answer', () => {
  test('on generated expressions', () => {
    const trials = generate(3, 3, 0).filter(isCommon)
    const differing: unknown[] = []
    let compared = 0
    for (const trial of trials) {
      const closure = byClosure(trial.ast)
      for (let row = trial.source.length % 7; row < trialRows.length; row += 7) {
        const expected = closure[row]
        const text = withLiterals(trial.source, row)
        // Our integers end at 2⁵³ and theirs at 2⁶³; the rest of the errors are CEL's.
        if (text === undefined || (isError(expected) && expected.code === 'overflow')) continue
        const theirs = run(text)
        compared++
        const agrees = isCelError(theirs)
          ? expected instanceof ExpressionError
          : JSON.stringify(ours(trial.ast.type, theirs)) === JSON.stringify(expected)
        if (!agrees)
          differing.push({
            text,
            ours: expected,
            theirs: isCelError(theirs) ? theirs.message : ours(trial.ast.type, theirs),
          })
      }
    }
    expect(differing.slice(0, 5)).toEqual([])
    expect(compared).toBeGreaterThan(2_000)
  })
})
