import { type Attribute, type Catalogue, foldedSql } from '#know/attributes'
import { fold } from '#know/customers'
import { conflict, invalid } from '#platform/errors'

/** By what a list of members goes: in the lake, with what is absent at the end whichever way it goes. */
export interface Order {
  /** As it was asked: 'name', '-customer.age_years'. */
  asked: string
  descending: boolean
  /** The value that is compared, one and the same where it is absent; among equals the lower customer number goes first. */
  key: string
  type: 'Int64' | 'Float64' | 'String'
  /** Whether there is nothing to compare. */
  absent: string
}

/** Where a list goes on: behind this customer, whose key is known, of this computation, in this order. */
export interface Place {
  generation: number
  asked: string
  absent: boolean
  key: number | string
  customerId: number
}

/** As much of a text as tells people apart; among those of equal beginnings their numbers do. */
const KEY_LENGTH = 100
const NEVER = '0'
const ZERO = { Int64: 'toInt64(0)', Float64: 'toFloat64(0)', String: `''` } as const

const ordered = (asked: string, type: Order['type'], value: string, absent: string): Order => ({
  asked,
  descending: asked.startsWith('-'),
  key: absent === NEVER ? value : `if(${absent}, ${ZERO[type]}, ${value})`,
  type,
  absent,
})

const ofText = (asked: string, text: string, present: string | undefined): Order =>
  ordered(
    asked,
    'String',
    `substringUTF8(${text}, 1, ${KEY_LENGTH})`,
    present === undefined ? `(${text} = '')` : `(${text} = '' or not ${present})`,
  )

/** How an attribute orders customers; lists go by their words, one after the other. */
function ofAttribute(asked: string, { id, type, always }: Attribute): Order {
  const column = `\`${id}\``
  const present = always ? undefined : `\`has_${id}\``
  if (type === 'string') return ofText(asked, foldedSql(column), present)
  if (type === 'list<string>') return ofText(asked, foldedSql(`arrayStringConcat(${column}, ' ')`), present)
  const absent = present === undefined ? NEVER : `(not ${present})`
  if (type === 'double') return ordered(asked, 'Float64', column, `(isNaN(${column}) or ${absent})`)
  const value = {
    int: column,
    bool: `toInt64(${column})`,
    date: `toInt64(toInt32(${column}))`,
    timestamp: `toUnixTimestamp64Milli(${column})`,
  }[type]
  return ordered(asked, 'Int64', value, absent)
}

/** 'name', 'number' or 'customer.<attribute>', a minus before it for the other way. */
export function orderOf(catalogue: Catalogue, asked: string): Order {
  const by = asked.replace(/^-/, '')
  if (by === 'number') return ordered(asked, 'Int64', 'customer_id', NEVER)
  if (by === 'name') return ofText(asked, '_name', undefined)
  return ofAttribute(asked, catalogue.byId.get(by.slice('customer.'.length))!)
}

/** The attribute that an order reads, which one must be allowed to see. */
export const attributeOrderedBy = (asked: string): string[] => {
  const of = /^-?customer\.(.+)$/.exec(asked)?.[1]
  return of === undefined ? [] : [of]
}

export interface Condition {
  sql: string
  params: Record<string, unknown>
}

/** What lies behind a place in its order. */
export function behind({ key, type, absent, descending }: Order, place: Place | undefined): Condition {
  if (place === undefined) return { sql: '1', params: {} }
  const params = { placeKey: place.key, placeId: place.customerId }
  const later = 'customer_id > {placeId:Int64}'
  if (place.absent) return { sql: `(${absent} and ${later})`, params: { placeId: place.customerId } }
  const at = `{placeKey:${type}}`
  return {
    sql: `(${absent} or ${key} ${descending ? '<' : '>'} ${at} or (${key} = ${at} and ${later}))`,
    params,
  }
}

const WORDS_MAX = 8

/**
 * Who fits a text: each of its words stands in the name, in one of the columns' texts, or is the customer's number or a
 * number of a column. Accents and case do not matter; an absent value fits nothing.
 */
export function fitting(text: string, columns: readonly Attribute[]): Condition {
  const words = fold(text).split(/\s+/u).filter(Boolean).slice(0, WORDS_MAX)
  const params: Record<string, unknown> = {}
  const each = words.map((word, at) => {
    const text = `{word${at}:String}`
    params[`word${at}`] = word
    const anywhere = [`position(_name, ${text}) > 0`]
    const whole = /^-?\d{1,15}$/.test(word)
    const number = `{number${at}:Int64}`
    if (whole) {
      params[`number${at}`] = Number(word)
      anywhere.push(`customer_id = ${number}`)
    }
    for (const { id, type, always } of columns) {
      const column = `\`${id}\``
      const found =
        type === 'string'
          ? `position(${foldedSql(column)}, ${text}) > 0`
          : type === 'list<string>'
            ? `arrayExists(one -> position(${foldedSql('one')}, ${text}) > 0, ${column})`
            : type === 'date'
              ? `startsWith(toString(${column}), ${text})`
              : type === 'int' && whole
                ? `${column} = ${number}`
                : undefined
      if (found !== undefined) anywhere.push(always ? found : `(\`has_${id}\` and ${found})`)
    }
    return `(${anywhere.join(' or ')})`
  })
  return { sql: each.length === 0 ? '1' : each.join(' and '), params }
}

/** A place as a text for an address, which nobody needs to read. */
export const writePlace = ({ generation, asked, absent, key, customerId }: Place): string =>
  Buffer.from(JSON.stringify([generation, asked, absent, key, customerId])).toString('base64url')

/** Reads a place of the same list. Refuses one of another order, and one of a computation that is no longer read. */
export function readPlace(text: string, order: Order, generation: number): Place {
  const [given, asked, absent, key, customerId] = partsOf(text)
  const isPlace =
    typeof absent === 'boolean' &&
    typeof key === (order.type === 'String' ? 'string' : 'number') &&
    Number.isSafeInteger(customerId)
  if (!isPlace || asked !== order.asked)
    throw invalid(
      'place_refused',
      { expected: `the "next" of a list in the order ${order.asked}` },
      'This is no place of this list.',
      'Begin the list again without `after`.',
    )
  if (given !== generation)
    throw conflict(
      'list_computed_anew',
      {},
      'The attributes were computed anew since this list was begun.',
      'Begin the list again without `after`.',
    )
  return { generation, asked: order.asked, absent, key: key as number | string, customerId: customerId as number }
}

function partsOf(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}
