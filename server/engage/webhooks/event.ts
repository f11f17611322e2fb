import { createHash } from 'node:crypto'
import type { EventType } from './contract.ts'

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

/** What stands over the body. `timestamp`: Unix seconds of the attempt. */
export const headersOf = (eventId: string, timestamp: string, signature: string): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'clientele-webhooks/1',
  'clientele-webhook-id': eventId,
  'clientele-webhook-timestamp': timestamp,
  'clientele-webhook-signature': signature,
})
