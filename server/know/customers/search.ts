/** What a search text may mean; nulls are not asked for. Patterns are for `like`, with its signs escaped. */
export interface Search {
  name: string | null
  nameTurned: string | null
  email: string | null
  phone: string | null
  number: string | null
  birthOn: string | null
  /** Our number of a customer. */
  customerNumber: number | null
  /** A source's own id of a customer. */
  externalId: string | null
}

const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 't',
  ı: 'i',
  œ: 'o',
  æ: 'a',
  ß: 's',
}

/** A name without accents, case and apostrophes, as know.fold does it in the database. */
export const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .toLowerCase()
    .replace(/[łøđðþıœæß]/gu, (letter) => LETTERS[letter]!)
    .replace(/['’]/gu, '')

const prefix = (text: string): string => `${text.replace(/[\\%_]/g, '\\$&')}%`

/**
 * Reads what somebody typed: a birth date (2026-03-31 or 31.3.2026), an e-mail's beginning, a telephone, account or
 * customer number, or the beginning of a name in either order. Undefined when it is too short to mean anybody.
 */
export function readSearch(text: string): Search | undefined {
  const typed = text.trim().replace(/\s+/gu, ' ').slice(0, 200)
  // One digit may be a whole customer number; one letter is no name.
  if (typed.length < 2 && !/^\d$/.test(typed)) return undefined
  const found: Search = {
    name: null,
    nameTurned: null,
    email: null,
    phone: null,
    number: null,
    birthOn: null,
    customerNumber: /^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : null,
    externalId: /\d/.test(typed) && /^[\w.:/-]{1,100}$/.test(typed) ? typed : null,
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed)
  const local = /^(\d{1,2})[./] ?(\d{1,2})[./] ?(\d{4})$/.exec(typed)
  const parts = iso ? [iso[1]!, iso[2]!, iso[3]!] : local ? [local[3]!, local[2]!, local[1]!] : undefined
  if (parts) {
    const date = `${parts[0]}-${parts[1]!.padStart(2, '0')}-${parts[2]!.padStart(2, '0')}`
    if (isDate(date)) return { ...found, birthOn: date }
  }
  if (typed.includes('@')) return { ...found, email: prefix(typed.toLowerCase()) }
  if (/^[+\d][\d ()/-]{4,}$/.test(typed)) {
    const digits = typed.replace(/\D/g, '').replace(/^00/, '')
    return { ...found, phone: digits, number: typed.replace(/ /g, '') }
  }
  if (/\d/.test(typed) && /^[A-Za-z0-9 -]{5,40}$/.test(typed)) found.number = typed.replace(/ /g, '').toUpperCase()
  else if (/^\d+$/.test(typed)) found.number = typed
  found.name = prefix(fold(typed.replace(/,/g, '')))
  const words = fold(typed).split(/[ ,]+/)
  // "Jan Novak" and "Novak Jan" are the same person.
  if (words.length === 2) found.nameTurned = prefix(`${words[1]} ${words[0]}`)
  return found
}

function isDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}
