import { invalid, type Problem } from '#platform/errors'

/** Deepest nesting of lists and objects that any request body may have. */
export const DEPTH_MAX = 32

/** Where a malformed text stops being JSON, and what would have been right there. Positions count from 1. */
export interface Misplaced {
  at: number
  line: number
  column: number
  found: string
  expected: string
}

const WHITE = /[\t\n\r ]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const TEXT = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORD = /true|false|null/y

/**
 * Finds the first place at which `text` is not JSON; undefined when it is. Runs only after JSON.parse has refused,
 * because the engine's own message quotes the text, which may be personal.
 */
export function findMisplaced(text: string): Misplaced | undefined {
  let at = 0
  const open: ('{' | '[')[] = []
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null || found[0] === '') return false
    at = pattern.lastIndex
    return true
  }
  const stop = (expected: string): Misplaced => {
    const before = text.slice(0, at)
    const line = before.split('\n').length
    const found = at >= text.length ? 'the end of the text' : nameOf(text[at]!)
    return { at: at + 1, line, column: at - before.lastIndexOf('\n'), found, expected }
  }
  // What may stand next: a value, a value or the end of the list, a name or the end of the object, a name,
  // or what follows a value.
  let next: 'value' | 'first item' | 'first name' | 'name' | 'after' = 'value'
  for (;;) {
    take(WHITE)
    const character = text[at]
    if (next === 'after') {
      const inside = open.at(-1)
      if (inside === undefined) return at >= text.length ? undefined : stop('the end of the text')
      if (character === ',') {
        at++
        next = inside === '{' ? 'name' : 'value'
      } else if (character === (inside === '{' ? '}' : ']')) {
        at++
        open.pop()
      } else return stop(inside === '{' ? 'a comma or }' : 'a comma or ]')
    } else if (next === 'name' || next === 'first name') {
      if (next === 'first name' && character === '}') {
        at++
        open.pop()
        next = 'after'
        continue
      }
      if (!take(TEXT))
        return stop(next === 'name' ? 'a field name in double quotes' : 'a field name in double quotes or }')
      take(WHITE)
      if (text[at] !== ':') return stop('a colon')
      at++
      next = 'value'
    } else if (next === 'first item' && character === ']') {
      at++
      open.pop()
      next = 'after'
    } else if (character === '{') {
      at++
      open.push('{')
      next = 'first name'
    } else if (character === '[') {
      at++
      open.push('[')
      next = 'first item'
    } else if (take(TEXT) || take(NUMBER) || take(WORD)) next = 'after'
    else return stop(character === '"' ? 'a text that ends, with control characters escaped' : 'a value')
  }
}

const nameOf = (character: string): string => {
  if (character === '\n') return 'a new line'
  if (character === '"') return 'a text'
  // Letters and digits could be somebody's: say only what kind of character stands there.
  if (/[\p{L}]/u.test(character)) return 'a letter'
  if (/[\p{N}]/u.test(character)) return 'a digit'
  return /[!-~]/.test(character) ? character : 'another character'
}

/** Whether the nesting stays within the limit. Looks only at brackets outside texts, so it needs no parse. */
export function withinDepth(text: string, depthMax: number): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === 92) at++
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = true
    else if (code === 123 || code === 91) {
      if (++depth > depthMax) return false
    } else if (code === 125 || code === 93) depth--
  }
  return true
}

/** Path of the first text that no store can keep (U+0000 or half a surrogate pair), or undefined. */
export function findUnstorable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path || '/' : undefined
  if (value === null || typeof value !== 'object') return undefined
  for (const [key, item] of Object.entries(value)) {
    if (key.includes('\0') || !key.isWellFormed()) return path || '/'
    const found = findUnstorable(item, `${path}/${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

const refuse = (found: string, expected: string, facts: Record<string, unknown> = {}): Problem =>
  invalid(
    'body_malformed',
    { at: 'body', found, expected, ...facts },
    `The request body is not acceptable: ${expected} was expected, ${found} was found.`,
    'Send one JSON document in UTF-8.',
  )

/** Reads one JSON document, or throws the Problem that names the place. */
export function readJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  // A byte that is not UTF-8 reads as U+FFFD; that it was also sent as such is rare enough to look twice.
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes))
    throw refuse('bytes that are not UTF-8', 'UTF-8 text')
  if (!withinDepth(text, DEPTH_MAX))
    throw refuse(`more than ${DEPTH_MAX} levels of nesting`, `at most ${DEPTH_MAX} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const place = findMisplaced(text)
    if (place === undefined) throw refuse('text that is not JSON', 'a JSON document')
    throw refuse(`${place.found} at line ${place.line}, column ${place.column}`, place.expected, { ...place })
  }
  if (text.includes('"__proto__"')) throw refuse('a field named __proto__', 'another field name')
  if (text.includes('\\u') || text.includes('\0')) {
    const path = findUnstorable(value)
    if (path !== undefined) throw refuse(`a text with U+0000 or half a character at ${path}`, 'whole characters')
  }
  return value
}
