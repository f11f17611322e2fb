import type { Call } from './ast.ts'
import type { ComparisonId } from './functions.ts'
import { bind, either, NEVER, type Sql, type SqlContext } from './sql-text.ts'
import { elementOf, isList, type ValueType } from './value-types.ts'

const SIGN: Record<Exclude<ComparisonId, 'in'>, string> = { eq: '=', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' }

export function comparisonSql(c: SqlContext, id: ComparisonId, node: Call, [left, right]: [Sql, Sql]): Sql {
  const error = either([left.error, right.error])
  const [a, b] = node.args as [Call['args'][0], Call['args'][0]]
  if (id === 'in') return { value: membership(c, node, left.value, right.value), error }
  if (!isList(a.type)) return { value: `(${left.value} ${SIGN[id]} ${right.value})`, error }
  const same = sameLists(c, a.type, b.type, left.value, right.value)
  return { value: id === 'eq' ? same : `(NOT ${same})`, error }
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
