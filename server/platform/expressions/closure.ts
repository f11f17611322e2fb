import type { Attribute, Call, Choice, Logic, Node, Walk } from './ast.ts'
import { comparing } from './closure-comparisons.ts'
import { Failure, implementations } from './closure-functions.ts'
import { type Environment, type Field, inward } from './environment.ts'
import { ExpressionError } from './errors.ts'
import { COMPARISONS, type ComparisonId, type OverloadId } from './functions.ts'

/** What an expression is evaluated on: attribute values by namespace; absent is undefined or null. */
export type Facts = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/** Gives a value in the inside form or an ExpressionError; never throws. */
export type Run = (facts: Facts) => unknown

/** The item a macro is at. One cell per macro: evaluation is synchronous and a macro never contains itself. */
interface Cell {
  item: unknown
}

interface Compiling {
  env: Environment
  functions: ReturnType<typeof implementations>
  cells: Map<number, Cell>
}

/**
 * The reference backend. The tree becomes closures specialised by operator and type; errors are returned, not thrown,
 * so that an error absorbed by && or || costs no more than a value.
 */
export function closureOf(env: Environment, node: Node, functions = implementations(env.zone)): Run {
  return compile({ env, functions, cells: new Map() }, node)
}

function compile(c: Compiling, node: Node): Run {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'attribute':
      return reading(fieldOf(c.env, node), node)
    case 'has': {
      const { namespace, name } = node
      if (fieldOf(c.env, node).required) return () => true
      return (facts) => {
        const value = facts[namespace]?.[name]
        return value !== undefined && value !== null
      }
    }
    case 'variable': {
      const cell = c.cells.get(node.id)!
      return () => cell.item
    }
    case 'list':
      return listing(node.items.map((item) => compile(c, item)))
    case 'and':
      return anding(
        node,
        node.parts.map((part) => compile(c, part)),
      )
    case 'or':
      return oring(node.parts.map((part) => compile(c, part)))
    case 'not': {
      const of = compile(c, node.of)
      return (facts) => {
        const value = of(facts)
        return value === true ? false : value === false ? true : value
      }
    }
    case 'choose':
      return choosing(c, node)
    case 'call':
      return calling(c, node)
    case 'walk':
      return walking(c, node)
  }
}

export const fieldOf = (env: Environment, node: { namespace: string; name: string }): Field =>
  env.namespaces.get(node.namespace)!.get(node.name)!

/** Reads an attribute: absent gives the default, a value of another type or size is an error. */
function reading(field: Field, node: Attribute): Run {
  const { namespace, name, type, itemsMax, default: fallback } = field
  const bad = new ExpressionError('bad_fact', node.start, node.end)
  if (type === 'int') {
    return (facts) => {
      const value = facts[namespace]?.[name]
      if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : bad
      return value === undefined || value === null ? fallback : bad
    }
  }
  if (type === 'double') {
    return (facts) => {
      const value = facts[namespace]?.[name]
      if (typeof value === 'number') return value
      return value === undefined || value === null ? fallback : bad
    }
  }
  if (type === 'string') {
    return (facts) => {
      const value = facts[namespace]?.[name]
      if (typeof value === 'string') return value
      return value === undefined || value === null ? fallback : bad
    }
  }
  if (type === 'bool') {
    return (facts) => {
      const value = facts[namespace]?.[name]
      if (typeof value === 'boolean') return value
      return value === undefined || value === null ? fallback : bad
    }
  }
  return (facts) => {
    const value = facts[namespace]?.[name]
    if (value === undefined || value === null) return fallback
    const inside = inward(type, value, itemsMax)
    return inside === undefined ? bad : inside
  }
}

function listing(items: Run[]): Run {
  return (facts) => {
    const list: unknown[] = new Array(items.length)
    for (let i = 0; i < items.length; i++) {
      const value = items[i]!(facts)
      if (value instanceof ExpressionError) return value
      list[i] = value
    }
    return list
  }
}

/** False when any part is false; else the first error; else true. */
function anding(node: Logic, parts: Run[]): Run {
  if (parts.length === 2) {
    const [left, right] = parts as [Run, Run]
    return (facts) => {
      const a = left(facts)
      if (a === false) return false
      const b = right(facts)
      return b === false ? false : a !== true ? a : b
    }
  }
  const count = node.parts.length
  return (facts) => {
    let result: unknown = true
    for (let i = 0; i < count; i++) {
      const value = parts[i]!(facts)
      if (value === false) return false
      if (value !== true && result === true) result = value
    }
    return result
  }
}

/** True when any part is true; else the first error; else false. */
function oring(parts: Run[]): Run {
  const count = parts.length
  return (facts) => {
    let result: unknown = false
    for (let i = 0; i < count; i++) {
      const value = parts[i]!(facts)
      if (value === true) return true
      if (value !== false && result === false) result = value
    }
    return result
  }
}

function choosing(c: Compiling, node: Choice): Run {
  const condition = compile(c, node.condition)
  const then = compile(c, node.whenTrue)
  const otherwise = compile(c, node.whenFalse)
  return (facts) => {
    const value = condition(facts)
    return value === true ? then(facts) : value === false ? otherwise(facts) : value
  }
}

const isComparison = (id: OverloadId): id is ComparisonId => (COMPARISONS as readonly string[]).includes(id)

function calling(c: Compiling, node: Call): Run {
  const args = node.args.map((arg) => compile(c, arg))
  if (isComparison(node.id)) return comparing(node.id, node, args)
  const apply = c.functions[node.id as Exclude<OverloadId, ComparisonId | 'dyn'>]
  const settle = settling(node)
  const [first, second] = args as [Run, Run]
  if (args.length === 1) {
    return (facts) => {
      const a = first(facts)
      if (a instanceof ExpressionError) return a
      const result = apply(a)
      return result instanceof Failure ? settle(result) : result
    }
  }
  return (facts) => {
    const a = first(facts)
    if (a instanceof ExpressionError) return a
    const b = second(facts)
    if (b instanceof ExpressionError) return b
    const result = apply(a, b)
    return result instanceof Failure ? settle(result) : result
  }
}

/** Gives a failure its place. */
function settling(node: Node): (failure: Failure) => ExpressionError {
  const made = new Map<Failure, ExpressionError>()
  return (failure) => {
    let error = made.get(failure)
    if (!error) {
      error = new ExpressionError(failure.code, node.start, node.end)
      made.set(failure, error)
    }
    return error
  }
}

function walking(c: Compiling, node: Walk): Run {
  const over = compile(c, node.over)
  const cell: Cell = { item: undefined }
  c.cells.set(node.variable, cell)
  const test = node.test && compile(c, node.test)
  const result = node.result && compile(c, node.result)
  const step = WALKS[node.macro](cell, test, result)
  return (facts) => {
    const list = over(facts)
    return list instanceof ExpressionError ? list : step(facts, list as unknown[])
  }
}

type Step = (facts: Facts, list: unknown[]) => unknown

/** all and exists absorb errors as && and || do; the others cannot know their result when one item has an error. */
const WALKS: Record<Walk['macro'], (cell: Cell, test: Run | undefined, result: Run | undefined) => Step> = {
  all: (cell, test) => (facts, list) => {
    let outcome: unknown = true
    for (let i = 0; i < list.length; i++) {
      cell.item = list[i]
      const value = test!(facts)
      if (value === false) return false
      if (value !== true && outcome === true) outcome = value
    }
    return outcome
  },
  exists: (cell, test) => (facts, list) => {
    let outcome: unknown = false
    for (let i = 0; i < list.length; i++) {
      cell.item = list[i]
      const value = test!(facts)
      if (value === true) return true
      if (value !== false && outcome === false) outcome = value
    }
    return outcome
  },
  exists_one: (cell, test) => (facts, list) => {
    let count = 0
    for (let i = 0; i < list.length; i++) {
      cell.item = list[i]
      const value = test!(facts)
      if (value === true) count++
      else if (value !== false) return value
    }
    return count === 1
  },
  filter: (cell, test) => (facts, list) => {
    const kept: unknown[] = []
    for (let i = 0; i < list.length; i++) {
      cell.item = list[i]
      const value = test!(facts)
      if (value === true) kept.push(list[i])
      else if (value !== false) return value
    }
    return kept
  },
  map: (cell, test, result) => (facts, list) => {
    const made: unknown[] = []
    for (let i = 0; i < list.length; i++) {
      cell.item = list[i]
      if (test) {
        const value = test(facts)
        if (value === false) continue
        if (value !== true) return value
      }
      const value = result!(facts)
      if (value instanceof ExpressionError) return value
      made.push(value)
    }
    return made
  },
}
