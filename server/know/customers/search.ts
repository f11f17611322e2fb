import { birthDatesIn } from './birth-dates.ts'

/** What a search text may mean; nulls are not asked for. Patterns are for `like`, with its signs escaped. */
export interface Search {
  /** The beginning of the whole name, family name first or given name first. */
  name: string | null
  nameTurned: string | null
  /** Beginnings of words of the name, all of which must be there, in any order: a tsquery. */
  nameWords: string | null
  email: string | null
  /** Digits of a telephone as it may be kept, and the end of one. */
  phones: readonly string[] | null
  phoneEnd: string | null
  /** Account numbers as they may be kept, and the end of one turned round: the last digits of a card or an IBAN. */
  numbers: readonly string[] | null
  numberTurned: string | null
  /** Any of these; with a name beside it, both must fit. */
  births: readonly string[] | null
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
  // At the end of a word.
  ς: 'σ',
}

/** A name without accents, case and apostrophes, as know.fold does it in the database. */
export const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .toLowerCase()
    .replace(/[łøđðþıœæßς]/gu, (letter) => LETTERS[letter]!)
    .replace(/['’]/gu, '')

const prefix = (text: string): string => `${text.replace(/[\\%_]/g, '\\$&')}%`
const turned = (text: string): string => [...text].reverse().join('')

/** As few digits of a telephone as tell a handful of people apart. */
const PHONE_DIGITS_MIN = 6
/** The last four of a card. */
const NUMBER_END_MIN = 4
const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/
/** How long account numbers inside an IBAN are, by country. */
const IBAN_ACCOUNT_LENGTHS = [7, 8, 10, 11, 12, 13, 14, 16]

/**
 * Reads what somebody says on the telephone: a name or parts of it in any order, a birth date in the usual ways of
 * writing it, both together; an e-mail's beginning; a telephone number with or without the country; an account number
 * or IBAN with or without spaces, or its last digits; a customer number. Undefined when it is too short to mean anybody.
 */
export function readSearch(text: string): Search | undefined {
  const typed = text.trim().replace(/\s+/gu, ' ').slice(0, 200)
  // One digit may be a whole customer number; one letter is no name.
  if (typed.length < 2 && !/^\d$/.test(typed)) return undefined
  const found: Search = {
    name: null,
    nameTurned: null,
    nameWords: null,
    email: null,
    phones: null,
    phoneEnd: null,
    numbers: null,
    numberTurned: null,
    births: null,
    customerNumber: /^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : null,
    externalId: /\d/.test(typed) && /^[\w.:/-]{1,100}$/.test(typed) ? typed : null,
  }
  if (typed.includes('@')) return { ...found, email: prefix(typed.toLowerCase()) }
  const born = birthDatesIn(typed)
  if (born && (born.rest === '' || /^\p{L}/u.test(born.rest)))
    return { ...found, births: born.dates, ...(born.rest === '' ? {} : namesIn(born.rest)) }
  return { ...found, ...phonesIn(typed), ...numbersIn(typed), ...(/\p{L}/u.test(typed) ? namesIn(typed) : {}) }
}

function namesIn(text: string): Pick<Search, 'name' | 'nameTurned' | 'nameWords'> {
  const folded = fold(text.replace(/,/g, ''))
  // The same signs part words as in know.words.
  const words = fold(text)
    .split(/[\s.,/&()-]+/u)
    .filter((word) => word !== '')
  const telling = words.length > 1 || (words[0] ?? '').length > 2
  return {
    name: prefix(folded),
    // "Jan Novak" and "Novak Jan" are the same person.
    nameTurned: words.length === 2 ? prefix(`${words[1]} ${words[0]}`) : null,
    nameWords: telling ? words.map((word) => `'${word.replace(/[\\']/g, '\\$&')}':*`).join(' & ') : null,
  }
}

/** A telephone with or without its country: kept with a country and said without one, or the other way about. */
function phonesIn(typed: string): Partial<Search> {
  if (!/^[+\d(][\d ()/.-]{4,}$/.test(typed)) return {}
  const abroad = /^(\+|00)/.test(typed)
  const digits = typed
    .replace(abroad ? /\(0\)/ : '', '')
    .replace(/\D/g, '')
    .replace(/^00/, '')
  const own = digits.replace(/^0+/, '')
  return {
    // Country codes have one to three digits.
    phones: [digits, ...(abroad ? [1, 2, 3].map((length) => `0${digits.slice(length)}`) : [])],
    phoneEnd: own.length >= PHONE_DIGITS_MIN ? prefix(turned(own)) : null,
  }
}

function numbersIn(typed: string): Partial<Search> {
  if (!/\d/.test(typed) || !/^[A-Za-z0-9 ./-]{1,50}$/.test(typed)) return {}
  const plain = typed.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
  const inside = IBAN.test(plain)
    ? IBAN_ACCOUNT_LENGTHS.filter((length) => length < plain.length - 4).map((length) =>
        plain.slice(-length).replace(/^0+/, ''),
      )
    : []
  return {
    numbers: [plain, ...inside].map(turned),
    numberTurned: plain.length >= NUMBER_END_MIN ? prefix(turned(plain)) : null,
  }
}
