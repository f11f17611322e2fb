/**
 * Functions made for the names of one playbook. Attributes are named by documents, and code that reaches them by a
 * variable (`facts[name]`) has them looked up anew each time, at many times the cost of a property that code spells out;
 * a decision reaches hundreds. These spell the names out. A name stands within a JSON string only, so no text of a
 * document ever becomes code.
 */
import type { Facts } from './closure.ts'

type Named = Readonly<Record<string, unknown>>

const made = <F>(parameters: readonly string[], body: string): F => new Function(...parameters, body) as F

/** Names tried out by hand must not fill the memory. */
const KEPT_MAX = 10_000

function kept<F>(make: (key: string) => F): (key: string) => F {
  const all = new Map<string, F>()
  return (key) => {
    let found = all.get(key)
    if (!found) {
      found = make(key)
      if (all.size < KEPT_MAX) all.set(key, found)
    }
    return found
  }
}

const spelled = (name: string): string => `[${JSON.stringify(name)}]`
// In a literal __proto__ would set the prototype.
const key = (name: string): string => (name === '__proto__' ? spelled(name) : JSON.stringify(name))

const readerOfPath = kept((path) => {
  const dot = path.indexOf('.')
  return made<(facts: Facts) => unknown>(
    ['facts'],
    `return facts${spelled(path.slice(0, dot))}?.${spelled(path.slice(dot + 1))}`,
  )
})

/** Reads an attribute of facts; undefined where there is none. */
export const readerOf = (namespace: string, name: string): ((facts: Facts) => unknown) =>
  readerOfPath(`${namespace}.${name}`)

/** Reads one property of records. */
export const propertyOf: (name: string) => (record: Named) => unknown = kept((name) =>
  made(['record'], `return record${spelled(name)}`),
)

/** Writes one property of records that have it already. */
export const writerOf: (name: string) => (record: Record<string, unknown>, value: unknown) => void = kept((name) =>
  made(['record', 'value'], `record${spelled(name)} = value`),
)

/** Makes records with these properties in this order, all of one shape, of the values from place `from` on. */
export const recordOf = (
  names: readonly string[],
  from = 0,
): ((values: readonly unknown[]) => Record<string, unknown>) =>
  made(['values'], `return {${names.map((name, place) => `${key(name)}: values[${from + place}]`).join(', ')}}`)

/** The values of these properties in this order, null where one is absent. */
export const valuesOf = (names: readonly string[]): ((record: Named) => unknown[]) =>
  made(['record'], `return [${names.map((name) => `record${spelled(name)} ?? null`).join(', ')}]`)
