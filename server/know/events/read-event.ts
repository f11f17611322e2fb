import { hash } from 'node:crypto'
import { EVENT_BYTES_MAX, type Rejection } from './contract.ts'
import { type EventTypes, isDay } from './event-types.ts'

/** An event as it came in, read and found well-formed. */
export interface Incoming {
  source: string
  sourceEventId: string
  type: string
  /** Our id of the customer, or the source's key of them: exactly one. */
  customerId?: number
  customerKey?: { source: string; id: string }
  occurredAtMs: number
  /** The payload as JSON text. */
  payload: string
  /** First 16 bytes of SHA-256 of type, instant and payload: the same body gives the same. */
  digest: string
}

/** Something given that is no event, whole, with the first thing wrong with it. */
export interface Rejected {
  rejection: Rejection
  source: string | null
  sourceEventId: string | null
  body: string
}

export type Read = { ok: true; event: Incoming } | { ok: false; rejected: Rejected }

/** How far ahead of us a source's clock may be. */
const AHEAD_MS_MAX = 86_400_000
/** Both stores hold instants from 1900 on. */
const EARLIEST_MS = Date.UTC(1900, 0, 1)
const KEPT_CHARS_MAX = 1_048_576
/** An event's payload and what stands around it. */
const LINE_CHARS_MAX = EVENT_BYTES_MAX + 4096
const TYPE = /^[a-z][a-z0-9_.]{0,99}$/
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
const PLAIN = new Set(['source', 'id', 'type', 'customerId', 'customer', 'occurredAt', 'payload'])

/** Milliseconds of an instant; NaN when there is none such. The engine's parser takes 30 February for 2 March. */
function instantMs(text: string): number {
  if (!INSTANT.test(text)) return Number.NaN
  return Number(text.slice(8, 10)) > 28 && !isDay(text.slice(0, 10)) ? Number.NaN : Date.parse(text)
}

/** 128 bits of SHA-256 in hexadecimal, which the store keeps in 16 bytes. */
export const digestOf = (text: string): string => hash('sha256', text).slice(0, 32)

const kindOf = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : typeof value === 'string'
            ? `text of ${value.length} characters`
            : `a ${typeof value}`

/** Reads one JSON value as an event, in the plain form or as CloudEvents 1.0; `nowMs` bounds the future. */
export function readEvent(value: unknown, nowMs: number, types: EventTypes): Read {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(value, {}, '', kindOf(value), 'an event: an object')
  const given = value as Record<string, unknown>
  return Object.hasOwn(given, 'specversion') ? readCloudEvent(given, nowMs, types) : readPlain(given, nowMs, types)
}

function refused(
  body: unknown,
  named: { source?: unknown; id?: unknown },
  place: string,
  found: string,
  expected: string,
  reason: Rejection['reason'] = 'malformed',
): Read {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? 'null')
  return {
    ok: false,
    rejected: {
      rejection: { reason, place, found, expected },
      source: typeof named.source === 'string' ? storable(named.source, 200) : null,
      sourceEventId: typeof named.id === 'string' ? storable(named.id, 200) : null,
      body: kept(text),
    },
  }
}

/** What was given, whole; only what is longer than any event could be is cut. */
const kept = (text: string): string => text.slice(0, KEPT_CHARS_MAX).replaceAll('\u0000', '\\u0000').toWellFormed()

const storable = (text: string, lengthMax: number): string =>
  text.slice(0, lengthMax).replaceAll('\u0000', '').toWellFormed()

/** Text both stores keep as it is: no U+0000, no half of a character. */
const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= lengthMax &&
  !value.includes('\u0000') &&
  value.isWellFormed()

function readPlain(given: Record<string, unknown>, nowMs: number, types: EventTypes): Read {
  const named = given as { source?: unknown; id?: unknown }
  for (const key in given)
    if (!PLAIN.has(key)) return refused(given, named, key, kindOf(given[key]), `one of ${[...PLAIN].join(', ')}`)
  const { customerId, customer, payload } = given
  const event: Partial<Incoming> = {}
  if (customerId !== undefined && customer !== undefined)
    return refused(given, named, 'customer', 'customerId and customer', 'one of the two')
  if (customerId !== undefined) {
    if (!Number.isSafeInteger(customerId) || (customerId as number) < 1)
      return refused(given, named, 'customerId', kindOf(customerId), 'an integer from 1')
    event.customerId = customerId as number
  } else {
    const key = customer as { source?: unknown; id?: unknown } | undefined
    if (typeof key !== 'object' || key === null || !isText(key.source, 40) || !isText(key.id, 200))
      return refused(given, named, 'customer', kindOf(customer), 'customerId, or customer with source and id')
    event.customerKey = { source: key.source, id: key.id }
  }
  return finished(given, event, given.occurredAt, 'occurredAt', payload, 'payload', nowMs, types)
}

const CLOUD = new Set([
  'specversion',
  'source',
  'id',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
  'data',
  'data_base64',
])
const EXTENSION = /^[a-z0-9]{1,20}$/

function readCloudEvent(given: Record<string, unknown>, nowMs: number, types: EventTypes): Read {
  if (given.specversion !== '1.0') return refused(given, given, 'specversion', kindOf(given.specversion), '"1.0"')
  const { subject, data } = given
  if (!isText(subject, 250))
    return refused(given, given, 'subject', kindOf(subject), 'the customer: digits, or source:id')
  const colon = subject.indexOf(':')
  const event: Partial<Incoming> = {}
  if (/^[1-9]\d{0,15}$/.test(subject) && Number.isSafeInteger(Number(subject))) event.customerId = Number(subject)
  else if (colon > 0 && colon <= 40 && colon < subject.length - 1)
    event.customerKey = { source: subject.slice(0, colon), id: subject.slice(colon + 1) }
  else return refused(given, given, 'subject', kindOf(subject), 'the customer: digits, or source:id')
  if (given.data_base64 !== undefined)
    return refused(given, given, 'data_base64', kindOf(given.data_base64), 'data as a JSON object')
  const extensions: Record<string, unknown> = {}
  for (const key in given) {
    if (CLOUD.has(key)) continue
    if (!EXTENSION.test(key))
      return refused(given, given, key, 'an attribute', 'an attribute name of lower-case letters and digits')
    extensions[key] = given[key]
  }
  if (data !== undefined && (typeof data !== 'object' || data === null || Array.isArray(data)))
    return refused(given, given, 'data', kindOf(data), 'a JSON object')
  const payload = Object.keys(extensions).length > 0 ? { ...extensions, ...(data as object) } : data
  return finished(given, event, given.time, 'time', payload, 'data', nowMs, types)
}

function finished(
  given: Record<string, unknown>,
  event: Partial<Incoming>,
  occurredAt: unknown,
  occurredAtPlace: string,
  payload: unknown,
  payloadPlace: string,
  nowMs: number,
  types: EventTypes,
): Read {
  const { source, id, type } = given
  if (!isText(source, 200)) return refused(given, given, 'source', kindOf(source), 'text of 1 to 200 characters')
  if (!isText(id, 200)) return refused(given, given, 'id', kindOf(id), 'text of 1 to 200 characters')
  if (typeof type !== 'string' || !TYPE.test(type))
    return refused(given, given, 'type', kindOf(type), 'lower-case letters, digits, _ and ., such as travel.booked')
  const atMs = typeof occurredAt === 'string' ? instantMs(occurredAt) : Number.NaN
  if (Number.isNaN(atMs))
    return refused(given, given, occurredAtPlace, kindOf(occurredAt), 'an instant such as 2026-03-02T08:00:00Z')
  if (atMs < EARLIEST_MS || atMs > nowMs + AHEAD_MS_MAX)
    return refused(given, given, occurredAtPlace, String(occurredAt), 'an instant from 1900 to a day from now')
  if (payload !== undefined && (typeof payload !== 'object' || payload === null || Array.isArray(payload)))
    return refused(given, given, payloadPlace, kindOf(payload), 'a JSON object')
  if (payload !== undefined && deeperThan(payload, DEPTH_MAX))
    return refused(
      'too deep to be kept',
      given,
      payloadPlace,
      `more than ${DEPTH_MAX} levels`,
      `at most ${DEPTH_MAX} levels`,
    )
  const text = payload === undefined ? '{}' : JSON.stringify(payload)
  if (text.length > EVENT_BYTES_MAX)
    return refused(given, given, payloadPlace, `${text.length} characters`, `at most ${EVENT_BYTES_MAX}`)
  const flaw = types.flaw(type, source, id, (payload ?? {}) as Record<string, unknown>)
  if (flaw) {
    const place = flaw.field === '' ? payloadPlace : `${payloadPlace}.${flaw.field}`
    return refused(given, given, flaw.place ?? place, flaw.found, flaw.expected, 'payload_schema')
  }
  return {
    ok: true,
    event: {
      ...event,
      source,
      sourceEventId: id,
      type,
      occurredAtMs: atMs,
      payload: text,
      digest: digestOf(`${type}\n${atMs}\n${text}`),
    },
  }
}

/** Levels of lists and objects that a payload may have. */
const DEPTH_MAX = 32

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const key in value) if (deeperThan((value as Record<string, unknown>)[key], levels - 1)) return true
  return false
}

/** Events of a text with one JSON value per line; a line that is no JSON is refused alone. Empty lines are passed over. */
export function readLines(text: string, nowMs: number, types: EventTypes): Read[] {
  const reads: Read[] = []
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end < 0 ? text.length : end)
    from = end < 0 ? text.length : end + 1
    if (line.trim() === '') continue
    let value: unknown
    try {
      if (line.length > LINE_CHARS_MAX) throw new RangeError('line')
      value = JSON.parse(line)
    } catch {
      reads.push(
        refused(
          line,
          {},
          '',
          `text of ${line.length} characters`,
          `one JSON object of at most ${LINE_CHARS_MAX} characters per line`,
        ),
      )
      continue
    }
    const read = readEvent(value, nowMs, types)
    if (!read.ok) read.rejected.body = kept(line)
    reads.push(read)
  }
  return reads
}

/**
 * A CloudEvent in binary mode: its attributes stand in the headers ce-…, percent-encoded as the HTTP binding says, its
 * data is the body.
 */
export function fromHeaders(headers: Record<string, unknown>, data: unknown): Record<string, unknown> {
  const event: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-') || typeof value !== 'string') continue
    try {
      event[name.slice(3)] = decodeURIComponent(value)
    } catch {
      event[name.slice(3)] = value
    }
  }
  if (data !== undefined && data !== null) event.data = data
  return event
}
