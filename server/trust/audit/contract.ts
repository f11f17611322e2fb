import Type, { type Static } from 'typebox'

const Text = (description: string) => Type.String({ maxLength: 200, description })

export const AuditEntry = Type.Object(
  {
    chain: Type.Integer({ minimum: 0, maximum: 255 }),
    sequence: Type.Integer({ minimum: 1, description: 'Place in the chain, without gaps.' }),
    at: Type.String({ format: 'date-time' }),
    actorKind: Type.String(),
    actorId: Type.String(),
    action: Type.String({ description: "What was done, e.g. 'know.customers:viewed'." }),
    customers: Type.Array(Type.String(), { description: 'Salted digests of the customers it was about.' }),
    subject: Type.Union([Type.String(), Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()], {
      description: 'The words of the reason, where they have not been erased.',
    }),
    facts: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
)
export type AuditEntry = Static<typeof AuditEntry>

export const AuditQuery = Type.Object(
  {
    customerId: Type.Optional(Type.Integer({ minimum: 1, description: 'Only entries about this customer.' })),
    actorId: Type.Optional(Text('Only entries of this actor.')),
    action: Type.Optional(Text('Only this action.')),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Not before.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Before.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
    order: Type.Optional(Type.Enum(['latest', 'oldest'], { default: 'latest', description: 'Which come first.' })),
  },
  { additionalProperties: false },
)
export type AuditQuery = Static<typeof AuditQuery>

export const AuditPage = Type.Object(
  {
    entries: Type.Array(AuditEntry),
    total: Type.Integer({ description: 'How many the filter finds in all, on this page or not.' }),
  },
  { additionalProperties: false },
)

export const AuditReport = Type.Object(
  {
    whole: Type.Boolean({
      description: 'No row was deleted, changed, reordered or cut off, as far as rows and anchors can tell.',
    }),
    entries: Type.Integer({ description: 'Rows that were checked.' }),
    anchors: Type.Integer({ description: 'Signed anchors that were checked.' }),
    breaks: Type.Array(Type.Object({ chain: Type.Integer(), sequence: Type.Integer(), problem: Type.String() })),
  },
  { additionalProperties: false },
)
export type AuditReport = Static<typeof AuditReport>
