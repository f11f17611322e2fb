import { invalid } from '#platform/errors'

/** Where a page ended: the instant with microseconds, and the key that orders what happened in the same one. */
export interface Cursor {
  at: string
  key: string
}

/** Above everything: the first page begins here. */
export const FIRST: Cursor = { at: '9999-12-31T23:59:59.999999Z', key: '~' }

const AT = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/

export const written = ({ at, key }: Cursor): string => Buffer.from(JSON.stringify([at, key])).toString('base64url')

/** Reads what `written` wrote. Errors: `cursor_unknown` (invalid). */
export function readCursor(text: string | undefined): Cursor {
  if (text === undefined) return FIRST
  try {
    const [at, key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (typeof at === 'string' && typeof key === 'string' && AT.test(at) && /^[\x20-\x7e]{1,200}$/.test(key))
      return { at, key }
  } catch {
    // told below
  }
  throw invalid('cursor_unknown', {}, 'This is no cursor of a page.', 'Give `next` of the page before, or nothing.')
}

/** Newest first; what happened in the same instant by its key. */
export const newerFirst = (a: Cursor, b: Cursor): number =>
  a.at === b.at ? (a.key < b.key ? 1 : a.key > b.key ? -1 : 0) : a.at < b.at ? 1 : -1
