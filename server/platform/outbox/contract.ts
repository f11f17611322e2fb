import Type, { type Static } from 'typebox'

/** Which message, of whom, for which subscription. */
export const MessageKey = Type.Object(
  {
    customerId: Type.Integer({ minimum: 0 }),
    version: Type.Integer({ minimum: 1 }),
    sequence: Type.Integer({ minimum: 1 }),
    subscription: Type.String({ minLength: 1, maxLength: 100 }),
  },
  { additionalProperties: false },
)

export const SetAsideMessage = Type.Object({
  customerId: Type.Integer(),
  version: Type.Integer(),
  sequence: Type.Integer(),
  subscription: Type.String(),
  type: Type.String(),
  attempts: Type.Integer(),
  setAsideAt: Type.String({ format: 'date-time' }),
})
export type SetAsideMessage = Static<typeof SetAsideMessage>

export const SetAsideReply = Type.Object({ messages: Type.Array(SetAsideMessage) })
