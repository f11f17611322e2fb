import type { ASTNode } from '@marcbachmann/cel-js'
import type { Literal, Macro, Node } from './ast.ts'
import { type Checking, callOf, comparisonOf } from './check-calls.ts'
import type { Environment, Field } from './environment.ts'
import { didYouMean, outside, refuse } from './errors.ts'
import { elementOf, INT_MAX, isList, listOf, unify, type ValueType } from './value-types.ts'

/** Macro variables in force, the innermost first. */
interface Scope {
  name: string
  id: number
  type: ValueType
  outer: Scope | undefined
}

const MACROS: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map']
const DEPTH_MAX = 64

/** The typed tree of a parsed expression; throws a Refusal that names the place. */
export function check(env: Environment, source: string, ast: ASTNode): Node {
  return typed({ env, source, variables: 0 }, ast, undefined, 0)
}

const TYPE_NAMES = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type']

function typed(c: Checking, ast: ASTNode, scope: Scope | undefined, depth: number): Node {
  if (depth > DEPTH_MAX) throw refuse(ast, 'too_large', `more than ${DEPTH_MAX} levels`, 'a shallower expression')
  const go = (child: ASTNode): Node => typed(c, child, scope, depth + 1)
  const at = { start: ast.start, end: ast.end }
  switch (ast.op) {
    case 'value':
      return literal(c, ast, ast.args)
    case 'id':
      return named(c, ast, ast.args, scope)
    case '.':
      return selected(c, ast, ast.args[0], ast.args[1], scope)
    case 'list':
      return listLiteral(ast, ast.args.map(go))
    case '&&':
    case '||': {
      const kind = ast.op === '&&' ? 'and' : 'or'
      const parts = chainOf(ast, ast.op).map((part) => {
        const node = go(part)
        expectBool(node, ast.op)
        return node
      })
      return { kind, parts, type: 'bool', ...at }
    }
    case '!_': {
      const of = go(ast.args)
      expectBool(of, '!')
      return { kind: 'not', of, type: 'bool', ...at }
    }
    case '-_':
      if (ast.args.op === 'value' && typeof ast.args.args === 'bigint') return literal(c, ast, -ast.args.args)
      if (ast.args.op === 'value' && typeof ast.args.args === 'number') return literal(c, ast, -ast.args.args)
      return callOf(c, ast, '-', 'unary', [go(ast.args)])
    case '?:': {
      const condition = go(ast.args[0])
      expectBool(condition, '?')
      const whenTrue = go(ast.args[1])
      const whenFalse = go(ast.args[2])
      const type = unify(whenTrue.type, whenFalse.type)
      if (!type)
        throw refuse(ast.args[2], 'wrong_type', `a ${whenFalse.type}`, `a ${whenTrue.type}, as before the colon`)
      return { kind: 'choose', condition, whenTrue, whenFalse, type, ...at }
    }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return comparisonOf(c, ast, ast.op, go(ast.args[0]), go(ast.args[1]))
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return callOf(c, ast, ast.op, 'operator', [go(ast.args[0]), go(ast.args[1])])
    case '[]': {
      const list = go(ast.args[0])
      if (list.type === 'list<never>') throw refuse(list, 'bad_literal', 'an empty list', 'a list that may have items')
      return callOf(c, ast, '[]', 'operator', [list, go(ast.args[1])])
    }
    case 'call':
      if (ast.args[0] === 'has') return presence(c, ast, ast.args[1], scope)
      return callOf(c, ast, ast.args[0], 'function', ast.args[1].map(go))
    case 'rcall':
      return received(c, ast, ast.args, scope, depth)
    case 'map':
      throw outside(ast, 'maps', 'a map', 'a list or an attribute')
    default:
      throw outside(ast, 'optional values', 'an optional access', 'has(customer.name)')
  }
}

/** The operands of a chain of the same connective, so that a long rule is wide and not deep. */
function chainOf(ast: ASTNode, op: '&&' | '||'): ASTNode[] {
  const parts: ASTNode[] = []
  let rest = ast
  while (rest.op === op) {
    const [left, right] = rest.args as [ASTNode, ASTNode]
    parts.push(right)
    rest = left
  }
  parts.push(rest)
  return parts.reverse()
}

function expectBool(node: Node, operator: string): void {
  if (node.type === 'bool' || node.type === 'never') return
  const hint =
    node.type === 'string' || isList(node.type)
      ? `Write size(…) > 0 to ask whether it has anything.`
      : node.type === 'int'
        ? 'Write a comparison, for instance … > 0.'
        : undefined
  throw refuse(node, 'wrong_type', `a ${node.type}`, `a bool for ${operator}`, hint)
}

function literal(c: Checking, ast: ASTNode, value: unknown): Node {
  const at = { start: ast.start, end: ast.end }
  const text = c.source.slice(ast.start, ast.end)
  switch (typeof value) {
    case 'bigint':
      if (value > BigInt(INT_MAX) || value < -BigInt(INT_MAX))
        throw outside(ast, 'integers beyond ±2⁵³', text, `an integer between -${INT_MAX} and ${INT_MAX}`)
      return { kind: 'literal', value: Number(value), type: 'int', ...at }
    case 'number':
      return { kind: 'literal', value, type: 'double', ...at }
    case 'string':
      if (!value.isWellFormed()) throw refuse(ast, 'bad_literal', 'half of a surrogate pair', 'whole characters')
      return { kind: 'literal', value, type: 'string', ...at }
    case 'boolean':
      return { kind: 'literal', value, type: 'bool', ...at }
  }
  if (value === null) throw outside(ast, 'null', 'null', 'has(…), which tells whether a value is there')
  if (value instanceof Uint8Array) throw outside(ast, 'bytes', 'bytes', 'a text without the b')
  throw outside(ast, 'unsigned integers', text, 'an integer without the u')
}

function listLiteral(ast: ASTNode, items: Node[]): Node {
  let type: ValueType = 'never'
  for (const item of items) {
    const wider = unify(type, item.type)
    if (!wider) {
      const expected =
        type === 'int' && item.type === 'double'
          ? 'one type in a list: write the whole numbers with .0'
          : 'one type in a list'
      throw outside(item, 'lists of mixed types', `a ${item.type} in a list of ${type}`, expected)
    }
    type = wider
  }
  return { kind: 'list', items, type: listOf(type), start: ast.start, end: ast.end }
}

const lookUp = (scope: Scope | undefined, name: string): Scope | undefined => {
  for (let s = scope; s; s = s.outer) if (s.name === name) return s
  return undefined
}

function named(c: Checking, ast: ASTNode, name: string, scope: Scope | undefined): Node {
  const at = { start: ast.start, end: ast.end }
  const variable = lookUp(scope, name)
  if (variable) return { kind: 'variable', name, id: variable.id, type: variable.type, ...at }
  const bare = c.env.namespaces.get('')?.get(name)
  if (bare) return { kind: 'attribute', namespace: '', name, path: name, type: bare.type, ...at }
  const fields = c.env.namespaces.get(name)
  if (fields) {
    const example = fields.keys().next().value ?? 'name'
    throw refuse(ast, 'unknown_name', `'${name}' alone`, `one of its attributes, such as ${name}.${example}`)
  }
  if (TYPE_NAMES.includes(name)) throw outside(ast, 'types as values', `the type ${name}`, 'a value')
  const owner = [...c.env.namespaces].find(([, known]) => known.has(name))
  const near = didYouMean(name, [...c.env.namespaces.keys(), ...scopeNames(scope)])
  const suggestion = owner
    ? `Did you mean ${owner[0]}.${name}?`
    : near
      ? `Did you mean ${near}?`
      : `Known here: ${[...c.env.namespaces.keys(), ...scopeNames(scope)].filter(Boolean).join(', ')}.`
  throw refuse(ast, 'unknown_name', `the unknown name '${name}'`, 'a name that is declared', suggestion)
}

function scopeNames(scope: Scope | undefined): string[] {
  const names: string[] = []
  for (let s = scope; s; s = s.outer) names.push(s.name)
  return names
}

function fieldOf(c: Checking, ast: ASTNode, owner: ASTNode, name: string, scope: Scope | undefined): Field {
  if (owner.op === 'id' && !lookUp(scope, owner.args)) {
    const namespace = owner.args
    const fields = c.env.namespaces.get(namespace)
    if (fields) {
      const field = fields.get(name)
      if (field) return field
      const near = didYouMean(name, fields.keys())
      throw refuse(
        { start: ast.pos, end: ast.end },
        'unknown_name',
        `the unknown attribute '${namespace}.${name}'`,
        `an attribute of ${namespace}`,
        near && `Did you mean ${namespace}.${near}?`,
      )
    }
    named(c, owner, namespace, scope)
  }
  if (owner.op === '.' && /^[\w.]+$/.test(c.source.slice(owner.start, owner.end))) {
    throw outside(ast, 'messages', `'${c.source.slice(ast.start, ast.end)}'`, 'namespace.attribute')
  }
  // What the owner itself is refused for says more than that it has no fields.
  const { type } = typed(c, owner, scope, 0)
  throw refuse(
    { start: ast.pos, end: ast.end },
    'wrong_type',
    `the field '${name}' of a ${type}`,
    'namespace.attribute',
  )
}

function selected(c: Checking, ast: ASTNode, owner: ASTNode, name: string, scope: Scope | undefined): Node {
  const field = fieldOf(c, ast, owner, name, scope)
  return {
    kind: 'attribute',
    namespace: field.namespace,
    name,
    path: field.path,
    type: field.type,
    start: ast.start,
    end: ast.end,
  }
}

function presence(c: Checking, ast: ASTNode, args: ASTNode[], scope: Scope | undefined): Node {
  const of = args[0]
  if (args.length !== 1 || !of || of.op !== '.')
    throw refuse(ast, 'wrong_type', `'${c.source.slice(ast.start, ast.end)}'`, 'has(namespace.attribute)')
  const field = fieldOf(c, of, of.args[0], of.args[1], scope)
  return {
    kind: 'has',
    namespace: field.namespace,
    name: field.name,
    path: field.path,
    type: 'bool',
    start: ast.start,
    end: ast.end,
  }
}

function received(
  c: Checking,
  ast: ASTNode,
  [name, receiver, args]: [string, ASTNode, ASTNode[]],
  scope: Scope | undefined,
  depth: number,
): Node {
  const over = typed(c, receiver, scope, depth + 1)
  const isMacro =
    MACROS.includes(name) && (args.length === 2 || (name === 'map' && args.length === 3)) && args[0]?.op === 'id'
  if (!isMacro) return callOf(c, ast, name, 'method', [over, ...args.map((arg) => typed(c, arg, scope, depth + 1))])
  if (!isList(over.type)) throw refuse(over, 'wrong_type', `a ${over.type}`, `a list for ${name}()`)
  const inner: Scope = {
    name: (args[0] as ASTNode & { op: 'id' }).args,
    id: c.variables++,
    type: elementOf(over.type),
    outer: scope,
  }
  const body = args.slice(1).map((arg) => typed(c, arg, inner, depth + 1))
  const test = name === 'map' ? (body.length === 2 ? body[0] : undefined) : body[0]
  const result = name === 'map' ? body.at(-1) : undefined
  if (test) expectBool(test, `${name}()`)
  const type = name === 'filter' ? over.type : result ? listOf(result.type) : 'bool'
  return {
    kind: 'walk',
    macro: name as Macro,
    over,
    variable: inner.id,
    type,
    start: ast.start,
    end: ast.end,
    ...(test ? { test } : {}),
    ...(result ? { result } : {}),
  }
}

export const isLiteral = (node: Node): node is Literal => node.kind === 'literal'
