import type { Call } from './ast.ts'
import type { Run } from './closure.ts'
import { compareTexts, sameLists } from './closure-functions.ts'
import { ExpressionError } from './errors.ts'
import type { ComparisonId } from './functions.ts'
import { elementOf, isList } from './value-types.ts'

/** The closure of a comparison, one body per operator so that each stays small and of one shape. */
export function comparing(id: ComparisonId, node: Call, args: Run[]): Run {
  const [left, right] = args as [Run, Run]
  const type = node.args[0]!.type
  if (id === 'in') return membership(node, left, right)
  if (isList(type)) return listEquality(id === 'eq', left, right)
  const other = node.args[1]!
  if (type === 'string' && id !== 'eq' && id !== 'ne') return textOrder(id, left, right)
  if (other.kind === 'literal') return AGAINST_LITERAL[id](left, other.value)
  return BETWEEN[id](left, right)
}

type Scalar = number | string | boolean

// Scalars are never objects, so one typeof tells an error from a value.
const AGAINST_LITERAL: Record<Exclude<ComparisonId, 'in'>, (left: Run, k: Scalar) => Run> = {
  eq: (left, k) => (facts) => {
    const a = left(facts)
    return typeof a === 'object' ? a : a === k
  },
  ne: (left, k) => (facts) => {
    const a = left(facts)
    return typeof a === 'object' ? a : a !== k
  },
  lt: (left, k) => (facts) => {
    const a = left(facts) as Scalar
    return typeof a === 'object' ? a : a < k
  },
  le: (left, k) => (facts) => {
    const a = left(facts) as Scalar
    return typeof a === 'object' ? a : a <= k
  },
  gt: (left, k) => (facts) => {
    const a = left(facts) as Scalar
    return typeof a === 'object' ? a : a > k
  },
  ge: (left, k) => (facts) => {
    const a = left(facts) as Scalar
    return typeof a === 'object' ? a : a >= k
  },
}

const BETWEEN: Record<Exclude<ComparisonId, 'in'>, (left: Run, right: Run) => Run> = {
  eq: (left, right) => (facts) => {
    const a = left(facts)
    if (typeof a === 'object') return a
    const b = right(facts)
    return typeof b === 'object' ? b : a === b
  },
  ne: (left, right) => (facts) => {
    const a = left(facts)
    if (typeof a === 'object') return a
    const b = right(facts)
    return typeof b === 'object' ? b : a !== b
  },
  lt: (left, right) => (facts) => {
    const a = left(facts) as Scalar
    if (typeof a === 'object') return a
    const b = right(facts) as Scalar
    return typeof b === 'object' ? b : a < b
  },
  le: (left, right) => (facts) => {
    const a = left(facts) as Scalar
    if (typeof a === 'object') return a
    const b = right(facts) as Scalar
    return typeof b === 'object' ? b : a <= b
  },
  gt: (left, right) => (facts) => {
    const a = left(facts) as Scalar
    if (typeof a === 'object') return a
    const b = right(facts) as Scalar
    return typeof b === 'object' ? b : a > b
  },
  ge: (left, right) => (facts) => {
    const a = left(facts) as Scalar
    if (typeof a === 'object') return a
    const b = right(facts) as Scalar
    return typeof b === 'object' ? b : a >= b
  },
}

const ORDERED: Record<'lt' | 'le' | 'gt' | 'ge', (order: number) => boolean> = {
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
}

function textOrder(id: 'lt' | 'le' | 'gt' | 'ge', left: Run, right: Run): Run {
  const holds = ORDERED[id]
  return (facts) => {
    const a = left(facts)
    if (typeof a === 'object') return a
    const b = right(facts)
    return typeof b === 'object' ? b : holds(compareTexts(a as string, b as string))
  }
}

function listEquality(wanted: boolean, left: Run, right: Run): Run {
  return (facts) => {
    const a = left(facts)
    if (a instanceof ExpressionError) return a
    const b = right(facts)
    if (b instanceof ExpressionError) return b
    return sameLists(a as unknown[], b as unknown[]) === wanted
  }
}

function membership(node: Call, left: Run, right: Run): Run {
  const list = node.args[1]!
  if (isList(node.args[0]!.type) || isList(elementOf(list.type))) {
    return (facts) => {
      const a = left(facts)
      if (a instanceof ExpressionError) return a
      const b = right(facts)
      return b instanceof ExpressionError ? b : (b as unknown[][]).some((item) => sameLists(item, a as unknown[]))
    }
  }
  if (list.kind === 'list' && list.items.every((item) => item.kind === 'literal')) {
    // A literal cannot be NaN, the one value on which a Set and == disagree.
    const known = new Set(list.items.map((item) => (item as { value: Scalar }).value))
    return (facts) => {
      const a = left(facts) as Scalar
      return typeof a === 'object' ? a : known.has(a)
    }
  }
  return (facts) => {
    const a = left(facts)
    if (typeof a === 'object') return a
    const b = right(facts)
    return b instanceof ExpressionError ? b : (b as unknown[]).indexOf(a) >= 0
  }
}
