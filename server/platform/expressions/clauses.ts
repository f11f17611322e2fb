import type { Attribute, Node } from './ast.ts'
import { isList, type ScalarType } from './value-types.ts'

/** One of the conditions a rule is made of: all must hold. */
export interface Clause {
  source: string
  start: number
  end: number
  ast: Node
  /** The clause as data, when it asks one thing of one attribute. */
  simple?: SimpleClause
}

/**
 * A clause over one attribute, in the inside form of its type (a date is a day number, an instant milliseconds).
 * An absent value reads as its default here too; only `presence` asks whether it is there. NaN is in no interval.
 */
export type SimpleClause =
  | { kind: 'interval'; path: string; type: ScalarType; low?: Bound; high?: Bound }
  | { kind: 'one_of'; path: string; type: ScalarType; values: (number | string)[]; negated: boolean }
  | { kind: 'truth'; path: string; is: boolean }
  | { kind: 'presence'; path: string; is: boolean }
  | { kind: 'member'; path: string; value: number | string | boolean; negated: boolean }

export interface Bound {
  value: number | string
  inclusive: boolean
}

/** The top-level conditions of a bool expression, in the order written. */
export function clausesOf(source: string, ast: Node): Clause[] {
  const parts = ast.kind === 'and' ? ast.parts.flatMap(flattened) : [ast]
  return parts.map((part) => {
    const simple = simpleClause(part)
    const { start, end } = withItsBrackets(source, part.start, part.end)
    return {
      source: source.slice(start, end),
      start,
      end,
      ast: part,
      ...(simple ? { simple } : {}),
    }
  })
}

/**
 * The parser's place of `(a) || (b)` begins inside the first bracket and ends inside the last: the text of a clause
 * must hold the brackets that its parts opened or closed.
 */
function withItsBrackets(source: string, start: number, end: number): { start: number; end: number } {
  let unopened = 0
  let open = 0
  let quote = ''
  for (let at = start; at < end; at++) {
    const c = source[at]!
    if (quote) {
      if (c === '\\') at++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '(') open++
    else if (c === ')' && open > 0) open--
    else if (c === ')') unopened++
  }
  let [from, to] = [start, end]
  for (; unopened > 0; unopened--) from = source.lastIndexOf('(', from - 1)
  for (; open > 0; open--) to = source.indexOf(')', to) + 1
  return { start: from, end: to }
}

const flattened = (node: Node): Node[] => (node.kind === 'and' ? node.parts.flatMap(flattened) : [node])

/** The data of a clause that an index can look up; undefined when it needs evaluating. */
export function simpleClause(node: Node): SimpleClause | undefined {
  switch (node.kind) {
    case 'attribute':
      return node.type === 'bool' ? { kind: 'truth', path: node.path, is: true } : undefined
    case 'has':
      return { kind: 'presence', path: node.path, is: true }
    case 'not': {
      const of = simpleClause(node.of)
      if (of?.kind === 'truth' || of?.kind === 'presence') return { ...of, is: !of.is }
      if (of?.kind === 'one_of' || of?.kind === 'member') return { ...of, negated: !of.negated }
      return undefined
    }
    case 'call':
      return comparison(node)
    default:
      return undefined
  }
}

const MIRRORED = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const
type Comparison = keyof typeof MIRRORED

function comparison(node: Node & { kind: 'call' }): SimpleClause | undefined {
  const [left, right] = node.args
  if (!left || !right) return undefined
  if (node.id === 'in') return membership(left, right)
  if (!(node.id in MIRRORED)) return undefined
  const id = node.id as Comparison
  if (left.kind === 'attribute' && right.kind === 'literal') return against(left, id, right.value)
  if (left.kind === 'literal' && right.kind === 'attribute') return against(right, MIRRORED[id], left.value)
  return undefined
}

function against(attribute: Attribute, id: Comparison, value: number | string | boolean): SimpleClause | undefined {
  const { path } = attribute
  if (isList(attribute.type)) return undefined
  const type = attribute.type as ScalarType
  if (typeof value === 'boolean')
    return id === 'eq' || id === 'ne' ? { kind: 'truth', path, is: (id === 'eq') === value } : undefined
  switch (id) {
    case 'eq':
    case 'ne':
      return { kind: 'one_of', path, type, values: [value], negated: id === 'ne' }
    case 'lt':
    case 'le':
      return { kind: 'interval', path, type, high: { value, inclusive: id === 'le' } }
    case 'gt':
    case 'ge':
      return { kind: 'interval', path, type, low: { value, inclusive: id === 'ge' } }
  }
}

function membership(item: Node, list: Node): SimpleClause | undefined {
  if (item.kind === 'literal' && list.kind === 'attribute')
    return { kind: 'member', path: list.path, value: item.value, negated: false }
  if (item.kind !== 'attribute' || list.kind !== 'list' || item.type === 'bool') return undefined
  const values: (number | string)[] = []
  for (const each of list.items) {
    if (each.kind !== 'literal' || typeof each.value === 'boolean') return undefined
    values.push(each.value)
  }
  return { kind: 'one_of', path: item.path, type: item.type as ScalarType, values, negated: false }
}
