import type { AttributeDocument } from '#know/attributes/contract'

/** Something that only the customer can tell, and that an attribute of the playbook waits to hear. */
export interface Tellable {
  readonly attribute: string
  readonly title: string
  readonly meaning: string
  /** The event as which it is taken in. */
  readonly type: string
  /** What the event must say besides, as the attribute demands; null: nothing. */
  readonly says: { readonly field: string; readonly value: string } | null
  /** The field of the event that holds a date the customer names; null: that they told it today is enough. */
  readonly dateField: string | null
}

const TOLD = /\.told$/
const ONE_VALUE = /^event\.(\w+) == '(\w+)'$/

/**
 * What may be noted while one talks with a customer: read from the attributes that count what customers tell. One that
 * asks for more than a single value, or only counts the latest years of another, cannot be noted this way.
 */
export const tellableIn = (attributes: readonly AttributeDocument[]): Tellable[] =>
  attributes
    .flatMap((document): Tellable[] => {
      const { id: attribute, title, meaning, source } = document
      if (!('events' in source)) return []
      const { types, where, of, fields, windowDays } = source.events
      const type = types.find((one) => TOLD.test(one))
      const says = where === undefined ? null : ONE_VALUE.exec(where)
      if (type === undefined || windowDays !== undefined || (where !== undefined && says === null)) return []
      const dated = of !== undefined
      if (dated && fields?.[of] !== 'date') return []
      return [
        {
          attribute,
          title,
          meaning,
          type,
          says: says ? { field: says[1]!, value: says[2]! } : null,
          dateField: dated ? of : null,
        },
      ]
    })
    .sort((a, b) => (a.title < b.title ? -1 : 1))
