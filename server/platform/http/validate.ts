import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { invalid, type Problem } from '#platform/errors'

/** Limits given to a schema that names none, so that no field of any route is unlimited. */
export const TEXT_LENGTH_MAX = 10_000
export const LIST_LENGTH_MAX = 10_000
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:0\d|1[0-4]):[0-5]\d)$/

/** Whether the text is a date of the calendar, years 0001 to 9999. */
export function isDate(text: string): boolean {
  const found = DATE.exec(text)
  if (!found) return false
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}

/** Whether the text is an RFC 3339 instant with an offset; a leap second is refused. */
export function isInstant(text: string): boolean {
  const found = INSTANT.exec(text)
  return found !== null && isDate(found[1]!)
}

const FORMATS: Record<string, (text: string) => boolean> = {
  date: isDate,
  'date-time': isInstant,
  uuid: (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text),
  email: (text) => text.length <= 320 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/.test(text),
  uri: (text) => URL.canParse(text),
}

function ajvWith(coerceTypes: boolean | 'array'): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    coerceTypes,
    useDefaults: true,
    allErrors: false,
    verbose: true,
    ownProperties: true,
  })
  for (const [name, check] of Object.entries(FORMATS)) ajv.addFormat(name, check)
  return ajv
}
const strict = ajvWith(false)
// Query and path arrive as text only: '5' is how an integer is written there.
const fromText = ajvWith('array')

type Schema = Record<string, unknown>
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same JSON Schema with the default limits written in, as the reference shows it. */
export function bounded(schema: unknown): Schema {
  const copy = JSON.parse(JSON.stringify(schema)) as Schema
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (!isSchema(node)) return
    if (node.type === 'integer') {
      node.minimum ??= node.exclusiveMinimum === undefined ? -Number.MAX_SAFE_INTEGER : undefined
      node.maximum ??= node.exclusiveMaximum === undefined ? Number.MAX_SAFE_INTEGER : undefined
    }
    if (node.type === 'string' && node.const === undefined && node.enum === undefined && node.format === undefined)
      node.maxLength ??= TEXT_LENGTH_MAX
    if (node.type === 'array') node.maxItems ??= LIST_LENGTH_MAX
    for (const [key, value] of Object.entries(node)) {
      if (key === 'const' || key === 'enum' || key === 'default' || key === 'examples') continue
      if (key === 'properties' || key === 'patternProperties' || key === '$defs')
        for (const item of Object.values(value as Schema)) visit(item)
      else visit(value)
    }
  }
  visit(copy)
  return copy
}

/** What stands there, by type and size, never by value: a refused field may hold somebody's data. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `text of ${value.length} character${value.length === 1 ? '' : 's'}`
  if (typeof value === 'object') return `an object with ${Object.keys(value).length} fields`
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number'
  return `a ${typeof value}`
}

const TYPES: Record<string, string> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

function expectedOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'type':
      return [params.type]
        .flat()
        .map((type) => TYPES[String(type)] ?? String(type))
        .join(' or ')
    case 'required':
      return 'a value'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'no such field'
    case 'const':
      return JSON.stringify(params.allowedValue)
    case 'enum':
      return `one of ${(params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `a number ${params.comparison} ${params.limit}`
    case 'minLength':
      return `text of at least ${params.limit} characters`
    case 'maxLength':
      return `text of at most ${params.limit} characters`
    case 'minItems':
      return `a list of at least ${params.limit}`
    case 'maxItems':
      return `a list of at most ${params.limit}`
    case 'format':
      return (
        { date: 'a date such as 2026-03-02', 'date-time': 'an instant such as 2026-03-02T08:00:00Z', uuid: 'a UUID' }[
          String(params.format)
        ] ?? `text in the form of ${params.format}`
      )
    case 'pattern':
      return `text that matches ${params.pattern}`
    default:
      return error.message ?? error.keyword
  }
}

/** Of the branches of a union the one meant is that which failed deepest; otherwise all its constants are listed. */
function mostTelling(errors: ErrorObject[]): { error: ErrorObject; expected: string } {
  const union = errors.findLast((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  if (union === undefined) return { error: errors[0]!, expected: expectedOf(errors[0]!) }
  const inside = errors.filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'oneOf')
  const deeper = inside.filter(
    (error) =>
      error.instancePath.length > union.instancePath.length ||
      error.keyword === 'required' ||
      error.keyword === 'additionalProperties',
  )
  const telling = deeper.filter((error) => error.keyword !== 'const' && error.keyword !== 'enum')
  if (telling.length > 0) {
    const error = telling.reduce((best, other) => (other.instancePath.length > best.instancePath.length ? other : best))
    return { error, expected: expectedOf(error) }
  }
  const at = inside.filter((error) => error.instancePath === (deeper[0] ?? union).instancePath)
  return { error: deeper[0] ?? union, expected: [...new Set(at.map(expectedOf))].join(' or ') }
}

function problemOf(where: string, errors: ErrorObject[]): Problem {
  const { error, expected } = mostTelling(errors)
  const params = error.params as { missingProperty?: string; additionalProperty?: string }
  const extra = params.missingProperty ?? params.additionalProperty
  const at = `${where}${error.instancePath}${extra === undefined ? '' : `/${extra.slice(0, 80)}`}`
  const found =
    params.missingProperty === undefined
      ? params.additionalProperty === undefined
        ? describe(error.data)
        : 'a field'
      : 'nothing'
  return invalid(
    'request_invalid',
    { at, found, expected },
    `At ${at}: ${found} was found, ${expected} was expected.`,
    'Mend the request at that place and send it again.',
  )
}

/** A compiled check: throws the Problem that names the first wrong place. `where`: body, query or path. */
export type Check = (value: unknown) => void

export function compileCheck(where: 'body' | 'query' | 'path' | 'reply', schema: Schema): Check {
  const validate: ValidateFunction = (where === 'query' || where === 'path' ? fromText : strict).compile(schema)
  return (value) => {
    if (!validate(value)) throw problemOf(where, validate.errors!)
  }
}
