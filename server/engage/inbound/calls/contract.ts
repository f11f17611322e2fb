import Type, { type Static } from 'typebox'

const strict = { additionalProperties: false }
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A call to the customer that was begun and has no answer yet. */
export const OpenCall = Type.Object({
  contactId: Type.String(),
  action: Type.String(),
  title: Type.String(),
  channel: Type.String(),
  begunAt: Type.String(),
  reached: Type.Boolean(),
  /** When the customer asked to be called back; null: they did not. */
  callBackAt: OrNull(Type.String()),
})
export type OpenCall = Static<typeof OpenCall>
export const OpenCallsReply = Type.Object({ calls: Type.Array(OpenCall) })

export const CallNoted = Type.Object(
  {
    contactId: Type.String({ format: 'uuid' }),
    outcome: Type.Union([Type.Literal('not_reached'), Type.Literal('call_back')], {
      description: 'What customers answer to what was said is told as a response, like anywhere.',
    }),
    callBackAt: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
    key: Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,100}$' }),
  },
  strict,
)
export type CallNoted = Static<typeof CallNoted>
export const CallNotedReply = Type.Object({ contactId: Type.String(), state: Type.String() })
export type CallNotedReply = Static<typeof CallNotedReply>
