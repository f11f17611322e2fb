import Type, { type Static, type TProperties, type TSchema } from 'typebox'
import { DocumentId, DraftParams, EffectReply, FieldChange, KindName } from './parts.ts'

export * from './drafting/contract.ts'
export * from './effects/contract.ts'
export { DocumentId, DraftParams, EffectReply, FieldChange, KindName }

const ID = '^[a-z][a-z0-9_]{0,62}$'

/** A string that must be the id of a document of that kind; validation finds the ones that are not. */
export const refersTo = (kind: string) =>
  Type.String({ pattern: ID, refers: kind, description: `the id of a document of kind ${kind}` } as {
    pattern: string
  })

/** The schema of a document: kind, id, title and description, and the kind's own fields; unknown keys are refused. */
export const documentSchema = <const K extends string, P extends TProperties>(kind: K, fields: P) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      id: DocumentId,
      title: Type.String({ minLength: 1, maxLength: 160 }),
      description: Type.Optional(Type.String({ maxLength: 8000 })),
      ...fields,
    },
    { additionalProperties: false },
  )

/** The TypeScript type of the documents of a schema made with `documentSchema`. */
export type DocumentOf<S extends TSchema> = Static<S>

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'A revision: SHA-256 of what it says.' })
const Sequence = Type.Integer({ minimum: 0, description: 'Counts activations, from 1.' })
const Text = Type.String({ maxLength: 262_144, description: 'The document in YAML.' })
const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

export const RevisionQuery = Type.Object(
  { revision: Type.Optional(Hash), kind: Type.Optional(KindName) },
  { additionalProperties: false },
)
export const RevisionReply = Type.Object({
  revision: Type.String({ description: 'Empty when the bank has no playbook yet.' }),
  sequence: Sequence,
  documents: Type.Array(
    Type.Object({ kind: KindName, id: DocumentId, title: Type.String(), itemNumber: Nullable(Type.Integer()) }),
  ),
})

export const RunningReply = Type.Object({
  revision: Type.String({ description: 'Empty when the bank has no playbook yet.' }),
  sequence: Sequence,
  bank: Nullable(
    Type.Object({
      name: Type.String(),
      zone: Type.String({ description: 'IANA time zone; business dates are days of it.' }),
      currency: Type.String({ description: 'ISO 4217.' }),
      languages: Type.Array(Type.String()),
    }),
  ),
  now: Type.String({ format: 'date-time', description: 'By the server’s clock.' }),
})
export type RunningReply = Static<typeof RunningReply>

export const DocumentParams = Type.Object({ kind: KindName, id: DocumentId }, { additionalProperties: false })
export const DocumentQuery = Type.Object({ revision: Type.Optional(Hash) }, { additionalProperties: false })
export const DocumentReply = Type.Object({
  revision: Type.String(),
  document: Type.Record(Type.String(), Type.Unknown()),
  text: Text,
})

export const KindsReply = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: KindName,
      folder: Type.String(),
      schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of its documents.' }),
    }),
  ),
})

const Finding = Type.Object({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  file: Type.String(),
  kind: Type.String(),
  id: Type.String(),
  path: Type.String(),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  found: Type.String(),
  expected: Type.String(),
  message: Type.String(),
})

const DocumentChange = Type.Object({
  kind: Type.String(),
  id: Type.String(),
  title: Type.String(),
  change: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
  fields: Type.Array(FieldChange),
})

export const DiffQuery = Type.Object({ from: Hash, to: Type.Optional(Hash) }, { additionalProperties: false })
export const DiffReply = Type.Object({
  changes: Type.Array(DocumentChange),
  text: Type.String({ description: 'The difference for a person to read.' }),
})

const Version = Type.String({
  pattern: '^([0-9a-f]{64}|removed|untouched)$',
  description: 'What a draft says of a document: a hash of its content, removed, or untouched.',
})

/** A document written (with its text) or removed (without). */
const Change = Type.Object(
  {
    kind: KindName,
    id: DocumentId,
    text: Type.Optional(Text),
    over: Type.Optional(
      Type.Unsafe<string>({
        ...Version,
        description: 'The version its writer saw: refused when somebody else has written since.',
      }),
    ),
  },
  { additionalProperties: false },
)
const Changes = Type.Array(Change, { maxItems: 500 })
const Reason = Type.String({ minLength: 1, maxLength: 2000, description: 'Why, in a sentence.' })

export const DraftBody = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 160 }),
    reason: Reason,
    changes: Type.Optional(Changes),
    base: Type.Optional(Hash),
  },
  { additionalProperties: false },
)
export const ChangesBody = Type.Object({ changes: Changes }, { additionalProperties: false })
export const DraftChangeParams = Type.Object(
  { draftId: Type.String({ format: 'uuid' }), kind: KindName, id: DocumentId },
  { additionalProperties: false },
)
export const ReasonBody = Type.Object({ reason: Reason }, { additionalProperties: false })
export const DraftMade = Type.Object({ draftId: Type.String({ format: 'uuid' }) })

export const Draft = Type.Object({
  draftId: Type.String({ format: 'uuid' }),
  title: Type.String(),
  reason: Type.String(),
  base: Nullable(Hash),
  undoes: Nullable(Type.Integer()),
  madeBy: Type.String(),
  madeAt: Type.String({ format: 'date-time' }),
  withdrawnAt: Nullable(Type.String({ format: 'date-time' })),
  withdrawnBy: Nullable(Type.String()),
  sequence: Nullable(Type.Integer({ description: 'The activation that made it run.' })),
  requestedBy: Nullable(Type.String({ description: 'Who asked for a review; null while nobody has.' })),
  requestedAt: Nullable(Type.String({ format: 'date-time' })),
  approvedBy: Nullable(Type.String({ description: 'Who approved it as a change to what runs now.' })),
  approvedAt: Nullable(Type.String({ format: 'date-time' })),
  documents: Type.Integer({ description: 'How many documents it writes or removes.' }),
})
export type Draft = Static<typeof Draft>
export const DraftsReply = Type.Object({ drafts: Type.Array(Draft) })

const Side = Nullable(Type.Object({ text: Text, hash: Type.String() }))
/** One document as a draft has it, as its author began from it, and as it runs now. */
export const DraftDocumentReply = Type.Object({
  kind: KindName,
  id: DocumentId,
  version: Version,
  draft: Nullable(
    Type.Object({
      text: Nullable(Text),
      changedBy: Type.String(),
      changedAt: Type.String({ format: 'date-time' }),
    }),
  ),
  base: Side,
  running: Side,
  elsewhere: Type.Array(
    Type.Object({
      draftId: Type.String({ format: 'uuid' }),
      title: Type.String(),
      changedBy: Type.String(),
      changedAt: Type.String({ format: 'date-time' }),
    }),
    { description: 'Other open drafts that change the same document.' },
  ),
})
export const ReviewRequestBody = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 2000, description: 'What the reviewer should look at.' })) },
  { additionalProperties: false },
)

const Approval = Type.Object({
  approvalId: Type.String({ format: 'uuid' }),
  draftId: Type.String({ format: 'uuid' }),
  revision: Hash,
  ontoSequence: Sequence,
  madeBy: Type.String(),
  approvedBy: Type.String(),
  approvedAt: Type.String({ format: 'date-time' }),
  note: Type.String(),
})

export const ReviewQuery = Type.Object(
  { effects: Type.Optional(Type.Boolean({ description: 'Also work out what it would do: takes longer.' })) },
  { additionalProperties: false },
)
export const ReviewReply = Type.Object({
  draft: Draft,
  revision: Hash,
  ontoSequence: Sequence,
  changes: Type.Array(DocumentChange),
  text: Type.String({ description: 'The difference for a person to read.' }),
  conflicts: Type.Array(
    Type.Object({ kind: Type.String(), id: Type.String(), mine: Type.String(), theirs: Type.String() }),
  ),
  findings: Type.Array(Finding),
  cases: Type.Array(
    Type.Object({
      kind: Type.String(),
      id: Type.String(),
      file: Type.String(),
      results: Type.Array(
        Type.Object({ name: Type.String(), passed: Type.Boolean(), found: Type.String(), expected: Type.String() }),
      ),
    }),
  ),
  effects: Type.Array(EffectReply),
  approvals: Type.Array(Approval),
})

export const ApproveBody = Type.Object(
  {
    revision: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The revision that was reviewed, and no other.' }),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
export const ApprovalReply = Type.Object({ approvalId: Type.String({ format: 'uuid' }) })
export const ApprovalParams = Type.Object(
  { approvalId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export const ActivationReply = Type.Object({ sequence: Sequence })

export const HistoryQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })) },
  { additionalProperties: false },
)
export const HistoryReply = Type.Object({
  activations: Type.Array(
    Type.Object({
      sequence: Sequence,
      revision: Hash,
      draftId: Nullable(Type.String()),
      title: Nullable(Type.String()),
      reason: Nullable(Type.String()),
      undoes: Nullable(Type.Integer()),
      madeBy: Nullable(Type.String()),
      approvedBy: Nullable(Type.String()),
      activatedBy: Type.String(),
      activatedAt: Type.String({ format: 'date-time' }),
      changes: Type.Array(Type.Object({ kind: Type.String(), id: Type.String(), change: Type.String() })),
    }),
  ),
})
export const SequenceParams = Type.Object({ sequence: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })

export const CheckBody = Type.Object(
  { documents: Type.Array(Text, { minItems: 1, maxItems: 500 }) },
  { additionalProperties: false },
)
export const CheckReply = Type.Object({ findings: Type.Array(Finding) })

export const ServersReply = Type.Object({
  servers: Type.Array(
    Type.Object({
      serverId: Type.String(),
      name: Type.String(),
      sequence: Sequence,
      state: Type.String(),
      reason: Type.String(),
    }),
  ),
})
