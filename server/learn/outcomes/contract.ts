import Type, { type Static } from 'typebox'
import { DocumentId, documentSchema, refersTo } from '#trust/playbook/contract'

/** What counts: exactly one of them. */
const Measure = Type.Union([
  Type.Object(
    { holdingOpened: Type.Array(refersTo('product'), { minItems: 1, maxItems: 20, description: 'products' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { holdingClosed: Type.Array(refersTo('product'), { minItems: 1, maxItems: 20, description: 'products' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      event: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        minItems: 1,
        maxItems: 20,
        description: 'event types',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ left: Type.Literal(true) }, { additionalProperties: false }),
])

export const OutcomeDocument = documentSchema('outcome', {
  /** The actions it judges. */
  actions: Type.Array(refersTo('action'), { minItems: 1, maxItems: 60 }),
  /** Something in the bank's books that both arms can have, whether or not anybody was contacted. */
  measure: Measure,
  /** Days after the decision in which it counts. */
  withinDays: Type.Integer({ minimum: 1, maximum: 730 }),
  /** A sale counts when the right of withdrawal has lapsed: a holding closed again within so many days does not count. */
  withdrawalDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 90 })),
  /** True where fewer is better: leaving, arrears. */
  fewerIsBetter: Type.Optional(Type.Boolean()),
})
export type OutcomeDocument = Static<typeof OutcomeDocument>

const BusinessDate = Type.String({ format: 'date' })

export const LiftQuery = Type.Object(
  {
    action: Type.Optional(DocumentId),
    /** Decisions from this date on, inclusive. */
    from: Type.Optional(BusinessDate),
    /** Decisions before this date. */
    to: Type.Optional(BusinessDate),
    /** Decisions on this channel only. */
    channel: Type.Optional(DocumentId),
    /** Customers who are in this segment now. */
    segment: Type.Optional(DocumentId),
  },
  { additionalProperties: false },
)

const Rate = Type.Object({
  households: Type.Integer(),
  customers: Type.Integer(),
  successes: Type.Integer(),
  rate: Type.Union([Type.Number(), Type.Null()]),
  standardError: Type.Union([Type.Number(), Type.Null()]),
})

const SoFar = Type.Object({ customers: Type.Integer(), successes: Type.Integer() })

export const LiftLine = Type.Object({
  outcome: Type.String(),
  title: Type.String(),
  action: Type.String(),
  actionTitle: Type.String(),
  withinDays: Type.Integer(),
  fewerIsBetter: Type.Boolean(),
  treated: Rate,
  control: Rate,
  lift: Type.Union([Type.Number(), Type.Null()]),
  /** 95 %, low and high. */
  interval: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()]),
  proven: Type.Boolean(),
  /** Customers whose window has not passed yet. */
  maturing: Type.Integer(),
  /** Of those still maturing, by arm: how many there are, and to how many it has happened. To be watched, not to be judged by. */
  soFar: Type.Object({ treated: SoFar, control: SoFar }),
  /** Customers found in both arms and taken out. */
  takenOut: Type.Integer(),
  /** Customers of the treated arm who saw the offer: for reading, not for judging. */
  seen: Type.Integer(),
})
export type LiftLine = Static<typeof LiftLine>

export const LiftReply = Type.Object({ asOf: Type.String(), lines: Type.Array(LiftLine) })

export const SeriesQuery = Type.Object(
  {
    action: DocumentId,
    by: Type.Union([Type.Literal('week'), Type.Literal('month')]),
    from: Type.Optional(BusinessDate),
    to: Type.Optional(BusinessDate),
    channel: Type.Optional(DocumentId),
    segment: Type.Optional(DocumentId),
  },
  { additionalProperties: false },
)
export type SeriesQuery = Static<typeof SeriesQuery>
export const SeriesReply = Type.Object({
  asOf: Type.String(),
  /** Decisions of [from, to), the earliest period first. */
  lines: Type.Array(Type.Intersect([LiftLine, Type.Object({ from: BusinessDate, to: BusinessDate })])),
})

export const AcceptanceQuery = Type.Object(
  {
    by: Type.Union(
      [
        Type.Literal('action'),
        Type.Literal('channel'),
        Type.Literal('treatment'),
        Type.Literal('group'),
        Type.Literal('class'),
        Type.Literal('segment'),
        Type.Literal('day'),
        Type.Literal('week'),
        Type.Literal('month'),
      ],
      { description: 'What each line is about; a day, week or month makes a series.' },
    ),
    /** Contacts claimed from this date on; 90 days ago unless given. */
    from: Type.Optional(BusinessDate),
    /** Contacts claimed before this date. */
    to: Type.Optional(BusinessDate),
    action: Type.Optional(DocumentId),
    channel: Type.Optional(DocumentId),
  },
  { additionalProperties: false },
)
export type AcceptanceQuery = Static<typeof AcceptanceQuery>

const OrNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const AcceptanceReply = Type.Object({
  asOf: Type.String(),
  by: Type.String(),
  from: Type.String(),
  to: Type.String(),
  lines: Type.Array(
    Type.Object({
      key: Type.String({ description: 'An id of the playbook, or the first day of the period.' }),
      title: Type.String(),
      contacts: Type.Integer(),
      seen: Type.Integer({ description: 'Delivered or shown: the base of the rate.' }),
      clicked: Type.Integer({ description: 'Clicked or answered.' }),
      accepted: Type.Integer(),
      refused: Type.Integer(),
      deferred: Type.Integer(),
      declinedForGood: Type.Integer(),
      rate: OrNull(Type.Number()),
      /** 95 %, low and high (Wilson). */
      interval: OrNull(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
    }),
  ),
  /** By segment: on how many customers the figures stand, when they are an even sample of all. */
  customersTried: OrNull(Type.Integer()),
  ofCustomers: OrNull(Type.Integer()),
})
export type AcceptanceReply = Static<typeof AcceptanceReply>
