import { childrenOf, type Node } from './ast.ts'
import { fieldOf } from './closure.ts'
import type { Environment } from './environment.ts'

/**
 * The most steps one evaluation may take. Lists have a declared greatest length, so the worst case is known before an
 * expression ever runs: a bomb is refused when it is written, and closure and SQL need no counter that could differ.
 */
export const STEPS_MAX = 200_000

/** The greatest number of nodes visited in one evaluation. */
export function costOf(env: Environment, node: Node): number {
  if (node.kind !== 'walk') {
    let cost = 1
    for (const child of childrenOf(node)) cost += costOf(env, child)
    if (
      node.kind === 'call' &&
      node.args[1] &&
      (node.id === 'in' || node.id === 'eq' || node.id === 'ne' || node.id === 'list_add')
    )
      cost += longest(env, node.args[1])
    if (node.kind === 'attribute' && node.type.startsWith('list<')) cost += longest(env, node)
    return cost
  }
  const body = (node.test ? costOf(env, node.test) : 0) + (node.result ? costOf(env, node.result) : 0)
  return costOf(env, node.over) + longest(env, node.over) * body
}

/** The greatest length a list can have; 0 for what is not a list. */
function longest(env: Environment, node: Node): number {
  if (!node.type.startsWith('list<')) return 0
  switch (node.kind) {
    case 'list':
      return node.items.length
    case 'attribute':
      return fieldOf(env, node).itemsMax
    case 'walk':
      return longest(env, node.over)
    case 'choose':
      return Math.max(longest(env, node.whenTrue), longest(env, node.whenFalse))
    case 'call':
      if (node.id === 'list_add') return longest(env, node.args[0]!) + longest(env, node.args[1]!)
      return 1_000
    default:
      // An item that is itself a list: nothing declares its length but the greatest there is.
      return 1_000
  }
}
