import Type, { type Static } from 'typebox'

const Id = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'snake_case id' })
const Expression = Type.String({ minLength: 1, maxLength: 4000, description: 'CEL expression' })

/** int lies within ±2⁵³; money is int in minor units; a date is 'YYYY-MM-DD' in the bank's zone. */
export const AttributeType = Type.Union(
  [
    Type.Literal('int'),
    Type.Literal('double'),
    Type.Literal('bool'),
    Type.Literal('string'),
    Type.Literal('date'),
    Type.Literal('timestamp'),
    Type.Literal('list<string>'),
  ],
  { description: 'int | double | bool | string | date | timestamp | list<string>' },
)
export type AttributeType = Static<typeof AttributeType>

/**
 * A closed set: each can be merged from daily parts, so that everybody's history and one arriving row give the same.
 * count, sum, any, distinct and list of nothing are 0, 0, false, 0 and []; the others of nothing are absent.
 */
export const Aggregate = Type.Union(
  [
    Type.Literal('count'),
    Type.Literal('sum'),
    Type.Literal('min'),
    Type.Literal('max'),
    Type.Literal('any'),
    Type.Literal('first'),
    Type.Literal('last'),
    Type.Literal('distinct'),
    Type.Literal('list'),
    Type.Literal('first_date'),
    Type.Literal('last_date'),
  ],
  { description: 'count | sum | min | max | any | first | last | distinct | list | first_date | last_date' },
)
export type Aggregate = Static<typeof Aggregate>

/** Further fields of a row, by name and type: of a holding's details, or of an event's payload. */
const Fields = Type.Optional(
  Type.Record(
    Id,
    Type.Union([
      Type.Literal('int'),
      Type.Literal('double'),
      Type.Literal('bool'),
      Type.Literal('string'),
      Type.Literal('date'),
    ]),
    { maxProperties: 30 },
  ),
)
export type Fields = Static<typeof Fields>

const WindowDays = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 36_600, description: 'The last so many days, today included; absent: all' }),
)

const Person = Type.Object({ person: Id }, { additionalProperties: false })

const Holding = Type.Object(
  {
    holding: Type.Object(
      {
        aggregate: Aggregate,
        of: Type.Optional(Id),
        where: Type.Optional(Expression),
        fields: Fields,
        /** The roles by which a holding counts as the customer's; absent: owner. */
        roles: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10 })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const Transactions = Type.Object(
  {
    transactions: Type.Object(
      {
        aggregate: Aggregate,
        of: Type.Optional(Id),
        where: Type.Optional(Expression),
        windowDays: WindowDays,
        /** Of a joint holding: each owner sees the whole (default), or sums count by share. */
        share: Type.Optional(Type.Union([Type.Literal('whole'), Type.Literal('by_share')])),
        roles: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10 })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const Events = Type.Object(
  {
    events: Type.Object(
      {
        /** Event types that count. */
        types: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_.]{0,99}$' }), { minItems: 1, maxItems: 50 }),
        aggregate: Aggregate,
        of: Type.Optional(Id),
        where: Type.Optional(Expression),
        fields: Fields,
        windowDays: WindowDays,
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const FormulaSource = Type.Object({ formula: Expression }, { additionalProperties: false })

/** A playbook document of kind `attribute`: one thing the bank knows of every customer, defined once. */
export const AttributeDocument = Type.Object(
  {
    kind: Type.Literal('attribute'),
    id: Id,
    title: Type.String({ minLength: 1, maxLength: 120 }),
    /** What it means to a banker, and what it leaves out. */
    meaning: Type.String({ minLength: 1, maxLength: 1000 }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    type: AttributeType,
    /** minor, years, days, count, percent, … */
    unit: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_/]{0,29}$' })),
    /** What a rule sees when the value is absent. Absent here: 0, 0.0, false, '', 1970-01-01 or []. */
    default: Type.Optional(
      Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 200 }), Type.Array(Type.String())]),
    ),
    /** Why the bank may hold it; a special purpose restricts where rules may use it. */
    personal: Type.Optional(
      Type.Object(
        {
          purpose: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
          retention: Type.Optional(Type.String({ maxLength: 200 })),
        },
        { additionalProperties: false },
      ),
    ),
    owner: Type.Optional(Type.String({ maxLength: 100 })),
    source: Type.Union([Person, Holding, Transactions, Events, FormulaSource]),
  },
  { additionalProperties: false },
)
export type AttributeDocument = Static<typeof AttributeDocument>

const CustomerId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

export const FactsParams = Type.Object({ customerId: CustomerId }, { additionalProperties: false })
/** One customer's attributes now. `absent` names those without a value; rules see their default. */
export const FactsReply = Type.Object({
  customerId: CustomerId,
  asOf: Type.Union([Type.String(), Type.Null()]),
  attributes: Type.Record(Type.String(), Type.Unknown()),
  absent: Type.Array(Type.String()),
  /** The same, each with what it means, in the order of the playbook. */
  described: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      meaning: Type.String(),
      type: AttributeType,
      unit: Type.Union([Type.String(), Type.Null()]),
      source: Type.String({ description: 'person, holding, transactions, events or formula.' }),
      value: Type.Unknown(),
      absent: Type.Boolean(),
    }),
  ),
})
export type FactsReply = Static<typeof FactsReply>

export const CatalogueReply = Type.Object({
  revision: Type.String(),
  asOf: Type.Union([Type.String(), Type.Null()]),
  attributes: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      meaning: Type.String(),
      type: AttributeType,
      unit: Type.Union([Type.String(), Type.Null()]),
      default: Type.Unknown(),
      source: Type.String(),
      /** Attributes this one is computed from. */
      reads: Type.Array(Type.String()),
      personal: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
})
export type CatalogueReply = Static<typeof CatalogueReply>

export const ComputeRequest = Type.Object(
  { asOf: Type.Optional(Type.String({ format: 'date' })) },
  { additionalProperties: false },
)
export const ComputeReply = Type.Object({ jobId: Type.String() })
