import { dayOfText, instantOfText } from './calendar-values.ts'
import { elementOf, INT_MAX, isList, isValueType, type ValueType, zeroOf } from './value-types.ts'

/** One attribute as the playbook declares it. */
export interface FieldSpec {
  type: ValueType
  /** What an absent value reads as, in the outside form (a date is 'YYYY-MM-DD'). Left out: 0, '', false, [], 1970-01-01. */
  default?: unknown
  /** The ClickHouse column or expression with the value; it must hold the default where the value is absent. Left out: the field's name. */
  sql?: string
  /** The ClickHouse column or expression of the presence bit. Left out: `has_` and the field's name. */
  sqlHas?: string
  /** Never absent (the context's now, a customer's id): has() is true, no presence column is read, and reading it without has() is not worth a warning. */
  required?: boolean
  /** The longest a list may be, 1..1000; left out, 200. */
  itemsMax?: number
  /** The column may hold integers beyond ±2⁵³ or lists beyond itemsMax: SQL then tests them and turns them into errors. */
  sqlChecked?: boolean
}

export interface NamespaceSpec {
  fields: Record<string, FieldSpec>
}

export interface EnvironmentOptions {
  /** The bank's zone, an IANA name: dates of instants are dates in this zone. Left out: UTC. */
  zone?: string
  /** Put before every column that has no `sql` of its own, for instance `p.`. */
  columnPrefix?: string
}

export interface Field {
  path: string
  namespace: string
  name: string
  type: ValueType
  /** In the inside form. */
  default: unknown
  column: string
  presence: string
  required: boolean
  itemsMax: number
  sqlChecked: boolean
}

export interface Environment {
  zone: string
  namespaces: ReadonlyMap<string, ReadonlyMap<string, Field>>
}

export const ITEMS_MAX_DEFAULT = 200
const ITEMS_MAX = 1000

const quoted = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replace(/[`\\]/g, '\\$&')}\``

/**
 * What expressions may read: namespaces of attributes, each with type, default and presence. Throws a TypeError when a
 * declaration contradicts itself (a default of another type, an unknown type or zone).
 */
export function environment(spec: Record<string, NamespaceSpec>, options: EnvironmentOptions = {}): Environment {
  const zone = options.zone ?? 'UTC'
  new Intl.DateTimeFormat('en', { timeZone: zone })
  const prefix = options.columnPrefix ?? ''
  const namespaces = new Map<string, Map<string, Field>>()
  for (const [namespace, { fields }] of Object.entries(spec)) {
    const known = new Map<string, Field>()
    for (const [name, field] of Object.entries(fields)) {
      const path = `${namespace}.${name}`
      if (!isValueType(field.type))
        throw new TypeError(`${path} has the type ${field.type}, which the language does not have`)
      // Facts are plain objects: an attribute of such a name would be found on every one of them.
      if (name in Object.prototype || namespace in Object.prototype)
        throw new TypeError(`${path}: every object has a ${name}; choose another name`)
      const itemsMax = field.itemsMax ?? ITEMS_MAX_DEFAULT
      if (!(itemsMax >= 1 && itemsMax <= ITEMS_MAX))
        throw new TypeError(`${path}: itemsMax is ${itemsMax}, expected 1..${ITEMS_MAX}`)
      const value = field.default === undefined || field.default === null ? zeroOf(field.type) : field.default
      const inside = inward(field.type, value, itemsMax)
      if (inside === undefined)
        throw new TypeError(`${path}: the default ${JSON.stringify(value)} is not a ${field.type}`)
      known.set(name, {
        path,
        namespace,
        name,
        type: field.type,
        default: inside,
        column: field.sql ?? prefix + quoted(name),
        presence: field.sqlHas ?? prefix + quoted(`has_${name}`),
        required: field.required ?? false,
        itemsMax,
        sqlChecked: field.sqlChecked ?? false,
      })
    }
    namespaces.set(namespace, known)
  }
  return { zone, namespaces }
}

/** The inside form of an outside value; undefined when it is not a value of that type. */
export function inward(type: ValueType, value: unknown, itemsMax: number): unknown {
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined
    case 'double':
      return typeof value === 'number' ? value : undefined
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'date':
      return typeof value === 'string' ? dayOfText(value) : undefined
    case 'timestamp':
      return instantInward(value)
    case 'duration':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INT_MAX ? value + 0 : undefined
  }
  if (!isList(type) || !Array.isArray(value) || value.length > itemsMax) return undefined
  const element = elementOf(type)
  if (element === 'string') return value.every((item) => typeof item === 'string') ? value : undefined
  const items: unknown[] = new Array(value.length)
  for (let i = 0; i < value.length; i++) {
    const item = inward(element, value[i], itemsMax)
    if (item === undefined) return undefined
    items[i] = item
  }
  return items
}

function instantInward(value: unknown): number | undefined {
  if (value instanceof Date) {
    const ms = value.getTime()
    return Number.isNaN(ms) ? undefined : ms
  }
  return typeof value === 'string' ? instantOfText(value) : undefined
}
