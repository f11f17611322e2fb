import Type, { type Static } from 'typebox'

/** What personal data may be used for. */
export const Purpose = Type.Union(
  [Type.Literal('marketing'), Type.Literal('profiling'), Type.Literal('payment_data')],
  {
    description:
      'marketing: being offered things; profiling: offers chosen by a profile of the customer; payment_data: offers chosen by what the customer pays for.',
  },
)
export type Purpose = Static<typeof Purpose>

/** The channels by which the bank reaches out, each agreed to by itself. */
export const Outbound = Type.Union([
  Type.Literal('email'),
  Type.Literal('sms'),
  Type.Literal('push'),
  Type.Literal('call'),
  Type.Literal('post'),
])
export type Outbound = Static<typeof Outbound>

/** Every channel, those the customer comes to the bank by included. */
export type Channel = Outbound | 'app' | 'web' | 'branch'

/** given: agreed. withdrawn: agreed no longer. objected: said no, with the right to be heard at once. */
export const State = Type.Union([Type.Literal('given'), Type.Literal('withdrawn'), Type.Literal('objected')])
export type State = Static<typeof State>

/** What shows that it was so. */
export const Evidence = Type.Object(
  {
    how: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'How it was said: app settings, phone call, branch form.',
    }),
    where: Type.Optional(Type.String({ maxLength: 200, description: 'Which page, branch or recording.' })),
    textVersion: Type.Optional(Type.String({ maxLength: 80, description: 'Which wording the customer saw.' })),
    said: Type.Optional(Type.String({ maxLength: 2000, description: "The customer's own words." })),
    reference: Type.Optional(Type.String({ maxLength: 200, description: 'The id of the form or recording.' })),
    occurredAt: Type.Optional(Type.String({ maxLength: 40, description: 'When it was said, if not now (RFC 3339).' })),
  },
  { additionalProperties: false },
)
export type Evidence = Static<typeof Evidence>

export const Channel = Type.Union([
  Outbound,
  Type.Literal('all', { description: 'The purpose as such: the only one for profiling and payment_data.' }),
])

/** What a customer says about one purpose, and how the bank knows. */
export const Statement = Type.Object(
  { purpose: Purpose, channel: Type.Optional(Channel), state: State, evidence: Evidence },
  { additionalProperties: false },
)
export type Statement = Static<typeof Statement>

const Open = Type.Boolean({ description: 'Whether marketing may use it now.' })

/** What a customer agrees to now. */
export const ConsentsReply = Type.Object(
  {
    customerId: Type.Integer(),
    version: Type.Integer({ description: "The customer's version at the last change; 0 when nothing was recorded." }),
    marketing: Type.Object({
      email: Open,
      sms: Open,
      push: Open,
      call: Open,
      post: Open,
      app: Open,
      web: Open,
      branch: Open,
    }),
    profilingObjected: Type.Boolean(),
    paymentData: Type.Boolean(),
  },
  { additionalProperties: false },
)

/** Everything that was ever said, the newest first. */
export const ConsentHistory = Type.Object(
  {
    records: Type.Array(
      Type.Object(
        {
          version: Type.Integer(),
          purpose: Purpose,
          channel: Channel,
          state: State,
          evidence: Type.Record(Type.String(), Type.Unknown()),
          recordedBy: Type.String(),
          recordedAt: Type.String({ format: 'date-time' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** What kind of address. */
export const Medium = Type.Union([Type.Literal('email'), Type.Literal('phone')])
export type Medium = Static<typeof Medium>

export const SuppressionBody = Type.Object(
  { medium: Medium, address: Type.String({ minLength: 3, maxLength: 320 }), evidence: Evidence },
  { additionalProperties: false },
)
export const SuppressionReply = Type.Object(
  {
    suppressed: Type.Literal(true),
    customers: Type.Integer({ description: 'Customers with that address whose consent ended with it.' }),
  },
  { additionalProperties: false },
)

const Count = Type.Integer({ minimum: 0 })

/** How the whole base stands: counts only, no customer. */
export const ConsentOverview = Type.Object(
  {
    asOf: Type.String({ format: 'date-time', description: 'When it was counted; at most a minute ago.' }),
    customers: Type.Integer({ description: 'Customers of whom anything was ever recorded.' }),
    lines: Type.Array(
      Type.Object({
        purpose: Purpose,
        channel: Channel,
        given: Count,
        withdrawn: Count,
        objected: Count,
        unsaid: Type.Integer({ minimum: 0, description: 'Of those recorded, who never said anything about this.' }),
      }),
    ),
    days: Type.Array(
      Type.Object({ day: Type.String({ format: 'date' }), given: Count, withdrawn: Count, objected: Count }),
      { description: 'What was recorded on each of the last thirty days, the oldest first.' },
    ),
  },
  { additionalProperties: false },
)
export type ConsentOverview = Static<typeof ConsentOverview>

export const ExportQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Recorded at or after this instant.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Recorded before this instant.' })),
    purpose: Type.Optional(Purpose),
  },
  { additionalProperties: false },
)
