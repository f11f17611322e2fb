import Type, { type Static } from 'typebox'
import { Formula, TreatmentClass } from '#decide/propositions/contract'
import { DocumentId, documentSchema, refersTo } from '#trust/playbook/contract'

/** One named condition. It either admits (an error or a false keeps the customer out) or excludes (an error or a true does). */
const ClauseFields = {
  id: DocumentId,
  /** What the advisor and the auditor read: "At least three small savings in 90 days". */
  title: Type.String({ minLength: 1, maxLength: 200 }),
  /** Feeds it rests on: while one is late or unbalanced, the clause keeps the customer out. */
  feeds: Type.Optional(Type.Array(DocumentId, { maxItems: 10 })),
}
export const Clause = Type.Union([
  Type.Object({ ...ClauseFields, admits: Formula }, { additionalProperties: false }),
  Type.Object({ ...ClauseFields, excludes: Formula }, { additionalProperties: false }),
])
export type Clause = Static<typeof Clause>

const idsOf = (kind: string) => Type.Optional(Type.Array(refersTo(kind), { minItems: 1, maxItems: 200 }))
const Clauses = Type.Optional(Type.Array(Clause, { maxItems: 40 }))

/** Who may be offered what: clauses of three stages, at any levels. They hold for everything under each id named. */
export const PolicyDocument = documentSchema('policy', {
  appliesTo: Type.Object(
    { issues: idsOf('issue'), groups: idsOf('group'), actions: idsOf('action'), treatments: idsOf('treatment') },
    { additionalProperties: false, minProperties: 1 },
  ),
  /** May they? Law, product rules. */
  eligibility: Clauses,
  /** Is it relevant to them now? */
  applicability: Clauses,
  /** Is it right for them? */
  suitability: Clauses,
})
export type PolicyDocument = Static<typeof PolicyDocument>

const CapFilter = {
  class: Type.Optional(TreatmentClass),
  channels: Type.Optional(Type.Array(refersTo('channel'), { minItems: 1, maxItems: 20 })),
  groups: idsOf('group'),
  actions: idsOf('action'),
}

/** At most `max` contacts that fit the filter within the last `windowDays`. */
export const Cap = Type.Object(
  {
    id: DocumentId,
    title: Type.Optional(Type.String({ maxLength: 200 })),
    max: Type.Integer({ minimum: 0, maximum: 1000 }),
    windowDays: Type.Integer({ minimum: 1, maximum: 730 }),
    direction: Type.Optional(Type.Union([Type.Literal('inbound'), Type.Literal('outbound')])),
    per: Type.Union([Type.Literal('person'), Type.Literal('household')]),
    /** Counted separately for each action or group, instead of together. */
    each: Type.Optional(Type.Union([Type.Literal('action'), Type.Literal('group')])),
    ...CapFilter,
    /** Counts only contacts that ended so; absent: all that were claimed, whatever became of them, but not the suppressed. */
    outcomes: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('clicked'),
          Type.Literal('accepted'),
          Type.Literal('refused'),
          Type.Literal('failed'),
        ]),
        { minItems: 1, maxItems: 4 },
      ),
    ),
  },
  { additionalProperties: false },
)
export type Cap = Static<typeof Cap>

/** Silence after an answer. */
export const Rest = Type.Object(
  {
    id: DocumentId,
    title: Type.Optional(Type.String({ maxLength: 200 })),
    after: Type.Union([
      Type.Literal('refuse'),
      Type.Literal('not_now'),
      Type.Literal('never'),
      Type.Literal('accept'),
      Type.Literal('ignored'),
    ]),
    /** How much rests: the same action, its whole group, or all credit. */
    each: Type.Union([Type.Literal('action'), Type.Literal('group'), Type.Literal('credit')]),
    /** Views without an answer that make `ignored`; counted since the last answer. */
    views: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** Which classes rest; absent: marketing. What the law makes the bank say never rests. */
    classes: Type.Optional(
      Type.Array(Type.Union([Type.Literal('service'), Type.Literal('care'), Type.Literal('marketing')]), {
        minItems: 1,
        maxItems: 3,
      }),
    ),
    /** Absent only after `accept`: until its outcome is known. */
    restDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  },
  { additionalProperties: false },
)
export type Rest = Static<typeof Rest>

/** The hours in which a channel may speak up, in the bank's zone. A channel without any may always. */
export const OpenHours = Type.Object(
  {
    channels: Type.Array(refersTo('channel'), { minItems: 1, maxItems: 20 }),
    /** 1 Monday to 7 Sunday. */
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
    from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    /** Exclusive. */
    to: Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' }),
    /** Also on the calendar's holidays. */
    holidays: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type OpenHours = Static<typeof OpenHours>

export const ContactPolicyDocument = documentSchema('contact_policy', {
  /** Hold for marketing only: regulatory, service and care reach the customer regardless. */
  caps: Type.Array(Cap, { maxItems: 60 }),
  rests: Type.Array(Rest, { maxItems: 60 }),
  openHours: Type.Optional(Type.Array(OpenHours, { maxItems: 40 })),
})
export type ContactPolicyDocument = Static<typeof ContactPolicyDocument>
