import Type, { type Static } from 'typebox'
import { FrozenOffer } from '#decide/propositions/contract'
import { RESPONSE_KINDS } from '#know/interactions/contract'
import { DocumentId } from '#trust/playbook/contract'

const strict = { additionalProperties: false }
const Code = Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })
/** Made by the browser for each thing said: said again after a lost answer, it has no second effect. */
const Key = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,100}$' })
const OccurredAt = Type.Optional(
  Type.String({ format: 'date-time', maxLength: 40, description: 'When it happened, by the browser’s clock.' }),
)

export const MyPlacementRequest = Type.Object(
  {
    placement: DocumentId,
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$' })),
    reason: Type.Optional(Code),
    actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  },
  strict,
)
export type MyPlacementRequest = Static<typeof MyPlacementRequest>

/** What a customer is shown. It never says why, nor why there is nothing: some reasons must not be told. */
export const MyContent = Type.Object(
  {
    contactId: Type.String(),
    action: Type.String(),
    class: Type.String({ description: 'regulatory, service, care or marketing: a page may label what is marketing.' }),
    language: Type.String(),
    subject: Type.Union([Type.String(), Type.Null()]),
    text: Type.String({ description: 'Text, never markup.' }),
    offer: Type.Union([FrozenOffer, Type.Null()]),
    link: Type.Union([Type.Object({ href: Type.String(), label: Type.String() }, strict), Type.Null()]),
    image: Type.Union([Type.Object({ src: Type.String(), alt: Type.String() }, strict), Type.Null()]),
  },
  strict,
)
export type MyContent = Static<typeof MyContent>

export const MyPlacementReply = Type.Object({ decisionId: Type.String(), contents: Type.Array(MyContent) }, strict)
export type MyPlacementReply = Static<typeof MyPlacementReply>

export const MyResponseRequest = Type.Object(
  {
    contactId: Type.String({ format: 'uuid' }),
    kind: Type.Union(RESPONSE_KINDS.map((kind) => Type.Literal(kind))),
    reason: Type.Optional(Code),
    occurredAt: OccurredAt,
    key: Type.Optional(Key),
  },
  strict,
)
export type MyResponseRequest = Static<typeof MyResponseRequest>

export const MyResponseReply = Type.Object(
  {
    contactId: Type.String(),
    state: Type.String(),
    repeated: Type.Boolean(),
    awaiting: Type.Union([Type.Literal('other_holders'), Type.Null()], {
      description: 'other_holders: the acceptance counts when those who must sign with the customer have agreed.',
    }),
  },
  strict,
)

const Agreed = Type.Boolean({ description: 'Whether the bank may, now.' })

/** A customer's own consents, as a preference centre shows them. */
export const MyConsents = Type.Object(
  {
    marketing: Type.Object({ email: Agreed, sms: Agreed, push: Agreed, call: Agreed, post: Agreed }, strict),
    objected: Type.Boolean({ description: 'Whether the customer wants no marketing at all, on any channel.' }),
    profiling: Agreed,
    paymentData: Agreed,
  },
  strict,
)
export type MyConsents = Static<typeof MyConsents>

export const MyStatement = Type.Object(
  {
    choice: Type.Union(
      ['email', 'sms', 'push', 'call', 'post', 'marketing', 'profiling', 'payment_data'].map((one) =>
        Type.Literal(one),
      ),
      { description: 'A channel of marketing, marketing as such, profiling for it, or the use of payment data.' },
    ),
    agreed: Type.Boolean(),
    textVersion: Type.Optional(Type.String({ maxLength: 80, description: 'Which wording the customer saw.' })),
  },
  strict,
)
export type MyStatement = Static<typeof MyStatement>

export const MyPlan = Type.Object(
  {
    what: Type.Union([Type.Literal('plan'), Type.Literal('need')], {
      description: 'plan: something by a date (a home, a car). need: something the customer wants to know about.',
    }),
    topic: Code,
    byOn: Type.Optional(Type.String({ format: 'date', description: 'The date of a plan, in the bank’s zone.' })),
    occurredAt: OccurredAt,
    key: Key,
  },
  strict,
)
export type MyPlan = Static<typeof MyPlan>

export const MyPlanReply = Type.Object(
  { outcome: Type.Union([Type.Literal('applied'), Type.Literal('duplicate')]) },
  strict,
)
