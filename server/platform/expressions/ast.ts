import type { OverloadId } from './functions.ts'
import type { ValueType } from './value-types.ts'

/** The checked tree of an expression. Offsets are into the source; every node knows its type. */
interface Placed {
  type: ValueType
  start: number
  end: number
}

/** A value in the inside form (value-types.ts). */
export interface Literal extends Placed {
  kind: 'literal'
  value: number | string | boolean
}

export interface Attribute extends Placed {
  kind: 'attribute'
  namespace: string
  name: string
  path: string
}

/** has(customer.x) */
export interface Presence extends Placed {
  kind: 'has'
  namespace: string
  name: string
  path: string
}

/** The item a macro walks over; `id` is unique within the program. */
export interface Variable extends Placed {
  kind: 'variable'
  name: string
  id: number
}

export interface ListLiteral extends Placed {
  kind: 'list'
  items: Node[]
}

/** A chain of && or ||, flattened: their order does not matter to the value. */
export interface Logic extends Placed {
  kind: 'and' | 'or'
  parts: Node[]
}

export interface Negation extends Placed {
  kind: 'not'
  of: Node
}

export interface Choice extends Placed {
  kind: 'choose'
  condition: Node
  whenTrue: Node
  whenFalse: Node
}

/** An operator, function or method; a method's receiver is the first argument. */
export interface Call extends Placed {
  kind: 'call'
  id: OverloadId
  args: Node[]
}

export type Macro = 'all' | 'exists' | 'exists_one' | 'filter' | 'map'

export interface Walk extends Placed {
  kind: 'walk'
  macro: Macro
  over: Node
  variable: number
  /** The condition; only map may be without one. */
  test?: Node
  /** What map makes of each item. */
  result?: Node
}

export type Node = Literal | Attribute | Presence | Variable | ListLiteral | Logic | Negation | Choice | Call | Walk

export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'list':
      return node.items
    case 'and':
    case 'or':
      return node.parts
    case 'not':
      return [node.of]
    case 'choose':
      return [node.condition, node.whenTrue, node.whenFalse]
    case 'call':
      return node.args
    case 'walk':
      return [node.over, ...(node.test ? [node.test] : []), ...(node.result ? [node.result] : [])]
    default:
      return []
  }
}

/** Every node, parents first. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* walk(child)
}
