import type { Node } from './ast.ts'
import type { OverloadId } from './functions.ts'
import { INT_MAX } from './value-types.ts'

/** The least and greatest an integer expression can be; beyond ±2⁵³ when it may overflow. */
export type Range = readonly [min: number, max: number]

const ANY: Range = [-INT_MAX, INT_MAX]
const SIZES: Range = [0, 2 ** 31]
const DAYS: Range = [-3_652_058, 3_652_058]

const OF_CALL: Partial<Record<OverloadId, Range>> = {
  string_size: SIZES,
  string_size_method: SIZES,
  list_size: SIZES,
  list_size_method: SIZES,
  days_between: DAYS,
  years_between: [-9_998, 9_998],
  year: [1, 9_999],
  month: [1, 12],
  day: [1, 31],
  weekday: [1, 7],
  int_of_timestamp: [-62_135_596_800, 253_402_300_799],
  // A zone can step over the ends of the calendar.
  get_full_year: [0, 10_000],
  get_full_year_in: [0, 10_000],
  duration_hours: [-2_562_048, 2_562_048],
  duration_minutes: [-153_722_868, 153_722_868],
  duration_seconds: [-9_223_372_037, 9_223_372_037],
  duration_milliseconds: [-999, 999],
}

/**
 * Where the ranges of two operands show that a sum or product stays within ±2⁵³, the SQL needs no overflow test: most
 * sums in rules are of ages, days and counts, and a count over everybody pays for each test.
 */
export function rangeOf(node: Node): Range {
  if (node.kind === 'literal') return typeof node.value === 'number' ? [node.value, node.value] : ANY
  if (node.kind === 'choose') return hull([rangeOf(node.whenTrue), rangeOf(node.whenFalse)])
  if (node.kind !== 'call') return ANY
  const known = OF_CALL[node.id] ?? (node.id.startsWith('get_') ? ([0, 1_000] as const) : undefined)
  if (known) return known
  const [a = ANY, b = ANY] = node.args.map(rangeOf)
  const range = combined(node.id, a, b)
  // Whatever left the range has become an error; what is used further is within it.
  return [Math.max(range[0], -INT_MAX), Math.min(range[1], INT_MAX)]
}

/** Whether a sum, difference or product of these can leave ±2⁵³. */
export function canOverflow(id: 'int_add' | 'int_sub' | 'int_mul', left: Node, right: Node): boolean {
  const [min, max] = combined(id, rangeOf(left), rangeOf(right))
  return min < -INT_MAX || max > INT_MAX
}

function combined(id: OverloadId, a: Range, b: Range): Range {
  switch (id) {
    case 'int_add':
      return [a[0] + b[0], a[1] + b[1]]
    case 'int_sub':
      return [a[0] - b[1], a[1] - b[0]]
    case 'int_mul':
      return hull([a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]].map((corner) => [corner, corner] as const))
    case 'int_neg':
      return [-a[1], -a[0]]
    case 'int_min':
    case 'int_max':
      return hull([a, b])
    case 'int_div':
    case 'int_mod':
    case 'int_abs': {
      const most = Math.max(Math.abs(a[0]), Math.abs(a[1]))
      return [-most, most]
    }
    case 'int_of_int':
      return a
    default:
      return ANY
  }
}

const hull = (ranges: Range[]): Range => [
  Math.min(...ranges.map(([min]) => min)),
  Math.max(...ranges.map(([, max]) => max)),
]
