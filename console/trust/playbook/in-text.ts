import { Document, isMap, isScalar, isSeq, type Pair, parseDocument } from 'yaml'

type Node = { range?: [number, number, number] | null; flow?: boolean }

const sameAs = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The field as text, quoted and laid out as it was before. */
function asText(name: string, next: unknown, before: unknown): string {
  const alone = new Document({ [name]: next })
  const value = alone.get(name, true)
  if (isScalar(value) && isScalar(before) && typeof next === 'string' && typeof before.value === 'string')
    value.type = before.type as NonNullable<typeof value.type>
  if (isSeq(value) && isSeq(before)) value.flow = before.flow ?? false
  return alone.toString({ lineWidth: 110, flowCollectionPadding: false }).trimEnd()
}

/** Where the field stands in the text: from its name to the end of its value. */
function placeOf({ key, value }: Pair, text: string): [number, number] | undefined {
  const from = (key as Node).range?.[0]
  const named = (key as Node).range?.[1]
  if (from === undefined || named === undefined || (from > 0 && text[from - 1] !== '\n')) return undefined
  const until = Math.max(text.indexOf(':', named) + 1, (value as Node | null)?.range?.[1] ?? 0)
  return [from, text[until - 1] === '\n' ? until - 1 : until]
}

/**
 * A YAML document with one field of its outermost map set, or taken out where `next` is undefined, null or empty. Every
 * other letter of the text stays as its writer left it, so that a difference shows what was changed and nothing else.
 */
export function withField(text: string, name: string, next: unknown): string {
  const gone = next === undefined || next === null || next === ''
  const written = parseDocument(text)
  const found = isMap(written.contents)
    ? written.contents.items.find(({ key }) => isScalar(key) && key.value === name)
    : undefined
  const place = found && placeOf(found, text)
  const line = gone ? '' : asText(name, next, found?.value)
  if (gone) written.delete(name)
  else written.set(name, next)
  const wanted = written.toJS()
  const made = place
    ? text.slice(0, place[0]) + line + (gone ? text.slice(place[1]).replace(/^[^\n]*\n?/, '') : text.slice(place[1]))
    : found || gone
      ? undefined
      : `${text.replace(/\n*$/, '\n')}${line}\n`
  if (made !== undefined) {
    const read = parseDocument(made)
    if (read.errors.length === 0 && sameAs(read.toJS(), wanted)) return made
  }
  // A layout that is not ours to keep, such as a map on one line, is written anew.
  return written.toString({ lineWidth: 110 })
}
