import Type, { type Static } from 'typebox'
import { CustomerParams } from '#platform/http/contract'

const orNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Text = Type.String()

export const ITEM_KINDS = ['contact', 'answer', 'event', 'transaction', 'standing', 'consent', 'decision'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

const Cursor = Type.String({ minLength: 1, maxLength: 400, description: '`next` of the page before.' })
const Limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 })
const Reason = Type.String({ minLength: 3, maxLength: 200, description: 'Why you look, for the audit.' })

export const TimelineParams = CustomerParams
export const TimelineQuery = Type.Object(
  {
    kinds: Type.Optional(
      Type.String({
        pattern: '^[a-z]+(,[a-z]+){0,6}$',
        description: `Only these, with commas between: ${ITEM_KINDS.join(', ')}.`,
      }),
    ),
    before: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
)

export const TimelineItem = Type.Object({
  kind: Type.Enum([...ITEM_KINDS]),
  id: Text,
  at: Type.String({ format: 'date-time' }),
  title: orNull(Text),
  channel: orNull(Text),
  about: orNull(Text),
  facts: Type.Record(Type.String(), Type.Unknown(), {
    description:
      'contact: direction, placement, treatment, class, state, reason, source, decisionId, settledAt · answer: answer, contactId, reason · event: source, payload · transaction: holdingId, amountMinor, currency, category, operation, status, balanceAfterMinor · standing: change, effect, fromOn, toOn, reason, by · consent: purpose, state, evidence, by · decision: placement, actions, titles, nothingBecause.',
  }),
})
export type TimelineItem = Static<typeof TimelineItem>

export const TimelineReply = Type.Object({ items: Type.Array(TimelineItem), next: orNull(Text) })
export type TimelineReply = Static<typeof TimelineReply>

export const IdParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false })
export const IdReply = Type.Object({
  kind: Type.Enum(['contact', 'decision']),
  customerId: Type.Integer(),
})
export type IdReply = Static<typeof IdReply>

export const TransactionsQuery = Type.Object(
  {
    holdingId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    before: Type.Optional(Cursor),
    limit: Type.Optional(Limit),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
)
export const Transaction = Type.Object({
  transactionId: Text,
  holdingId: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  bookedOn: Text,
  valueOn: Text,
  amountMinor: Type.Integer({ description: 'Money in is positive, money out negative.' }),
  currency: Text,
  kind: Text,
  category: Text,
  operation: Text,
  balanceAfterMinor: orNull(Type.Integer()),
  status: Text,
})
export type Transaction = Static<typeof Transaction>
export const TransactionsReply = Type.Object({ transactions: Type.Array(Transaction), next: orNull(Text) })
export type TransactionsReply = Static<typeof TransactionsReply>
