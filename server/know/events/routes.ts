import Type from 'typebox'
import { invalid } from '#platform/errors'
import { type Route, route } from '#platform/http'
import {
  BulkReply,
  DropReply,
  DropRequest,
  EVENTS_PER_REQUEST_MAX,
  EventReply,
  IntakeReply,
  QuarantineQuery,
  QuarantineReply,
  RetryReply,
  RetryRequest,
} from './contract.ts'
import {
  acceptEvent,
  dropQuarantine,
  fromHeaders,
  intakeTotals,
  quarantine,
  retryQuarantine,
  takeEvents,
  takeLines,
} from './index.ts'

/** Bytes of a JSON array, which is read in one go; lines are read as they come and may be many more. */
const ARRAY_BYTES_MAX = 4 * 1024 * 1024

export const routes: Route[] = [
  route({
    method: 'POST',
    url: '/api/know/events',
    summary:
      'Takes in one event, plain or CloudEvents 1.0 (structured, or binary by ce- headers); given again it has no effect',
    needs: 'know.events:create',
    rate: { perMinute: 60_000 },
    // What is wrong with an event is found by the reader, which keeps it in quarantine, so the schema lets all through.
    body: Type.Unknown({
      description:
        'An event: plain (source, id, type, customerId or customer, occurredAt, payload) or CloudEvents 1.0.',
    }),
    reply: EventReply,
    handle: ({ rt, body, request }) => {
      const binary = typeof request.headers['ce-specversion'] === 'string'
      return acceptEvent(rt, binary ? fromHeaders(request.headers, body) : body)
    },
  }),
  route({
    method: 'POST',
    url: '/api/know/events/bulk',
    summary: `Takes in up to ${EVENTS_PER_REQUEST_MAX} events: a JSON array (also a CloudEvents batch), or one event per line as application/x-ndjson`,
    needs: 'know.events:create',
    rate: { perMinute: 6000 },
    body: Type.Unknown(),
    bodyBytesMax: ARRAY_BYTES_MAX,
    consumes: 'application/x-ndjson',
    reply: BulkReply,
    handle: async ({ rt, body, request }) => {
      if (String(request.headers['content-type']).startsWith('application/x-ndjson'))
        return takeLines(rt, body as AsyncIterable<Buffer>)
      if (!Array.isArray(body))
        throw invalid(
          'not_a_list',
          { at: 'body', expected: 'a list of events' },
          'A bulk request is a list of events.',
          'Send a JSON array, or one event per line.',
        )
      return takeEvents(rt, body)
    },
  }),
  route({
    method: 'GET',
    url: '/api/know/events/intake',
    summary: 'How many events were ever given and what became of them: the counts add up',
    needs: 'know.events:read',
    rate: { perMinute: 60 },
    reply: IntakeReply,
    handle: ({ rt }) => intakeTotals(rt),
  }),
  route({
    method: 'GET',
    url: '/api/know/events/quarantine',
    summary: 'Events that could not be taken in, whole, each with its reason',
    needs: 'know.events:quarantine',
    rate: { perMinute: 120 },
    query: QuarantineQuery,
    reply: QuarantineReply,
    handle: async ({ rt, query }) => {
      const itemsMax = query.itemsMax ?? 100
      const items = await quarantine(rt, { ...query, itemsMax })
      return {
        items: items.map((item) => ({ ...item, firstAt: item.firstAt.toISOString() })) as never,
        next: items.length === itemsMax ? items.at(-1)!.quarantineId : null,
      }
    },
  }),
  route({
    method: 'POST',
    url: '/api/know/events/quarantine/retries',
    summary: 'Gives again what is in quarantine: all of it, one reason’s, or some',
    needs: 'know.events:quarantine',
    rate: { perMinute: 30 },
    body: RetryRequest,
    reply: RetryReply,
    handle: ({ rt, body }) => retryQuarantine(rt, body),
  }),
  route({
    method: 'POST',
    url: '/api/know/events/quarantine/drops',
    summary: 'Says of events in quarantine that they will never be taken in',
    needs: 'know.events:quarantine',
    rate: { perMinute: 30 },
    body: DropRequest,
    reply: DropReply,
    handle: async ({ rt, body }) => ({ dropped: await dropQuarantine(rt, body.quarantineIds) }),
  }),
]
