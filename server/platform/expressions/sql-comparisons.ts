import type { Call, Node } from './ast.ts'
import { fieldOf } from './closure.ts'
import type { ComparisonId } from './functions.ts'
import { bind, either, inClickHouse, NEVER, type Sql, type SqlContext } from './sql-text.ts'
import { elementOf, isList, MS_PER_DAY, type ValueType } from './value-types.ts'

const SIGN: Record<Exclude<ComparisonId, 'in'>, string> = { eq: '=', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }

export function comparisonSql(c: SqlContext, id: ComparisonId, node: Call, [left, right]: [Sql, Sql]): Sql {
  const error = either([left.error, right.error])
  const [a, b] = node.args as [Call['args'][0], Call['args'][0]]
  if (id === 'in') return { value: membership(c, node, left.value, right.value), error }
  if (!isList(a.type)) return { value: native(c, id, a, b) ?? `(${left.value} ${SIGN[id]} ${right.value})`, error }
  const same = sameLists(c, a.type, b.type, left.value, right.value)
  return { value: id === 'eq' ? same : `(NOT ${same})`, error }
}

/**
 * A date or instant column beside a written one is compared as the column it is: no conversion per row, and ClickHouse
 * can use its order. Only within ClickHouse's own calendar; undefined otherwise.
 */
function native(c: SqlContext, id: Exclude<ComparisonId, 'in'>, a: Node, b: Node): string | undefined {
  const left = nativeSide(c, a)
  const right = nativeSide(c, b)
  return left && right && (a.kind === 'attribute' || b.kind === 'attribute')
    ? `(${left} ${SIGN[id]} ${right})`
    : undefined
}

const DAY_1901 = -25_202
const DAY_2299 = 120_165

function nativeSide(c: SqlContext, node: Node): string | undefined {
  if (node.type !== 'date' && node.type !== 'timestamp') return undefined
  if (node.kind === 'attribute') return fieldOf(c.env, node).column
  if (node.kind !== 'literal') return undefined
  const day = node.type === 'date' ? Number(node.value) : Math.floor(Number(node.value) / MS_PER_DAY)
  return day >= DAY_1901 && day < DAY_2299 ? inClickHouse(node.type, String(node.value)) : undefined
}

const holdsDouble = (type: ValueType): boolean => (isList(type) ? holdsDouble(elementOf(type)) : type === 'double')

function sameLists(c: SqlContext, a: ValueType, b: ValueType, left: string, right: string): string {
  if (a.includes('never') || b.includes('never')) {
    if (elementOf(a) === 'never') return `(length(${right}) = 0)`
    if (elementOf(b) === 'never') return `(length(${left}) = 0)`
  }
  // ClickHouse compares arrays with NaN equal to itself, CEL does not.
  if (!holdsDouble(a) && !holdsDouble(b)) return `(${left} = ${right})`
  return bind(c, [left, right], (x, y) => {
    const [p, q] = [`_e${c.bound++}`, `_e${c.bound++}`]
    const equal = isList(elementOf(a)) ? sameLists(c, elementOf(a), elementOf(b), p, q) : `${p} = ${q}`
    return `(length(${x}) = length(${y}) AND arrayAll((${p}, ${q}) -> ${equal}, ${x}, arrayResize(${y}, length(${x}))))`
  })
}

function membership(c: SqlContext, node: Call, item: string, list: string): string {
  const [of, among] = node.args as [Call['args'][0], Call['args'][0]]
  const element = elementOf(among.type)
  if (element === 'never') return NEVER
  const exact =
    of.type === element &&
    (of.type === 'string' ||
      of.type === 'int' ||
      of.type === 'date' ||
      of.type === 'timestamp' ||
      of.type === 'duration')
  if (exact && among.kind === 'list' && among.items.every((each) => each.kind === 'literal')) {
    const inside = list.slice(list.indexOf('[') + 1, list.lastIndexOf(']'))
    return `(${item} IN (${inside}))`
  }
  if (exact) return `has(${list}, ${item})`
  return bind(c, [item], (x) => {
    const each = `_e${c.bound++}`
    const equal = isList(element) ? sameLists(c, element, of.type, each, x!) : `${each} = ${x}`
    return `arrayExists(${each} -> ${equal}, ${list})`
  })
}
