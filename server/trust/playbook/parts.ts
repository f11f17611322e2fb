import Type from 'typebox'

const ID = '^[a-z][a-z0-9_]{0,62}$'

/** An id of a document: snake_case, 1..63 characters. */
export const DocumentId = Type.String({ pattern: ID, description: 'a snake_case id' })

export const KindName = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'A kind of document.' })

export const FieldChange = Type.Object({
  path: Type.String(),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
})

export const DraftParams = Type.Object({ draftId: Type.String({ format: 'uuid' }) }, { additionalProperties: false })

/** What a change would do, in a sentence, figures, and flows from what to what. */
export const EffectReply = Type.Object({
  name: Type.String(),
  text: Type.String(),
  figures: Type.Array(Type.Object({ figure: Type.String(), value: Type.Number(), unit: Type.String() })),
  examples: Type.Optional(
    Type.Array(
      Type.Object({ what: Type.String(), before: Type.String(), after: Type.String(), count: Type.Integer() }),
    ),
  ),
  flows: Type.Optional(
    Type.Array(
      Type.Object({
        where: Type.String({ description: 'The channel.' }),
        before: Type.String(),
        beforeTitle: Type.String(),
        after: Type.String(),
        afterTitle: Type.String(),
        count: Type.Integer(),
      }),
      { description: 'How many go from what to what, those who stay included; the largest first.' },
    ),
  ),
})
