/**
 * A rule as a tree of conditions, and the same as an expression. The tree is what the builder shows and keeps; the
 * expression is what the bank stores. Whatever the tree cannot hold (sums, comparisons of two attributes, conditions on
 * conditions) is read as nothing: such a rule is shown as text alone, and never changed by being looked at.
 */

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'notIn'
  | 'beginsWith'
  | 'contains'
  | 'containsNot'
  | 'isTrue'
  | 'isFalse'
  | 'known'
  | 'unknown'
  | 'withinDays'

export type Scalar = string | number
export interface Condition {
  id?: string
  /** An attribute's id. */
  field: string
  operator: Operator
  /** A list for `in` and `notIn`, also when it has one item; nothing for what asks only whether. */
  value: Scalar | Scalar[] | null
}
export interface Group {
  id?: string
  combinator: 'and' | 'or'
  not?: boolean
  rules: (Condition | Group)[]
}
export const isGroup = (part: Condition | Group): part is Group => 'rules' in part

/** What the builder must know of an attribute. */
export type TypeOf = (field: string) => string | undefined

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`

function literal(value: Scalar, type: string | undefined): string {
  if (type === 'int') return String(Math.trunc(Number(value) || 0))
  if (type === 'double') {
    const text = String(Number(value) || 0)
    return /[.e]/.test(text) ? text : `${text}.0`
  }
  if (type === 'date') return `date(${quoted(String(value))})`
  return quoted(String(value))
}

function written({ field, operator, value }: Condition, typeOf: TypeOf): string {
  const read = `customer.${field}`
  const type = typeOf(field)
  const one = (): string => literal((Array.isArray(value) ? value[0] : value) ?? '', type)
  const list = (): string =>
    `[${(Array.isArray(value) ? value : [value ?? '']).map((item) => literal(item, type)).join(', ')}]`
  switch (operator) {
    case '=':
      return `${read} == ${one()}`
    case 'in':
      return `${read} in ${list()}`
    case 'notIn':
      return `!(${read} in ${list()})`
    case 'beginsWith':
      return `${read}.startsWith(${one()})`
    case 'contains':
      return `${quoted(String(value ?? ''))} in ${read}`
    case 'containsNot':
      return `!(${quoted(String(value ?? ''))} in ${read})`
    case 'isTrue':
      return read
    case 'isFalse':
      return `!${read}`
    case 'known':
      return `has(${read})`
    case 'unknown':
      return `!has(${read})`
    case 'withinDays':
      return `days_between(${read}, context.today) <= ${Math.trunc(Number(value) || 0)}`
    default:
      return `${read} ${operator} ${one()}`
  }
}

function writtenGroup(group: Group, typeOf: TypeOf): string {
  const parts = group.rules
    .filter((part) => !isGroup(part) || part.rules.length > 0)
    .map((part) => {
      if (!isGroup(part)) return written(part, typeOf)
      const inner = writtenGroup(part, typeOf)
      return part.not ? inner : `(${inner})`
    })
  const text = parts.length === 0 ? 'true' : parts.join(group.combinator === 'and' ? ' && ' : ' || ')
  return group.not ? `!(${text})` : text
}

/** The tree as an expression. A tree without conditions is everybody: `true`. */
export const expressionOf = (tree: Group, typeOf: TypeOf): string => writtenGroup(tree, typeOf)

type Token = { kind: 'name' | 'number' | 'text' | 'sign'; text: string }

const TOKEN =
  /\s+|(?<name>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<sign>&&|\|\||==|!=|<=|>=|[!<>()[\],.-])/y

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)
    if (!found) return undefined
    for (const kind of ['name', 'number', 'text', 'sign'] as const) {
      const piece = found.groups?.[kind]
      if (piece !== undefined) tokens.push({ kind, text: piece })
    }
  }
  return tokens
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' }

/** The tree of an expression, or undefined when the builder cannot show all of it. */
export function treeOf(text: string, typeOf: TypeOf): Group | undefined {
  const tokens = tokensOf(text)
  if (!tokens) return undefined
  if (tokens.length === 1 && tokens[0]!.text === 'true') return { combinator: 'and', rules: [] }
  let at = 0
  const fail = (): never => {
    throw NOT_SHOWN
  }
  const peek = (offset = 0): string | undefined => tokens[at + offset]?.text
  const take = (text: string): void => {
    if (peek() !== text) fail()
    at++
  }
  const taken = (kind: Token['kind']): string => {
    const token = tokens[at]
    if (token?.kind !== kind) return fail()
    at++
    return token.text
  }
  const textLiteral = (): string =>
    taken('text')
      .slice(1, -1)
      .replace(/\\(.)/g, (_, sign: string) => ESCAPES[sign] ?? fail())
  const attribute = (): string => {
    take('customer')
    take('.')
    const field = taken('name')
    if (typeOf(field) === undefined) fail()
    return field
  }
  const scalar = (type: string | undefined): Scalar => {
    if (type === 'string') return textLiteral()
    if (type === 'date') {
      take('date')
      take('(')
      const date = textLiteral()
      take(')')
      return date
    }
    if (type !== 'int' && type !== 'double') return fail()
    const sign = peek() === '-' ? -1 : 1
    if (sign < 0) at++
    const digits = taken('number')
    // 1 and 1.0 are of different types in the language: what is not of the attribute's own stays as it was written.
    if ((type === 'int') !== /^\d+$/.test(digits)) fail()
    return sign * Number(digits)
  }
  const either = (): Condition | Group => {
    const parts = [both()]
    while (peek() === '||') {
      at++
      parts.push(both())
    }
    return parts.length === 1 ? parts[0]! : { combinator: 'or', rules: parts }
  }
  const both = (): Condition | Group => {
    const parts = [single()]
    while (peek() === '&&') {
      at++
      parts.push(single())
    }
    return parts.length === 1 ? parts[0]! : { combinator: 'and', rules: parts }
  }
  const single = (): Condition | Group => {
    if (peek() !== '!') return plain()
    at++
    const inner = plain()
    if (isGroup(inner)) return inner.not ? fail() : { ...inner, not: true }
    const negative = NEGATIVE[inner.operator]
    return negative ? { ...inner, operator: negative } : { combinator: 'and', not: true, rules: [inner] }
  }
  const plain = (): Condition | Group => {
    if (peek() === '(') {
      take('(')
      const inner = either()
      take(')')
      return inner
    }
    if (peek() === 'has') {
      take('has')
      take('(')
      const field = attribute()
      take(')')
      return { field, operator: 'known', value: null }
    }
    if (peek() === 'days_between') return withinDays()
    if (tokens[at]?.kind === 'text') {
      const value = textLiteral()
      take('in')
      const field = attribute()
      return typeOf(field) === 'list<string>' ? { field, operator: 'contains', value } : fail()
    }
    return comparison()
  }
  const withinDays = (): Condition => {
    take('days_between')
    take('(')
    const field = attribute()
    for (const sign of [',', 'context', '.', 'today', ')', '<=']) take(sign)
    return typeOf(field) === 'date' ? { field, operator: 'withinDays', value: Number(taken('number')) } : fail()
  }
  const comparison = (): Condition => {
    const field = attribute()
    const type = typeOf(field)
    const sign = peek()
    if (sign === 'in') {
      at++
      take('[')
      const value = [scalar(type)]
      while (peek() === ',') {
        at++
        value.push(scalar(type))
      }
      take(']')
      return { field, operator: 'in', value }
    }
    if (sign === '.') {
      at++
      take('startsWith')
      take('(')
      const value = textLiteral()
      take(')')
      return { field, operator: 'beginsWith', value }
    }
    const operator = sign === undefined ? undefined : COMPARES[sign]
    if (operator === undefined) return type === 'bool' ? { field, operator: 'isTrue', value: null } : fail()
    at++
    return { field, operator, value: scalar(type) }
  }
  try {
    const whole = either()
    if (at < tokens.length) return undefined
    return isGroup(whole) ? whole : { combinator: 'and', rules: [whole] }
  } catch (error) {
    if (error === NOT_SHOWN) return undefined
    throw error
  }
}

const NOT_SHOWN = Symbol('more than the builder shows')
const COMPARES: Record<string, Operator> = { '==': '=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' }
const NEGATIVE: Partial<Record<Operator, Operator>> = {
  in: 'notIn',
  contains: 'containsNot',
  isTrue: 'isFalse',
  known: 'unknown',
}

/** What may be asked of an attribute of a type, the most usual first. */
export function operatorsFor(type: string | undefined): Operator[] {
  switch (type) {
    case 'int':
    case 'double':
      return ['>=', '<=', '=', '!=', '>', '<', 'known', 'unknown']
    case 'bool':
      return ['isTrue', 'isFalse']
    case 'list<string>':
      return ['contains', 'containsNot']
    case 'date':
      return ['withinDays', '>=', '<=', '=', 'known', 'unknown']
    case 'string':
      return ['=', '!=', 'in', 'notIn', 'beginsWith', 'known', 'unknown']
    default:
      return ['known', 'unknown']
  }
}

/** The attributes that an expression names, each once, in their order. */
export const readsOf = (expression: string): string[] => [
  ...new Set([...expression.matchAll(/\bcustomer\.([a-z]\w*)/g)].map(([, id]) => id!)),
]
