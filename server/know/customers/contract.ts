import Type, { type Static, type TSchema } from 'typebox'
import { BusinessDate, CustomerId, CustomerParams, Id, Instant } from '#platform/http/contract'
import { STANDINGS } from './standings.ts'

const strict = { additionalProperties: false }
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = Type.String()
const Minor = Type.Integer({ description: 'Minor units of the currency; deposits positive, debts negative.' })

export const StandingView = Type.Object({
  standingId: orNull(Id),
  standing: Text,
  effect: Text,
  fromOn: BusinessDate,
  toOn: orNull(BusinessDate),
  /** Whether it has its effect on the date asked for, lingering included. */
  holds: Type.Boolean(),
  reason: orNull(Text),
  source: orNull(Text),
  notedBy: orNull(Text),
  notedAt: orNull(Instant),
  endedBy: orNull(Text),
  endReason: orNull(Text),
})

export const HoldingView = Type.Object({
  holdingId: Type.Integer(),
  product: Text,
  productTitle: Text,
  number: orNull(Text),
  status: Text,
  role: Text,
  authority: Text,
  shareBp: Type.Integer(),
  roleFromOn: BusinessDate,
  roleToOn: orNull(BusinessDate),
  openedOn: orNull(BusinessDate),
  closedOn: orNull(BusinessDate),
  currency: Text,
  balanceMinor: orNull(Minor),
  balanceOn: orNull(BusinessDate),
  limitMinor: orNull(Minor),
  rateBp: orNull(Type.Integer()),
  termMonths: orNull(Type.Integer()),
  instalmentMinor: orNull(Minor),
  maturesOn: orNull(BusinessDate),
  arrearsSinceOn: orNull(BusinessDate),
  /** Who else stands to it today; the name is null when it is not yours to see. */
  others: Type.Array(Type.Object({ customerId: CustomerId, name: orNull(Text), role: Text, authority: Text })),
})
export type HoldingView = Static<typeof HoldingView>

export const CustomerView = Type.Object({
  customerId: CustomerId,
  on: BusinessDate,
  kind: Text,
  stage: Text,
  name: orNull(Text),
  givenName: orNull(Text),
  familyName: orNull(Text),
  birthOn: orNull(BusinessDate),
  ageYears: orNull(Type.Integer()),
  sex: orNull(Text),
  email: orNull(Text),
  phone: orNull(Text),
  addressLine: orNull(Text),
  city: orNull(Text),
  postcode: orNull(Text),
  country: orNull(Text),
  language: orNull(Text),
  branchCode: orNull(Text),
  teamCode: orNull(Text),
  portfolioCode: orNull(Text),
  sinceOn: orNull(BusinessDate),
  leftOn: orNull(BusinessDate),
  householdId: orNull(Type.Integer()),
  /** Others of the household, by name where it is yours to see: what they hold is theirs. */
  household: Type.Array(Type.Object({ customerId: CustomerId, name: orNull(Text) })),
  relations: Type.Array(
    Type.Object({
      customerId: CustomerId,
      name: orNull(Text),
      relation: Text,
      fromOn: BusinessDate,
      toOn: orNull(BusinessDate),
    }),
  ),
  standings: Type.Array(StandingView),
  effects: Type.Object({
    stopAll: Type.Boolean(),
    serviceOnly: Type.Boolean(),
    careOnly: Type.Boolean(),
    noCredit: Type.Boolean(),
    holding: Type.Array(Text),
  }),
  holdings: Type.Array(HoldingView),
})
export type CustomerView = Static<typeof CustomerView>

export const ViewParams = CustomerParams
export const ViewQuery = Type.Object({ reason: Type.Optional(Type.String({ minLength: 3, maxLength: 400 })) }, strict)

export const SearchQuery = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: 200,
      description:
        'Parts of a name, a birth date, both; an e-mail, telephone, account or customer number, or its last digits.',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })),
  },
  strict,
)
export const SearchReply = Type.Object({
  customers: Type.Array(
    Type.Object({
      customerId: CustomerId,
      kind: Text,
      stage: Text,
      name: orNull(Text),
      birthOn: orNull(BusinessDate),
      city: orNull(Text),
      branchCode: orNull(Text),
    }),
  ),
})
export type SearchReply = Static<typeof SearchReply>

export const NoteStandingBody = Type.Object(
  {
    standing: Type.Enum(STANDINGS),
    effect: Type.Optional(Type.Enum(['stop_all', 'service_only', 'care_only', 'no_credit', 'none'])),
    fromOn: Type.Optional(BusinessDate),
    toOn: Type.Optional(BusinessDate),
    reason: Type.String({ minLength: 3, maxLength: 400 }),
  },
  strict,
)
export const ComplaintsQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) },
  strict,
)
export const ComplaintsReply = Type.Object({
  today: BusinessDate,
  /** The one that is due first in front. */
  complaints: Type.Array(
    Type.Object({
      customerId: CustomerId,
      name: orNull(Text),
      standingId: Id,
      receivedOn: BusinessDate,
      reason: Text,
      /** Fifteen business days after it was received. */
      replyDueOn: BusinessDate,
      /** Thirty-five: where a first reply gave reasons beyond the bank. */
      replyDueAtLastOn: BusinessDate,
      /** To replyDueOn; 0 on the day, negative after it. */
      businessDaysLeft: Type.Integer(),
      overdue: Type.Boolean(),
    }),
  ),
})
export type ComplaintsReply = Static<typeof ComplaintsReply>

export const NoteStandingReply = Type.Object({ standingId: Id, version: Type.Integer() })

export const StandingParams = Type.Object({ customerId: CustomerId, standingId: Id }, strict)
export const EndStandingBody = Type.Object(
  { toOn: Type.Optional(BusinessDate), reason: Type.String({ minLength: 3, maxLength: 400 }) },
  strict,
)
export const EndStandingReply = Type.Object({ version: Type.Integer() })
