import Type, { type Static } from 'typebox'
import { FrozenOffer } from '#decide/propositions/contract'
import { RESPONSE_KINDS, type ResponseKind } from '#know/interactions/contract'
import { CustomerId } from '#platform/http/contract'
import { DocumentId, documentSchema, refersTo } from '#trust/playbook/contract'

export * from './agreements/contract.ts'
export * from './calls/contract.ts'
export * from './desk/contract.ts'
export * from './places/contract.ts'

export const PlacementDocument = documentSchema('placement', {
  channel: refersTo('channel'),
  /** How many actions fit. */
  actionsMax: Type.Integer({ minimum: 1, maximum: 20 }),
  /** An offer shown by nobody within this time expires. */
  validForSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 31_536_000, default: 86_400 })),
  /** A member of staff reads it out or acts on it. */
  staffed: Type.Optional(Type.Boolean()),
})
export type PlacementDocument = Static<typeof PlacementDocument>

/** Somebody or something as one of the bank's systems knows it. */
const KeyOfSystem = Type.Object(
  { source: DocumentId, id: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
)

const Asker = Type.Union(
  [
    Type.Literal('self'),
    Type.Literal('guardian'),
    Type.Literal('attorney'),
    Type.Literal('executor'),
    Type.Literal('staff'),
  ],
  { description: 'Who is in front of the channel; offers are never made through somebody who acts for the customer' },
)

export const AskRequest = Type.Object(
  {
    /** Our number of the customer; or `customer`, one of the two. */
    customerId: Type.Optional(CustomerId),
    /** The customer as one of the bank's systems knows them. */
    customer: Type.Optional(KeyOfSystem),
    placement: DocumentId,
    asker: Type.Optional(Asker),
    /**
     * Who acts for the customer, as one of the bank's systems knows them: their authority and its dates are checked.
     * Needed where the asker is a guardian, an attorney or an executor.
     */
    acting: Type.Optional(KeyOfSystem),
    /** The same by our number of them; one of the two. */
    actingCustomerId: Type.Optional(CustomerId),
    /**
     * Only this action: what a member of staff chose from a preview. It is claimed if it may still be said; nothing
     * else is.
     */
    action: Type.Optional(DocumentId),
    /** ISO 639-1; by default the customer's language. */
    language: Type.Optional(Type.String({ pattern: '^[a-z]{2}$' })),
    /** Why the customer is here, a code of the channel's: `card_search`, `mortgage_pages`. */
    reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })),
    actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  },
  { additionalProperties: false },
)
export type AskRequest = Static<typeof AskRequest>

export const ShownAction = Type.Object({
  contactId: Type.String(),
  action: Type.String(),
  treatment: Type.String(),
  group: Type.String(),
  issue: Type.String(),
  class: Type.String(),
  language: Type.String(),
  subject: Type.Union([Type.String(), Type.Null()]),
  text: Type.String(),
  offer: Type.Union([FrozenOffer, Type.Null()]),
  /** How to say it, where a member of staff reads it out; null elsewhere. */
  tone: Type.Union([Type.Object({ title: Type.String(), guidance: Type.String() }), Type.Null()]),
})
export type ShownAction = Static<typeof ShownAction>

export const AskReply = Type.Object({
  decisionId: Type.String(),
  actions: Type.Array(ShownAction),
  /** Why there is nothing, when there is nothing; `no_longer`: the one action asked for may not be said now. */
  nothingBecause: Type.Union([Type.String(), Type.Null()]),
})
export type AskReply = Static<typeof AskReply>

export const ResponseRequest = Type.Object(
  {
    contactId: Type.String({ format: 'uuid' }),
    kind: Type.Unsafe<ResponseKind>(Type.Union(RESPONSE_KINDS.map((kind) => Type.Literal(kind)))),
    channel: Type.Optional(DocumentId),
    reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })),
    /** Which holder of a joint account answers, as one of the bank's systems knows them; by default the contact's own customer. */
    by: Type.Optional(KeyOfSystem),
    /** The same by our number of them; one of the two. */
    byCustomerId: Type.Optional(CustomerId),
    /** Which holding an acceptance is about, where the action could change several; by default all of them. */
    holding: Type.Optional(KeyOfSystem),
    occurredAt: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
    /** By default the contact and the kind: repeating an answer then has no effect. */
    idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
)

export const ResponseReply = Type.Object({
  contactId: Type.String(),
  state: Type.String(),
  repeated: Type.Boolean(),
  /** `other_holders`: accepted by one of several who must all sign; the offer counts as accepted with the last of them. */
  awaiting: Type.Union([Type.Literal('other_holders'), Type.Null()]),
})
export type ResponseReply = Static<typeof ResponseReply>
