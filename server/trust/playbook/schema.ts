import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { shown } from './document.ts'
import type { Complaint, Path } from './kind.ts'

/** A complaint and its place. */
export interface Misfit extends Complaint {
  path: Path
}

/** A reference that a value makes: the kind and id it names, and where. */
export interface Reference {
  path: Path
  kind: string
  id: string
}

type Node = Record<string, unknown>

const compiled = new WeakMap<object, ReturnType<typeof Compile>>()

/**
 * Where a value departs from a JSON Schema, in the words of a person: the deepest place, what was found, what was
 * expected, and the likeliest key when one is unknown. Empty when it fits.
 */
export function misfits(schema: TSchema, value: unknown): Misfit[] {
  let check = compiled.get(schema)
  if (!check) {
    check = Compile(schema)
    compiled.set(schema, check)
  }
  if (check.Check(value)) return []
  const found: Misfit[] = []
  walk(schema as Node, value, [], found)
  if (found.length > 0) return found.slice(0, 50)
  // A keyword that the walk below does not know: the validator's own words are still a place and a reason.
  return check.Errors(value).map((error) => ({
    path: error.instancePath.split('/').slice(1),
    found: shown(value),
    expected: error.message,
    message: `This ${error.message}.`,
  }))
}

/** Every reference (a string whose schema `refersTo` a kind) in a value that fits its schema. */
export function references(schema: TSchema, value: unknown): Reference[] {
  const found: Reference[] = []
  collect(schema as Node, value, [], found)
  return found
}

const fits = (schema: Node, value: unknown): boolean => {
  const found: Misfit[] = []
  walk(schema, value, [], found)
  return found.length === 0
}

function collect(schema: Node, value: unknown, path: Path, found: Reference[]): void {
  if (typeof value === 'string' && typeof schema.refers === 'string') {
    found.push({ path, kind: schema.refers, id: value })
  } else if (Array.isArray(schema.anyOf)) {
    const branch = (schema.anyOf as Node[]).find((option) => fits(option, value))
    if (branch) collect(branch, value, path, found)
  } else if (Array.isArray(schema.allOf)) {
    for (const part of schema.allOf as Node[]) collect(part, value, path, found)
  } else if (Array.isArray(value)) {
    value.forEach((item, at) => {
      const items = Array.isArray(schema.items) ? schema.items[at] : schema.items
      if (items) collect(items as Node, item, [...path, at], found)
    })
  } else if (value !== null && typeof value === 'object') {
    for (const [key, field] of Object.entries(value)) {
      const inner = fieldSchema(schema, key)
      if (inner) collect(inner, field, [...path, key], found)
    }
    const names = schema.propertyNames as Node | undefined
    if (names) for (const key of Object.keys(value)) collect(names, key, [...path, key], found)
  }
}

function fieldSchema(schema: Node, key: string): Node | undefined {
  const properties = schema.properties as Record<string, Node> | undefined
  if (properties && Object.hasOwn(properties, key)) return properties[key]
  for (const [pattern, inner] of Object.entries((schema.patternProperties as Record<string, Node>) ?? {})) {
    if (new RegExp(pattern, 'u').test(key)) return inner
  }
  return typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as Node) : undefined
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const ARTICLE: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
}

/** What a schema asks for, in a few words. */
function wanted(schema: Node): string {
  if (typeof schema.description === 'string') return schema.description
  if ('const' in schema) return shown(schema.const)
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map(shown).join(', ')}`
  if (Array.isArray(schema.anyOf)) {
    return `one of ${[...new Set((schema.anyOf as Node[]).map(wanted))].slice(0, 24).join(', ')}`
  }
  return ARTICLE[String(schema.type)] ?? 'another value'
}

function walk(schema: Node, value: unknown, path: Path, found: Misfit[]): void {
  const complain = (expected: string, message: string, at: Path = path, was: unknown = value) =>
    found.push({ path: at, found: shown(was), expected, message })
  if (Array.isArray(schema.anyOf)) {
    walkUnion(schema, value, path, found)
    return
  }
  if (Array.isArray(schema.allOf)) for (const part of schema.allOf as Node[]) walk(part, value, path, found)
  if ('const' in schema && value !== schema.const) {
    complain(shown(schema.const), `Write ${shown(schema.const)} here.`)
    return
  }
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
    complain(wanted(schema), `Write ${wanted(schema)}.${nearest(value, schema.enum)}`)
    return
  }
  const type = typeOf(value)
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.includes(type) && !(type === 'integer' && types.includes('number'))) {
    complain(wanted(schema), `Write ${wanted(schema)} here.`)
    return
  }
  if (typeof value === 'string') walkText(schema, value, complain)
  else if (typeof value === 'number') walkNumber(schema, value, complain)
  else if (Array.isArray(value)) walkList(schema, value, path, found, complain)
  else if (value !== null && typeof value === 'object') walkMapping(schema, value as Node, path, found)
}

type Complain = (expected: string, message: string, at?: Path, was?: unknown) => void

function walkText(schema: Node, value: string, complain: Complain): void {
  const { minLength, maxLength, pattern } = schema as { minLength?: number; maxLength?: number; pattern?: string }
  if (minLength !== undefined && value.length < minLength) {
    complain(`at least ${minLength} characters`, value ? 'This text is too short.' : 'This text is empty: write it.')
  } else if (maxLength !== undefined && value.length > maxLength) {
    complain(`at most ${maxLength} characters`, `This text has ${value.length} characters: shorten it.`)
  } else if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    const expected = typeof schema.description === 'string' ? schema.description : `text like ${pattern}`
    complain(expected, `Write ${expected} here.`)
  }
}

function walkNumber(schema: Node, value: number, complain: Complain): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<
    string,
    number | undefined
  >
  if (minimum !== undefined && value < minimum) complain(`${minimum} or more`, `The least here is ${minimum}.`)
  else if (maximum !== undefined && value > maximum) complain(`${maximum} or less`, `The most here is ${maximum}.`)
  else if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    complain(`more than ${exclusiveMinimum}`, `Write more than ${exclusiveMinimum}.`)
  } else if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    complain(`less than ${exclusiveMaximum}`, `Write less than ${exclusiveMaximum}.`)
  } else if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    complain(`a multiple of ${multipleOf}`, `Write a multiple of ${multipleOf}.`)
  }
}

function walkList(schema: Node, value: unknown[], path: Path, found: Misfit[], complain: Complain): void {
  const { minItems, maxItems } = schema as { minItems?: number; maxItems?: number }
  if (minItems !== undefined && value.length < minItems)
    complain(`at least ${minItems} items`, 'This list is too short.')
  if (maxItems !== undefined && value.length > maxItems) complain(`at most ${maxItems} items`, 'This list is too long.')
  if (schema.uniqueItems === true) {
    const seen = new Set<string>()
    value.forEach((item, at) => {
      const text = JSON.stringify(item)
      if (seen.has(text)) complain('each item once', 'This item is in the list twice: remove one.', [...path, at], item)
      seen.add(text)
    })
  }
  value.forEach((item, at) => {
    const items = Array.isArray(schema.items) ? schema.items[at] : schema.items
    if (items) walk(items as Node, item, [...path, at], found)
  })
}

function walkMapping(schema: Node, value: Node, path: Path, found: Misfit[]): void {
  const known = Object.keys((schema.properties as Node) ?? {})
  for (const key of (schema.required as string[]) ?? []) {
    if (!Object.hasOwn(value, key)) {
      const inner = fieldSchema(schema, key) ?? {}
      found.push({
        path: [...path, key],
        found: 'nothing',
        expected: `${key}: ${wanted(inner)}`,
        message: `The field ${key} is missing: add it.`,
      })
    }
  }
  for (const [key, field] of Object.entries(value)) {
    const inner = fieldSchema(schema, key)
    if (inner) walk(inner, field, [...path, key], found)
    else if (schema.additionalProperties === false) {
      const open = known.filter((name) => !Object.hasOwn(value, name))
      found.push({
        path: [...path, key],
        found: `the unknown field ${key}`,
        expected: `one of ${known.join(', ')}`,
        message: `There is no field ${key} here.${nearest(key, open) || ' Remove it, or look for its right name.'}`,
      })
    }
  }
}

// Of a union the reader is told about the branch that was meant: the one whose constants match (type: 'fixed' …),
// else the only one of the right type, else all of them at once.
function walkUnion(schema: Node, value: unknown, path: Path, found: Misfit[]): void {
  const options = schema.anyOf as Node[]
  const tries = options.map((option) => {
    const misfit: Misfit[] = []
    walk(option, value, path, misfit)
    return { option, misfit }
  })
  if (tries.some(({ misfit }) => misfit.length === 0)) return
  const meant = tries.filter(
    ({ option }) => option.type === 'object' && typeOf(value) === 'object' && constantsMatch(option, value as Node),
  )
  const ofType =
    meant.length > 0 ? meant : tries.filter(({ option }) => option.type === typeOf(value) && !('const' in option))
  const closest = ofType.sort((a, b) => a.misfit.length - b.misfit.length)[0]
  if (closest && (meant.length > 0 || ofType.length === 1)) {
    found.push(...closest.misfit)
    return
  }
  const constants = options.filter((option) => 'const' in option).map((option) => option.const)
  found.push({
    path,
    found: shown(value),
    expected: wanted(schema),
    message: `Write ${wanted(schema)}.${nearest(value, constants)}`,
  })
}

function constantsMatch(option: Node, value: Node): boolean {
  const properties = (option.properties as Record<string, Node>) ?? {}
  const constants = Object.entries(properties).filter(([, inner]) => 'const' in inner)
  return constants.length > 0 && constants.every(([key, inner]) => value[key] === inner.const)
}

/** ' Did you mean x?' for the option at most two letters away, else ''. */
export function nearest(value: unknown, options: readonly unknown[]): string {
  if (typeof value !== 'string') return ''
  let best: string | undefined
  let bestDistance = Math.min(3, Math.ceil(value.length / 2) + 1)
  for (const option of options) {
    if (typeof option !== 'string') continue
    const distance = editDistance(value, option, bestDistance)
    if (distance < bestDistance) {
      best = option
      bestDistance = distance
    }
  }
  return best === undefined ? '' : ` Did you mean ${best}?`
}

/** Levenshtein's distance, given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    previous = row
  }
  return previous[b.length]!
}
