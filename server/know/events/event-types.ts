import type { EventTypeDocument } from './contract.ts'

/** What is wrong with an event of a known type; `field` is of the payload, or `place` is of the event itself. */
export interface TypeFlaw {
  field: string
  place?: string
  found: string
  expected: string
}

/** The types of events the bank has declared; others are taken as they come. */
export interface EventTypes {
  flaw(type: string, source: string, id: string, payload: Record<string, unknown>): TypeFlaw | undefined
}

type FieldType = EventTypeDocument['fields'][string]['type']

/** Whether the text is a day of the calendar, 'YYYY-MM-DD'. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const FITS: Record<FieldType, (value: unknown) => boolean> = {
  int: Number.isSafeInteger,
  double: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  date: (value) => typeof value === 'string' && isDay(value),
}

const SAYS: Record<FieldType, string> = {
  int: 'an integer within ±2⁵³',
  double: 'a number',
  bool: 'true or false',
  string: 'text',
  date: 'a date such as 2026-03-02',
}

const found = (value: unknown): string =>
  value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`

export function eventTypesOf(documents: readonly EventTypeDocument[]): EventTypes {
  const byType = new Map(documents.map((document) => [document.type, document]))
  return {
    flaw(type, source, id, payload) {
      if (type.startsWith('contact.')) {
        const flaw = contactFlaw(source, id, payload)
        if (flaw) return flaw
      }
      const document = byType.get(type)
      if (!document) return undefined
      for (const [name, field] of Object.entries(document.fields)) {
        const value = Object.hasOwn(payload, name) ? payload[name] : undefined
        if (value === undefined && !field.required) continue
        if (!FITS[field.type](value)) return { field: name, found: found(value), expected: SAYS[field.type] }
      }
      if (document.closed)
        for (const name of Object.keys(payload))
          if (!Object.hasOwn(document.fields, name))
            return { field: name, found: 'a field', expected: `only ${Object.keys(document.fields).join(', ')}` }
      return undefined
    },
  }
}

const CONTACT: Record<string, { fits: (text: string) => boolean; expected: string }> = {
  direction: { fits: (t) => t === 'inbound' || t === 'outbound', expected: 'inbound or outbound' },
  channel: { fits: (t) => /^[a-z][a-z0-9_]{1,39}$/.test(t), expected: 'a channel such as letter' },
  class: {
    fits: (t) => ['regulatory', 'service', 'care', 'marketing'].includes(t),
    expected: 'regulatory, service, care or marketing',
  },
  topic: { fits: (t) => /^[a-z][a-z0-9_]{1,59}$/.test(t), expected: 'a topic such as missed_instalment' },
}

/** A contact of another system enters the one history of contact, which asks for more than an event does. */
function contactFlaw(source: string, id: string, payload: Record<string, unknown>): TypeFlaw | undefined {
  if (!/^[a-z][a-z0-9_-]{1,39}$/.test(source) || source === 'clientele')
    return {
      field: '',
      place: 'source',
      found: 'another text',
      expected: 'the short name of the system, such as collections',
    }
  if (id.length > 100)
    return { field: '', place: 'id', found: `text of ${id.length} characters`, expected: 'at most 100 characters' }
  for (const [name, { fits, expected }] of Object.entries(CONTACT)) {
    const value = payload[name]
    if (typeof value !== 'string' || !fits(value)) return { field: name, found: found(value), expected }
  }
  return undefined
}
