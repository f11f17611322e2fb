import Type, { type Static } from 'typebox'
import { CustomerId, Instant } from '#platform/http/contract'
import { DocumentId } from '#trust/playbook/contract'

/** For how long a token may be good, in seconds. */
export const TOKEN_SECONDS = { min: 30, default: 600, max: 3600 }

const Reference = Type.Object(
  { source: DocumentId, id: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false, description: 'Somebody as one of the bank’s systems knows them.' },
)

export const TokenRequest = Type.Object(
  {
    customerId: Type.Optional(CustomerId),
    customer: Type.Optional(Reference),
    origin: Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#@]{1,250}$',
        description: 'The one origin whose pages may use it, e.g. https://bank.example. Without it: an app.',
      }),
    ),
    channel: Type.Optional(DocumentId),
    asker: Type.Optional(
      Type.Union([Type.Literal('self'), Type.Literal('guardian'), Type.Literal('attorney'), Type.Literal('executor')], {
        description: 'Who has signed in: the customer (self), or somebody who acts for them.',
      }),
    ),
    /** Who acts for the customer; their authority and its dates are checked with each question. */
    acting: Type.Optional(Reference),
    validForSeconds: Type.Optional(
      Type.Integer({ minimum: TOKEN_SECONDS.min, maximum: TOKEN_SECONDS.max, default: TOKEN_SECONDS.default }),
    ),
  },
  { additionalProperties: false },
)
export type TokenRequest = Static<typeof TokenRequest>

export const TokenReply = Type.Object(
  {
    token: Type.String({ description: 'For the customer’s browser; opens nothing of any other customer.' }),
    customerId: CustomerId,
    expiresAt: Instant,
  },
  { additionalProperties: false },
)
