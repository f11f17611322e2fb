import Type, { type Static } from 'typebox'

const Id = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'snake_case id' })
const Rule = Type.String({ minLength: 1, maxLength: 4000, description: 'CEL over customer.*' })

/** A playbook document of kind `segment`: the customers to whom a rule applies. */
export const SegmentDocument = Type.Object(
  {
    kind: Type.Literal('segment'),
    id: Id,
    title: Type.String({ minLength: 1, maxLength: 120 }),
    meaning: Type.Optional(Type.String({ maxLength: 1000 })),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    /** A customer belongs when it is true; an error in it means they do not. */
    rule: Rule,
    /** Segments of one group exclude each other: of those that apply, the one of highest priority counts. */
    group: Type.Optional(Id),
    priority: Type.Optional(Type.Integer({ minimum: -1000, maximum: 1000, default: 0 })),
    /** What the bank wants with them; nothing is sold to those in care. */
    strategy: Type.Optional(
      Type.Union([Type.Literal('gain'), Type.Literal('grow'), Type.Literal('keep'), Type.Literal('care')]),
    ),
    owner: Type.Optional(Type.String({ maxLength: 100 })),
  },
  { additionalProperties: false },
)
export type SegmentDocument = Static<typeof SegmentDocument>

/** Either a draft rule or the id of a segment of the active playbook. */
export const CountRequest = Type.Object(
  {
    rule: Type.Optional(Rule),
    segment: Type.Optional(Id),
    /** Customers to show, chosen evenly, within the asker's scope and without sealed records. */
    sample: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, default: 0 })),
    /** Attributes to show of each. */
    columns: Type.Optional(Type.Array(Id, { maxItems: 8 })),
  },
  { additionalProperties: false },
)
export type CountRequest = Static<typeof CountRequest>

/** One member; `values` of the attributes asked for, null where absent. */
const Member = Type.Object({
  customerId: Type.Integer(),
  name: Type.Union([Type.String(), Type.Null()]),
  values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
export type Member = Static<typeof Member>

export const CountReply = Type.Object({
  count: Type.Integer(),
  /** Everybody for whom attributes were computed. */
  customers: Type.Integer(),
  /** Customers for whom the rule failed; they do not belong. */
  errors: Type.Integer(),
  /** Attributes the rule reads although they may be absent: these customers were judged by the default. */
  defaults: Type.Array(Type.String()),
  sample: Type.Array(Member),
  asOf: Type.String(),
  elapsedMs: Type.Number(),
})
export type CountReply = Static<typeof CountReply>

export const SegmentListReply = Type.Object({
  revision: Type.String(),
  segments: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      meaning: Type.Union([Type.String(), Type.Null()]),
      rule: Type.String(),
      group: Type.Union([Type.String(), Type.Null()]),
      priority: Type.Integer(),
      strategy: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
})
export type SegmentListReply = Static<typeof SegmentListReply>

export const MembersParams = Type.Object({ segmentId: Id }, { additionalProperties: false })
export const SizesReply = Type.Object({
  /** Of whose rules the sizes are. */
  revision: Type.String(),
  asOf: Type.Union([Type.String(), Type.Null()], {
    description: 'The last day the attributes saw; null before they were first computed.',
  }),
  /** Everybody for whom attributes were computed. */
  customers: Type.Integer(),
  sizes: Type.Array(
    Type.Object({
      segment: Type.String(),
      count: Type.Integer(),
      errors: Type.Integer({ description: 'Customers for whom the rule failed; they do not belong.' }),
    }),
  ),
})
export type SizesReply = Static<typeof SizesReply>

export const AnatomyRequest = Type.Pick(CountRequest, ['rule', 'segment'], { additionalProperties: false })
export const AnatomyReply = Type.Object({
  asOf: Type.String(),
  /** Everybody for whom attributes were computed. */
  customers: Type.Integer(),
  /** Who belongs. */
  count: Type.Integer(),
  /** The conditions that must all hold, in the order written. */
  clauses: Type.Array(
    Type.Object({
      source: Type.String(),
      alone: Type.Integer({ description: 'Customers for whom it holds, whatever the others say.' }),
      left: Type.Integer({ description: 'For whom it and all before it hold.' }),
      without: Type.Integer({ description: 'For whom all others hold.' }),
    }),
  ),
  taken: Type.Integer({
    description: 'For whom the rule holds, and whom a segment of its group takes that goes before.',
  }),
  /** The other segments that hold some of them, those of most first. */
  overlaps: Type.Array(
    Type.Object({
      segment: Type.String(),
      title: Type.String(),
      both: Type.Integer({ description: 'Customers who belong here and there.' }),
      size: Type.Integer({ description: 'Customers who belong there.' }),
    }),
  ),
})
export type AnatomyReply = Static<typeof AnatomyReply>

const COLUMN = '[a-z][a-z0-9_]{0,62}'
const Listed = {
  columns: Type.Optional(
    Type.String({
      pattern: `^${COLUMN}(,${COLUMN}){0,7}$`,
      description: 'Attributes to show of each, with commas between.',
    }),
  ),
  order: Type.Optional(
    Type.String({
      pattern: `^-?(number|name|customer[.]${COLUMN})$`,
      default: 'number',
      description:
        "By what they go: 'number', 'name' or 'customer.<attribute>'; '-' before it turns it round. Absent values last.",
    }),
  ),
  text: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        "Only those of whom each word stands in the name or a column's text, or is their number or a column's number.",
    }),
  ),
}
export const MembersQuery = Type.Object(
  {
    ...Listed,
    after: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_-]{1,1500}$', description: 'Where to go on: `next` of the page before.' }),
    ),
    membersMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  },
  { additionalProperties: false },
)
export const MembersExportQuery = Type.Object(Listed, { additionalProperties: false })
export const MembersReply = Type.Object({
  asOf: Type.String({ description: 'The last day the attributes saw: membership, order and values are of it.' }),
  members: Type.Array(Member),
  total: Type.Integer({ description: 'How many there are in all, on this page or not.' }),
  /** Ask again with `after` at this place; null at the end. */
  next: Type.Union([Type.String(), Type.Null()]),
})
export type MembersReply = Static<typeof MembersReply>

export const UsesReply = Type.Object({
  uses: Type.Array(
    Type.Object({
      kind: Type.String(),
      id: Type.String(),
      title: Type.String(),
      path: Type.String(),
      depth: Type.Integer({ description: '1 names the segment; 2 names a document that does.' }),
    }),
  ),
})

export const CustomerSegmentsParams = Type.Object(
  { customerId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
  { additionalProperties: false },
)
export const CustomerSegmentsReply = Type.Object({
  segments: Type.Array(Type.String()),
  described: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      meaning: Type.Union([Type.String(), Type.Null()]),
      group: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
})
export type CustomerSegmentsReply = Static<typeof CustomerSegmentsReply>

const BASE_STATES = ['none', 'one', 'two', 'three', 'four', 'left'] as const
export type BaseState = (typeof BASE_STATES)[number]

export const BaseQuery = Type.Object(
  { months: Type.Optional(Type.Integer({ minimum: 1, maximum: 12, default: 3 })) },
  { additionalProperties: false },
)
export const BaseReply = Type.Object({
  /** The last days of months that are over, oldest first. */
  ends: Type.Array(Type.String()),
  flows: Type.Array(
    Type.Object({
      at: Type.Integer({ description: 'From which of the ends to the next.' }),
      from: Type.Enum([...BASE_STATES], {
        description: 'Products owned: none yet, one, two, three, four or more; left: none any more.',
      }),
      to: Type.Enum([...BASE_STATES]),
      customers: Type.Integer(),
    }),
  ),
})
export type BaseReply = Static<typeof BaseReply>
