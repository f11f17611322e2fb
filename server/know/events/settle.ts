import type { EventReply, Rejection } from './contract.ts'
import { digestOf, type Incoming, type Read } from './read-event.ts'

/** What a commit found out about its events: pure from here on, and the same whatever the order of the requests. */
export interface Given {
  read: Read
  reply?: EventReply
  /** The customer it is for, once found. */
  customerId?: number
  /** The id it would be stored under. */
  eventId?: string
}

/** The well-formed ones. */
export const wellFormed = (all: readonly Given[]): (Given & { read: { ok: true; event: Incoming } })[] =>
  all.filter((g): g is Given & { read: { ok: true; event: Incoming } } => g.read.ok)

export const keyOf = (event: Pick<Incoming, 'source' | 'sourceEventId'>): string =>
  `${event.source}\u0000${event.sourceEventId}`

/** Why the same (source, id) cannot be what is held under it; undefined when it is the same thing again. */
export function conflictWith(
  event: Incoming,
  customerId: number,
  held: { customerId: number; digest: string },
): Rejection | undefined {
  if (held.customerId !== customerId)
    return {
      reason: 'other_customer',
      place: 'id',
      found: 'an id already used for another customer',
      expected: 'an id that its source gives to one event only',
    }
  if (held.digest !== event.digest)
    return {
      reason: 'other_body',
      place: 'id',
      found: 'an id already used with another type, instant or payload',
      expected: 'the same event again, or a new id: an event is never changed',
    }
  return undefined
}

export const unknownCustomer = (event: Incoming): Rejection => ({
  reason: 'unknown_customer',
  place: event.customerId === undefined ? 'customer' : 'customerId',
  found:
    event.customerId === undefined
      ? `no customer of source ${event.customerKey!.source} with this id`
      : 'no such customer',
  expected: 'a customer the bank knows; give it again once they are imported',
})

/** A well-formed event as it can be given again. */
export function bodyOf(event: Incoming): string {
  const customer = event.customerKey === undefined ? { customerId: event.customerId } : { customer: event.customerKey }
  const { source, sourceEventId: id, type } = event
  const head = JSON.stringify({ source, id, type, ...customer, occurredAt: new Date(event.occurredAtMs).toISOString() })
  return `${head.slice(0, -1)},"payload":${event.payload}}`
}

/** What goes into quarantine for a rejection: the whole of what was given. */
export function quarantined(
  given: Given,
  rejection: Rejection,
): { digest: string; source: string | null; sourceEventId: string | null; body: string } & Rejection {
  const { read } = given
  const whole = read.ok
    ? { source: read.event.source, sourceEventId: read.event.sourceEventId, body: bodyOf(read.event) }
    : { source: read.rejected.source, sourceEventId: read.rejected.sourceEventId, body: read.rejected.body }
  return { ...whole, ...rejection, digest: digestOf(`${rejection.reason}\n${whole.body}`) }
}
