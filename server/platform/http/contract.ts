import Type, { type Static } from 'typebox'

/** The one shape of every failure over HTTP. */
export const ProblemReply = Type.Object(
  {
    error: Type.Object({
      kind: Type.String({
        description:
          'invalid, unauthenticated, forbidden, not_found, conflict, mismatch, too_many, unavailable or fault.',
      }),
      code: Type.String({ description: 'Stable: programs may depend on it.' }),
      message: Type.String({ description: 'What happened.' }),
      facts: Type.Record(Type.String(), Type.Unknown(), {
        description: 'What was found and what was expected; never personal data.',
      }),
      next: Type.String({ description: 'What to do about it.' }),
    }),
  },
  { description: 'A failure.' },
)
export type ProblemReply = Static<typeof ProblemReply>

/** A customer's number, 1 to 2⁵³−1. */
export const CustomerId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "The customer's number.",
})
/** An id of a row: a UUID that carries the customer's shard. */
export const Id = Type.String({ format: 'uuid', description: 'An id (UUID).' })
/** An instant with its offset from UTC, e.g. 2026-03-02T08:00:00Z. */
export const Instant = Type.String({ format: 'date-time', description: 'An instant (RFC 3339).' })
/** A date of the bank's calendar, e.g. 2026-03-02. */
export const BusinessDate = Type.String({ format: 'date', description: "A date in the bank's zone." })
/** The name of an item of the playbook: snake_case, 1 to 80 characters. */
export const ItemId = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,79}$',
  description: 'The id of an item of the playbook.',
})
/** How many rows to return, 1 to 500. */
export const Limit = Type.Integer({ minimum: 1, maximum: 500, default: 50, description: 'How many to return.' })
/** A reply that says only that it was done. */
export const Done = Type.Object({ done: Type.Literal(true) })

export const CustomerParams = Type.Object({ customerId: CustomerId }, { additionalProperties: false })
