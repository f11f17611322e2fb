/**
 * The types of the language. `never` is the element of an empty list literal and fits everywhere; it is never the type
 * of an attribute.
 *
 * Inside a program values are plain: int and double are numbers, a date is a day number (1970-01-01 is 0), a timestamp
 * and a duration are milliseconds. Outside, a date is 'YYYY-MM-DD', a timestamp a Date, a duration milliseconds.
 */
export type ScalarType = 'int' | 'double' | 'bool' | 'string' | 'timestamp' | 'date' | 'duration'
export type ValueType = ScalarType | 'never' | `list<${string}>`

export const SCALAR_TYPES: readonly ScalarType[] = ['int', 'double', 'bool', 'string', 'timestamp', 'date', 'duration']

/** Integers lie strictly between −2⁵³ and 2⁵³, where a JavaScript number, a double and an Int64 all agree. */
export const INT_MAX = Number.MAX_SAFE_INTEGER

export const MS_PER_DAY = 86_400_000
/** 0001-01-01T00:00:00Z and the last millisecond of 9999, as CEL has it. */
export const TIMESTAMP_MIN_MS = -62_135_596_800_000
export const TIMESTAMP_MAX_MS = 253_402_300_799_999
export const DATE_MIN_DAY = -719_162
export const DATE_MAX_DAY = 2_932_896
/** CEL's durations are 64-bit nanoseconds, ±292 years; ours are the whole milliseconds among them. */
export const DURATION_MAX_MS = 9_223_372_036_854

export const isList = (type: ValueType): type is `list<${string}>` => type.startsWith('list<')

/** The type of a list's elements; throws on anything but a list type. */
export function elementOf(type: ValueType): ValueType {
  if (!isList(type)) throw new TypeError(`not a list type: ${type}`)
  return type.slice(5, -1) as ValueType
}

export const listOf = (element: ValueType): ValueType => `list<${element}>`

/** Whether text names a type an attribute may have: a scalar, or a list of such a type. */
export function isValueType(text: string): text is ValueType {
  if ((SCALAR_TYPES as readonly string[]).includes(text)) return true
  return text.startsWith('list<') && text.endsWith('>') && isValueType(text.slice(5, -1))
}

export const isNumeric = (type: ValueType): boolean => type === 'int' || type === 'double'

/** The one type both sides have, seeing `never` as any type; undefined when they have none in common. */
export function unify(a: ValueType, b: ValueType): ValueType | undefined {
  if (a === b || b === 'never') return a
  if (a === 'never') return b
  if (!isList(a) || !isList(b)) return undefined
  const element = unify(elementOf(a), elementOf(b))
  return element && listOf(element)
}

/** Whether `==` can hold between the two: the same type, or int beside double at the same depth of lists. */
export function comparable(a: ValueType, b: ValueType): boolean {
  if (unify(a, b)) return true
  if (isNumeric(a) && isNumeric(b)) return true
  return isList(a) && isList(b) && comparable(elementOf(a), elementOf(b))
}

/** What an absent attribute without a declared default reads as. */
export function zeroOf(type: ValueType): unknown {
  if (isList(type)) return []
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (type === 'date') return '1970-01-01'
  if (type === 'timestamp') return new Date(0)
  return 0
}
