import Type, { type Static } from 'typebox'
import { FrozenOffer } from '#decide/propositions/contract'

const strict = { additionalProperties: false }
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Key = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,100}$' })

const Said = {
  contactId: Type.String(),
  title: Type.String({ description: 'What would change.' }),
  offer: OrNull(FrozenOffer),
  /** The last day on which it can be agreed to; null: it does not lapse. */
  expiresOn: OrNull(Type.String({ format: 'date' })),
}

export const Agreement = Type.Object({
  ...Said,
  /** Whose contact it is: the holder to whom it was offered. */
  customerId: Type.Integer(),
  action: Type.String(),
  agreed: Type.Array(
    Type.Object({ customerId: Type.Integer(), name: OrNull(Type.String()), at: Type.String(), channel: Type.String() }),
  ),
  awaited: Type.Array(Type.Object({ customerId: Type.Integer(), name: OrNull(Type.String()) })),
})
export type Agreement = Static<typeof Agreement>
export const AgreementsReply = Type.Object({ agreements: Type.Array(Agreement) })

/** What a holder sees of it on the bank's own pages: names of those who hold the account with them, no numbers. */
export const MyAgreements = Type.Object(
  {
    agreements: Type.Array(
      Type.Object(
        {
          ...Said,
          agreed: Type.Array(OrNull(Type.String()), { description: 'The other holders who have agreed.' }),
          awaited: Type.Array(OrNull(Type.String()), { description: 'The other holders who have not.' }),
          awaitsMe: Type.Boolean(),
        },
        strict,
      ),
    ),
  },
  strict,
)
export type MyAgreements = Static<typeof MyAgreements>

export const MySignature = Type.Object(
  {
    contactId: Type.String({ format: 'uuid' }),
    kind: Type.Union([Type.Literal('accept'), Type.Literal('refuse')]),
    key: Type.Optional(Key),
  },
  strict,
)
export type MySignature = Static<typeof MySignature>
