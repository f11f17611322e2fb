import Type, { type Static, type TSchema } from 'typebox'

export const EVENT_TYPES = [
  'decision.made',
  'contact.claimed',
  'contact.answered',
  'consent.changed',
  'playbook.activated',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const strict = { additionalProperties: false }
const Uuid = Type.String({ format: 'uuid' })
const At = Type.String({ format: 'date-time' })

const Title = Type.String({ minLength: 1, maxLength: 160 })
const Url = Type.String({ minLength: 8, maxLength: 2000, description: 'https, an address that the internet routes.' })
const Types = Type.Array(Type.Enum([...EVENT_TYPES]), { minItems: 1, maxItems: EVENT_TYPES.length, uniqueItems: true })
const State = Type.Enum(['on', 'paused', 'off'], {
  description: 'on. paused: what happens is collected and sent later. off: nothing is collected.',
})

export const NewWebhook = Type.Object({ title: Title, url: Url, types: Types }, strict)
export type NewWebhook = Static<typeof NewWebhook>
export const WebhookMade = Type.Object({
  webhookId: Uuid,
  secret: Type.String({ description: 'Signs every request; shown once.' }),
})
export const WebhookChange = Type.Object(
  { title: Type.Optional(Title), url: Type.Optional(Url), types: Type.Optional(Types), state: Type.Optional(State) },
  strict,
)
export type WebhookChange = Static<typeof WebhookChange>
export const WebhookParams = Type.Object({ webhookId: Uuid }, strict)

export const Webhook = Type.Object({
  webhookId: Uuid,
  title: Type.String(),
  url: Type.String(),
  types: Type.Array(Type.String()),
  state: State,
  failures: Type.Integer({ description: 'Failures of the receiver as such, in a row.' }),
  resumesAt: OrNull(At),
  waiting: Type.Integer(),
  oldestWaitingAt: OrNull(At),
  setAside: Type.Integer(),
  setAsideBecause: OrNull(Type.String({ description: 'The reason of the latest that was set aside.' })),
  deliveredAt: OrNull(At),
  oldSignsUntil: OrNull(At),
  recent: Type.Object(
    { attempts: Type.Integer(), failed: Type.Integer(), medianMs: OrNull(Type.Integer()) },
    { description: 'Of the last hundred requests at most.' },
  ),
  madeBy: Type.String(),
  madeAt: At,
})
export type Webhook = Static<typeof Webhook>
export const WebhooksReply = Type.Object({ webhooks: Type.Array(Webhook) })

export const SecretReply = Type.Object({ secret: Type.String(), oldSignsUntil: At })

const EventTypeName = Type.Enum([...EVENT_TYPES])

export const EventTypesReply = Type.Object({
  types: Type.Array(
    Type.Object({
      type: EventTypeName,
      meaning: Type.String(),
      sample: Type.String({ description: 'A body of this type, made up.' }),
    }),
  ),
})
export type EventTypesReply = Static<typeof EventTypesReply>

export const DeliveriesQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['waiting', 'delivered', 'set_aside'])),
    type: Type.Optional(EventTypeName),
    before: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  strict,
)
export type DeliveriesQuery = Static<typeof DeliveriesQuery>
export const Delivery = Type.Object({
  eventId: Uuid,
  sequence: Type.Integer(),
  customerId: OrNull(Type.Integer()),
  type: Type.String(),
  happenedAt: At,
  state: Type.String(),
  attempts: Type.Integer({ description: 'Since it last began to wait.' }),
  dueAt: OrNull(At),
  lastStatus: OrNull(Type.Integer()),
  lastReason: OrNull(Type.String()),
  lastAt: OrNull(At),
})
export type Delivery = Static<typeof Delivery>
export const DeliveriesReply = Type.Object({ deliveries: Type.Array(Delivery), next: OrNull(Type.Integer()) })

const Request = Type.Object({
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
})
export const DeliveryDetail = Type.Intersect([
  Delivery,
  Type.Object({
    request: Type.Intersect([
      Request,
      Type.Object({
        masked: Type.Boolean({
          description: 'Dots stand for what it says of a customer: engage.webhooks:open shows it.',
        }),
      }),
    ]),
    tries: Type.Array(
      Type.Object({
        attemptId: Uuid,
        sentAt: At,
        tookMs: Type.Integer(),
        status: OrNull(Type.Integer()),
        reason: OrNull(Type.String({ description: 'null: it was received.' })),
        answer: OrNull(Type.String({ description: 'The beginning of what the receiver answered.' })),
      }),
      { description: 'The first of the latest fifty first.' },
    ),
  }),
])
export type DeliveryDetail = Static<typeof DeliveryDetail>

export const ReplayBody = Type.Union([Type.Object({ from: At }, strict), Type.Object({ fromEventId: Uuid }, strict)])
export const ReplayQuery = Type.Object(
  { from: Type.Optional(At), fromEventId: Type.Optional(Uuid) },
  { ...strict, minProperties: 1, maxProperties: 1 },
)
/** One of the two. */
export interface ReplayFrom {
  from?: string
  fromEventId?: string
}
export const ReplayReply = Type.Object({ deliveries: Type.Integer() })
export const ReplayCount = Type.Object({
  deliveries: Type.Integer(),
  waiting: Type.Integer({ description: 'Of these, those not delivered yet: how far a replay has come.' }),
  setAside: Type.Integer(),
})
export type ReplayCount = Static<typeof ReplayCount>
export const DeliveryParams = Type.Object({ webhookId: Uuid, eventId: Uuid }, strict)
export const TestReply = Type.Object({
  received: Type.Boolean(),
  status: OrNull(Type.Integer()),
  reason: OrNull(Type.String()),
  answer: OrNull(Type.String({ description: 'The beginning of what the receiver answered.' })),
  tookMs: Type.Integer(),
  request: Request,
})
export type TestReply = Static<typeof TestReply>
