import Type, { type Static } from 'typebox'

export { RESPONSE_KINDS, type ResponseKind } from './response-state.ts'

export const CustomerId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Instant = Type.String({ format: 'date-time', maxLength: 40 })

export const TimelineQuery = Type.Object(
  {
    customerId: CustomerId,
    before: Type.Optional(Instant),
    contactsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
)

export const TimelineReply = Type.Object({
  contacts: Type.Array(
    Type.Object({
      contactId: Type.String(),
      decisionId: Type.Union([Type.String(), Type.Null()]),
      direction: Type.String(),
      channel: Type.String(),
      placement: Type.Union([Type.String(), Type.Null()]),
      action: Type.Union([Type.String(), Type.Null()]),
      treatment: Type.Union([Type.String(), Type.Null()]),
      class: Type.String(),
      state: Type.String(),
      source: Type.String(),
      claimedAt: Type.String(),
      responses: Type.Array(Type.Object({ kind: Type.String(), channel: Type.String(), occurredAt: Type.String() })),
    }),
  ),
})
export type TimelineReply = Static<typeof TimelineReply>

export const ExternalContactRequest = Type.Object(
  {
    customerId: CustomerId,
    source: Type.String({ pattern: '^[a-z][a-z0-9_-]{1,39}$' }),
    sourceContactId: Type.String({ minLength: 1, maxLength: 100 }),
    direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
    channel: Type.String({ pattern: '^[a-z][a-z0-9_]{1,39}$' }),
    class: Type.Union([
      Type.Literal('regulatory'),
      Type.Literal('service'),
      Type.Literal('care'),
      Type.Literal('marketing'),
    ]),
    topic: Type.String({ pattern: '^[a-z][a-z0-9_]{1,59}$' }),
    occurredAt: Instant,
  },
  { additionalProperties: false },
)

export const ExternalContactReply = Type.Object({ contactId: Type.String(), repeated: Type.Boolean() })

export const TrialBalanceQuery = Type.Object({ from: Instant, to: Instant }, { additionalProperties: false })

export const TrialBalanceReply = Type.Object({
  lines: Type.Array(
    Type.Object({
      channel: Type.String(),
      class: Type.String(),
      decided: Type.Integer(),
      delivered: Type.Integer(),
      suppressed: Type.Integer(),
      failed: Type.Integer(),
      expired: Type.Integer(),
      pending: Type.Integer(),
      unknown: Type.Integer(),
    }),
  ),
})
