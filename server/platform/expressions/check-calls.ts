import type { ASTNode } from '@marcbachmann/cel-js'
import type { Node } from './ast.ts'
import { dayOfText, durationOfText, instantOfText } from './calendar-values.ts'
import type { Environment } from './environment.ts'
import { didYouMean, outside, refuse } from './errors.ts'
import { type ComparisonId, namesOf, type Overload, type OverloadId, overloadsOf } from './functions.ts'
import { patternProblem } from './patterns.ts'
import { comparable, elementOf, isList, isNumeric, listOf, unify, type ValueType } from './value-types.ts'
import { isZone } from './zones.ts'

/** What a check needs to know; `variables` counts the macro variables given out. */
export interface Checking {
  env: Environment
  source: string
  variables: number
}

const COMPARISON_OF: Record<string, ComparisonId> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  in: 'in',
}

/** A comparison: two of one type, or int beside double, which are compared as the numbers they are. */
export function comparisonOf(c: Checking, ast: ASTNode, op: string, left: Node, right: Node): Node {
  const id = COMPARISON_OF[op]!
  const node: Node = { kind: 'call', id, args: [left, right], type: 'bool', start: ast.start, end: ast.end }
  if (id === 'in') {
    if (!isList(right.type))
      throw refuse(
        right,
        'wrong_type',
        `a ${right.type}`,
        `a list after 'in'`,
        right.type === 'string' ? 'Write text.contains(part) to look inside a text.' : undefined,
      )
    const element = elementOf(right.type)
    if (!comparable(left.type, element))
      throw refuse(left, 'wrong_type', `a ${left.type}`, `a ${element}, as in the list`, textHint(c, left, element))
    return node
  }
  if (id === 'eq' || id === 'ne') {
    if (comparable(left.type, right.type)) return node
  } else if (comparable(left.type, right.type)) {
    if (!isList(left.type) && !isList(right.type)) return node
    throw refuse(
      ast,
      'wrong_type',
      `${left.type} ${op} ${right.type}`,
      'values that have an order',
      'Lists can only be compared with == and !=.',
    )
  }
  const hint = textHint(c, right, left.type) ?? textHint(c, left, right.type)
  throw refuse(
    operatorAt(c, op, left, right),
    'wrong_type',
    `${left.type} ${op} ${right.type}`,
    'two values of one type',
    hint,
  )
}

/** The operator itself, between its operands, for the caret to stand under. */
function operatorAt(c: Checking, op: string, left: Node, right: Node): { start: number; end: number } {
  const start = c.source.indexOf(op, left.end)
  return start >= 0 && start < right.start ? { start, end: start + op.length } : { start: left.start, end: right.end }
}

/** The name of a function or method in its call. */
function nameAt(
  c: Checking,
  ast: ASTNode,
  name: string,
  style: Overload['style'],
  args: Node[],
): { start: number; end: number } {
  const start = style === 'method' ? c.source.indexOf(name, args[0]!.end) : ast.start
  return start >= 0 && start + name.length <= ast.end ? { start, end: start + name.length } : ast
}

/** What to write when a text stands where another type was meant: customer.since_on > '2026-01-31'. */
function textHint(c: Checking, node: Node, wanted: ValueType): string | undefined {
  const text = c.source.slice(node.start, node.end)
  if (node.type === 'string' && ['date', 'timestamp', 'duration', 'int', 'double'].includes(wanted)) {
    if (node.kind === 'literal' && (wanted === 'int' || wanted === 'double')) return 'Write the number without quotes.'
    return `Write ${wanted}(${text}).`
  }
  if (node.type === 'timestamp' && wanted === 'date') return `Write date(${text}), the day in the bank's zone.`
  return undefined
}

/** An operator, function or method on checked arguments; throws a Refusal when no overload takes them. */
export function callOf(c: Checking, ast: ASTNode, name: string, style: Overload['style'], args: Node[]): Node {
  const candidates = overloadsOf(name, style)
  if (candidates.length === 0) throw unknown(c, ast, name, style, args)
  const constant = literalConversion(c, ast, name, style, args)
  if (constant) return constant
  const fitting = candidates.flatMap(([id, overload]) => {
    const type = resultOf(overload, args)
    return type ? [{ id, overload, type }] : []
  })
  const chosen = fitting[0]
  if (chosen) {
    for (const [i, param] of chosen.overload.params.entries()) checkWrittenOut(c, param, args[i]!)
    // dyn(x) tells CEL to forget a type; here every type is known, so it is x itself.
    if (chosen.id === 'dyn') return { ...args[0]!, start: ast.start, end: ast.end }
    // An item of an empty list literal fits several overloads; nothing is ever computed from it.
    const type = fitting.every((other) => other.type === chosen.type) ? chosen.type : 'never'
    return { kind: 'call', id: chosen.id, args, type, start: ast.start, end: ast.end }
  }
  throw mismatch(c, ast, name, style, candidates, args)
}

/** The result type of an overload for these arguments, undefined when it does not take them. */
function resultOf(overload: Overload, args: Node[]): ValueType | undefined {
  if (overload.params.length !== args.length) return undefined
  let bound: ValueType = 'never'
  for (let i = 0; i < args.length; i++) {
    const param = overload.params[i]!
    let type = args[i]!.type
    if (param === 'pattern' || param === 'zone') {
      if (type !== 'string') return undefined
      continue
    }
    if (param === 'T' || param === 'list<T>') {
      if (param === 'list<T>') {
        if (!isList(type)) return undefined
        type = elementOf(type)
      }
      const wider = unify(bound, type)
      if (!wider) return undefined
      bound = wider
      continue
    }
    if (!unify(param as ValueType, type)) return undefined
  }
  if (overload.result === 'T') return bound
  return overload.result === 'list<T>' ? listOf(bound) : (overload.result as ValueType)
}

function checkWrittenOut(c: Checking, param: string, arg: Node): void {
  if (param !== 'pattern' && param !== 'zone') return
  if (arg.kind !== 'literal') {
    const what = param === 'pattern' ? 'regular expression' : 'zone'
    throw refuse(
      arg,
      'needs_literal',
      `'${c.source.slice(arg.start, arg.end)}'`,
      `the ${what} written out as a text, so that it can be checked now`,
    )
  }
  const text = String(arg.value)
  if (param === 'zone') {
    if (!isZone(text))
      throw refuse(arg, 'bad_literal', `the zone '${text}'`, "a zone such as 'Europe/Prague' or '+01:00'")
    return
  }
  const problem = patternProblem(text)
  if (problem) throw refuse(arg, 'bad_literal', problem, 'a regular expression that RE2 takes')
}

const CONVERSIONS: Record<string, { of: (text: string) => number | undefined; expected: string }> = {
  date: { of: dayOfText, expected: "a day such as '2026-01-31'" },
  timestamp: {
    of: instantOfText,
    expected: "an instant such as '2026-01-31T08:00:00Z', years 0001 to 9999, to the millisecond",
  },
  duration: {
    of: durationOfText,
    expected: "a duration such as '1h30m' or '-2.5s', to the millisecond, at most 292 years",
  },
}

/** date('…'), timestamp('…') and duration('…') are the way their literals are written, so they are checked as such. */
function literalConversion(c: Checking, ast: ASTNode, name: string, style: string, args: Node[]): Node | undefined {
  const conversion = style === 'function' ? CONVERSIONS[name] : undefined
  const arg = args[0]
  if (!conversion || args.length !== 1 || arg?.type !== 'string') return undefined
  if (arg.kind !== 'literal') {
    if (name !== 'duration') return undefined
    throw refuse(arg, 'needs_literal', `'${c.source.slice(arg.start, arg.end)}'`, 'the duration written out as a text')
  }
  const value = conversion.of(String(arg.value))
  if (value === undefined) {
    const text = c.source.slice(arg.start, arg.end)
    if (/\.\d{3}\d*[1-9]/.test(text) || /[nuµ]s/.test(text))
      throw outside(arg, 'times finer than a millisecond', text, conversion.expected)
    throw refuse(arg, 'bad_literal', text, conversion.expected)
  }
  return { kind: 'literal', value, type: name as ValueType, start: ast.start, end: ast.end }
}

function unknown(c: Checking, ast: ASTNode, name: string, style: Overload['style'], args: Node[]) {
  const text = c.source
  if (name === 'uint' || name === 'bytes' || name === 'type')
    return outside(
      ast,
      name === 'type' ? 'types as values' : name === 'uint' ? 'unsigned integers' : 'bytes',
      `${name}()`,
      'a value of the language',
    )
  const other: Overload['style'] = style === 'method' ? 'function' : 'method'
  let suggestion: string | undefined
  if (overloadsOf(name, other).length > 0 && args.length > 0) {
    const [first, ...rest] = args.map((arg) => text.slice(arg.start, arg.end))
    suggestion =
      other === 'method'
        ? `Write ${first}.${name}(${rest.join(', ')}).`
        : `Write ${name}(${[first, ...rest].join(', ')}).`
  } else {
    const near = didYouMean(name, [
      ...namesOf(style),
      ...(style === 'method' ? ['all', 'exists', 'exists_one', 'filter', 'map'] : ['has']),
    ])
    if (near) suggestion = `Did you mean ${near}()?`
  }
  const found = `the unknown ${style} ${name}()`
  return refuse(nameAt(c, ast, name, style, args), 'unknown_function', found, `a ${style} of the language`, suggestion)
}

function mismatch(
  c: Checking,
  ast: ASTNode,
  name: string,
  style: Overload['style'],
  candidates: [OverloadId, Overload][],
  args: Node[],
) {
  const types = args.map((arg) => arg.type)
  if (style === 'operator' && name === '[]') {
    return isList(types[0]!)
      ? refuse(args[1]!, 'wrong_type', `a ${types[1]}`, 'an int: the index of an item, from 0')
      : refuse(args[0]!, 'wrong_type', `a ${types[0]}`, 'a list before [')
  }
  if (style === 'operator') {
    let hint: string | undefined
    const [left, right] = types as [ValueType, ValueType]
    if (isNumeric(left) && isNumeric(right) && left !== right) {
      const whole = args[left === 'int' ? 0 : 1]!
      const text = c.source.slice(whole.start, whole.end)
      hint = whole.kind === 'literal' ? `Write ${text}.0.` : `Write double(${text}).`
    } else if (name === '+' && (left === 'string' || right === 'string')) {
      const odd = args[left === 'string' ? 1 : 0]!
      hint = `Write string(${c.source.slice(odd.start, odd.end)}).`
    } else if (left === 'date' && right === 'date') hint = 'Write days_between(from, to).'
    else if (left === 'date') hint = 'Write add_days(date, days) or add_months(date, months).'
    const takes = candidates.map(([, o]) => `${o.params[0]} ${name} ${o.params[1]}`.replaceAll('<T>', ''))
    return refuse(
      operatorAt(c, name, args[0]!, args[1]!),
      'wrong_type',
      `${left} ${name} ${right}`,
      takes.join(', '),
      hint,
    )
  }
  if (style === 'unary') return refuse(ast, 'wrong_type', `-${types[0]}`, 'a number after -')
  const shown = (params: readonly string[]): string => {
    const plain = params.map((p) =>
      p.replace('pattern', 'string').replace('zone', 'string').replace('list<T>', 'list').replace(/^T$/, 'any'),
    )
    return style === 'method' ? `${plain[0]}.${name}(${plain.slice(1).join(', ')})` : `${name}(${plain.join(', ')})`
  }
  const hint =
    args.length === 1 && candidates.length === 1
      ? textHint(c, args[0]!, candidates[0]![1].params[0] as ValueType)
      : undefined
  return refuse(ast, 'wrong_type', shown(types), candidates.map(([, o]) => shown(o.params)).join(' or '), hint)
}
