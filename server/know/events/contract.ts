import Type, { type Static } from 'typebox'
import { type DocumentOf, documentSchema } from '#trust/playbook/contract'

export const EVENTS_PER_REQUEST_MAX = 50_000
export const EVENT_BYTES_MAX = 65_536

const Instant = Type.String({ format: 'date-time', maxLength: 40 })

/** Who it happened to: our id, or the id by which a source system knows them. */
const SourceKey = Type.Object(
  { source: Type.String({ minLength: 1, maxLength: 40 }), id: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)

/**
 * An event in its plain form. (source, id) names it once and for all. `occurredAt` may be long ago; it may not lie
 * more than a day ahead.
 */
export const EventRequest = Type.Object(
  {
    source: Type.String({ minLength: 1, maxLength: 200 }),
    id: Type.String({ minLength: 1, maxLength: 200 }),
    type: Type.String({ pattern: '^[a-z][a-z0-9_.]{0,99}$' }),
    customerId: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    customer: Type.Optional(SourceKey),
    occurredAt: Instant,
    payload: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
)
export type EventRequest = Static<typeof EventRequest>

/**
 * An event as CloudEvents 1.0 JSON. `subject` is the customer: our id as digits, or 'source:id'. `time` is when it
 * happened. Extensions are kept in the payload under their names.
 */
export const CloudEvent = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    source: Type.String({ minLength: 1, maxLength: 200 }),
    id: Type.String({ minLength: 1, maxLength: 200 }),
    type: Type.String({ minLength: 1, maxLength: 100 }),
    subject: Type.String({ minLength: 1, maxLength: 250 }),
    time: Instant,
    datacontenttype: Type.Optional(Type.String()),
    dataschema: Type.Optional(Type.String()),
    data: Type.Optional(Type.Unknown()),
    data_base64: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

/** A playbook document of kind `event_type`: what an event of this type says. Undeclared types are taken as they come. */
export const EventTypeDocument = documentSchema('event_type', {
  type: Type.String({ pattern: '^[a-z][a-z0-9_.]{0,99}$' }),
  meaning: Type.Optional(Type.String({ maxLength: 1000 })),
  fields: Type.Record(
    Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }),
    Type.Object(
      {
        type: Type.Union([
          Type.Literal('int'),
          Type.Literal('double'),
          Type.Literal('bool'),
          Type.Literal('string'),
          Type.Literal('date'),
        ]),
        required: Type.Optional(Type.Boolean()),
        meaning: Type.Optional(Type.String({ maxLength: 500 })),
      },
      { additionalProperties: false },
    ),
    { maxProperties: 50 },
  ),
  /** Other fields than these are refused. */
  closed: Type.Optional(Type.Boolean()),
})
export type EventTypeDocument = DocumentOf<typeof EventTypeDocument>

/** Why an event could not be taken in. */
export const Rejection = Type.Object({
  reason: Type.Union([
    Type.Literal('malformed'),
    Type.Literal('unknown_customer'),
    Type.Literal('other_body'),
    Type.Literal('other_customer'),
    Type.Literal('payload_schema'),
  ]),
  place: Type.String(),
  found: Type.String(),
  expected: Type.String(),
})
export type Rejection = Static<typeof Rejection>

export const EventReply = Type.Object({
  outcome: Type.Union([Type.Literal('applied'), Type.Literal('duplicate'), Type.Literal('quarantined')]),
  eventId: Type.Union([Type.String(), Type.Null()]),
  rejection: Type.Optional(Rejection),
  quarantineId: Type.Optional(Type.String()),
})
export type EventReply = Static<typeof EventReply>

/** given = applied + duplicate + quarantined, and `rejected` lists each quarantined item by its place in the request. */
export const BulkReply = Type.Object({
  given: Type.Integer(),
  applied: Type.Integer(),
  duplicate: Type.Integer(),
  quarantined: Type.Integer(),
  rejected: Type.Array(Type.Object({ index: Type.Integer(), quarantineId: Type.String(), ...Rejection.properties })),
})
export type BulkReply = Static<typeof BulkReply>

export const QuarantineQuery = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 40 })),
    after: Type.Optional(Type.String({ format: 'uuid' })),
    itemsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  { additionalProperties: false },
)
export const QuarantineReply = Type.Object({
  items: Type.Array(
    Type.Object({
      quarantineId: Type.String(),
      source: Type.Union([Type.String(), Type.Null()]),
      sourceEventId: Type.Union([Type.String(), Type.Null()]),
      ...Rejection.properties,
      times: Type.Integer(),
      firstAt: Type.String(),
      body: Type.String(),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
})
export type QuarantineReply = Static<typeof QuarantineReply>

export const RetryRequest = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 40 })),
    quarantineIds: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 1000 })),
  },
  { additionalProperties: false },
)
export const RetryReply = Type.Object({
  tried: Type.Integer(),
  applied: Type.Integer(),
  duplicate: Type.Integer(),
  quarantined: Type.Integer(),
})

export const IntakeReply = Type.Object({
  given: Type.Integer(),
  applied: Type.Integer(),
  duplicate: Type.Integer(),
  quarantined: Type.Integer(),
  open: Type.Integer(),
})

export const DropRequest = Type.Object(
  { quarantineIds: Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false },
)
export const DropReply = Type.Object({ dropped: Type.Integer() })
