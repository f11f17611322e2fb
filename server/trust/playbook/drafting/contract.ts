import Type, { type TSchema } from 'typebox'
import { DocumentId, FieldChange, KindName } from '../parts.ts'

const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const Text = Type.String()
const At = Type.String({ format: 'date-time' })

/** Somebody by id, with their name where it is known. */
const Who = Type.Object({ id: Text, name: Nullable(Text) })

export const DraftDocumentsReply = Type.Object({
  draftId: Text,
  documents: Type.Array(
    Type.Object({
      kind: KindName,
      id: DocumentId,
      title: Text,
      change: Type.Union([Type.Literal('written'), Type.Literal('removed')]),
      changedBy: Who,
      changedAt: At,
      standing: Type.Union(
        [
          Type.Literal('same'),
          Type.Literal('mine'),
          Type.Literal('theirs'),
          Type.Literal('both_alike'),
          Type.Literal('conflict'),
        ],
        {
          description: 'Who changed it since the draft began: nobody, the draft, others, both alike, both differently.',
        },
      ),
      mine: Type.Array(FieldChange, { description: 'From what the draft began with to the draft.' }),
      theirs: Type.Array(FieldChange, { description: 'From what the draft began with to what runs.' }),
      clashes: Type.Array(Text, { description: 'Fields that both changed differently; "" is the whole document.' }),
    }),
  ),
})

export const KindParams = Type.Object({ kind: KindName }, { additionalProperties: false })
export const KindReply = Type.Object({
  kind: KindName,
  folder: Text,
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of its documents.' }),
})

export const UsesReply = Type.Object({
  uses: Type.Array(
    Type.Object({
      kind: KindName,
      id: DocumentId,
      title: Text,
      path: Text,
      depth: Type.Integer({ minimum: 1, description: '1 names it; 2 names a document that does.' }),
    }),
  ),
})

export const DocumentHistoryReply = Type.Object({
  versions: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      change: Type.Union([Type.Literal('added'), Type.Literal('changed'), Type.Literal('removed')]),
      version: Nullable(Type.String({ description: 'The hash of what it said; null when it was removed.' })),
      text: Nullable(Text),
      fields: Type.Array(FieldChange),
      draftId: Nullable(Text),
      title: Nullable(Text),
      reason: Nullable(Text),
      madeBy: Nullable(Who),
      approvedBy: Nullable(Who),
      activatedBy: Who,
      activatedAt: At,
    }),
  ),
})
