import { type Node, walk } from './ast.ts'
import { OVERLOADS, type Overload } from './functions.ts'

/** The expression with names and literals forgotten: two of the same shape differ only in which attribute or number. */
export function shapeOf(node: Node): string {
  switch (node.kind) {
    case 'literal':
    case 'attribute':
      return node.kind[0]! + node.type
    case 'has':
      return 'has'
    case 'variable':
      return `v${node.id}`
    case 'list':
      return `[${node.items.map(shapeOf)}]`
    case 'and':
    case 'or':
      return `${node.kind}(${node.parts.map(shapeOf)})`
    case 'not':
      return `!${shapeOf(node.of)}`
    case 'choose':
      return `?(${[node.condition, node.whenTrue, node.whenFalse].map(shapeOf)})`
    case 'call':
      return `${node.id}(${node.args.map(shapeOf)})`
    case 'walk':
      return `${node.macro}(${[node.over, node.test, node.result].map((part) => (part ? shapeOf(part) : ''))})`
  }
}

/** An operator with the types it is used on, as the coverage counts it: 'getHours() timestamp', 'in int list<int>'. */
export function cellOf({ name, style }: Overload, types: readonly string[]): string {
  const isOperator = style === 'operator' || style === 'unary'
  // A function and the method of its name are one operator; so is an accessor with and without its zone.
  return isOperator ? `${name} ${types.join(' ')}` : `${name}() ${types[0]}`
}

export function operatorsOf(node: Node): string[] {
  return [...walk(node)].map((each) => {
    switch (each.kind) {
      case 'call':
        return cellOf(
          OVERLOADS[each.id],
          each.args.map((arg) => arg.type),
        )
      case 'walk':
        return `${each.macro} ${each.over.type}`
      case 'choose':
      case 'literal':
      case 'attribute':
      case 'list':
        return `${each.kind} ${each.type}`
      default:
        return each.kind
    }
  })
}
