import Type from 'typebox'
import { EffectReply } from '../parts.ts'

export const EffectBody = Type.Object(
  { whole: Type.Optional(Type.Boolean({ description: 'Everybody, instead of an even sample of ten thousand.' })) },
  { additionalProperties: false },
)
export const EffectAsked = Type.Object({ effectId: Type.String({ format: 'uuid' }) })
export const EffectParams = Type.Object(
  { draftId: Type.String({ format: 'uuid' }), effectId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
const OrNull = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const EffectState = Type.Object({
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('cancelled'),
  ]),
  done: Type.Integer({ description: 'Customers tried so far.' }),
  total: OrNull(Type.Integer({ description: 'Customers to try; null until it is known.' })),
  secondsLeft: OrNull(Type.Integer()),
  revision: OrNull(Type.String({ description: 'What was compared with what runs.' })),
  effects: OrNull(Type.Array(EffectReply)),
})
