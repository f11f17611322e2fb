import Type, { type Static, type TSchema } from 'typebox'
import { EVENT_TYPES } from './event.ts'

const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const strict = { additionalProperties: false }
const Uuid = Type.String({ format: 'uuid' })
const At = Type.String({ format: 'date-time' })

const Title = Type.String({ minLength: 1, maxLength: 160 })
const Url = Type.String({ minLength: 8, maxLength: 2000, description: 'https, an address that the internet routes.' })
const Types = Type.Array(Type.Enum([...EVENT_TYPES]), { minItems: 1, maxItems: EVENT_TYPES.length, uniqueItems: true })
const State = Type.Enum(['on', 'off'])

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
  setAside: Type.Integer(),
  deliveredAt: OrNull(At),
  madeBy: Type.String(),
  madeAt: At,
})
export type Webhook = Static<typeof Webhook>
export const WebhooksReply = Type.Object({ webhooks: Type.Array(Webhook) })

export const SecretReply = Type.Object({ secret: Type.String(), oldSignsUntil: At })

export const DeliveriesQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum(['waiting', 'delivered', 'set_aside'])),
    before: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  strict,
)
export const DeliveriesReply = Type.Object({
  deliveries: Type.Array(
    Type.Object({
      eventId: Uuid,
      sequence: Type.Integer(),
      customerId: OrNull(Type.Integer()),
      type: Type.String(),
      happenedAt: At,
      state: Type.String(),
      attempts: Type.Integer(),
      dueAt: OrNull(At),
      lastStatus: OrNull(Type.Integer()),
      lastReason: OrNull(Type.String()),
      lastAt: OrNull(At),
    }),
  ),
  next: OrNull(Type.Integer()),
})

export const ReplayBody = Type.Union([Type.Object({ from: At }, strict), Type.Object({ fromEventId: Uuid }, strict)])
export type ReplayBody = Static<typeof ReplayBody>
export const ReplayReply = Type.Object({ deliveries: Type.Integer() })
export const DeliveryParams = Type.Object({ webhookId: Uuid, eventId: Uuid }, strict)
export const TestReply = Type.Object({
  received: Type.Boolean(),
  status: OrNull(Type.Integer()),
  reason: OrNull(Type.String()),
})
