import { createHash } from 'node:crypto'

export const EVENT_TYPES = [
  'decision.made',
  'contact.claimed',
  'contact.answered',
  'consent.changed',
  'playbook.activated',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Something that happened, as other systems are told of it. */
export interface WebhookEvent {
  id: string
  type: EventType
  at: Date
  /** 0: it concerns no one customer. */
  customerId: number
  version: number | null
  data: unknown
}

/** The id of an event, by what makes it this one: told again, it has the same. */
export function eventIdOf(what: string): string {
  const hex = createHash('sha256').update(`webhook event ${what}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** What is sent, to the byte the same at each attempt. */
export const bodyOf = ({ id, type, at, customerId, version, data }: WebhookEvent): string =>
  JSON.stringify({ id, type, at: at.toISOString(), customerId: customerId === 0 ? null : customerId, version, data })
