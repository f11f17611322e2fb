import Type, { type Static } from 'typebox'
import { FrozenOffer } from '#decide/propositions/contract'
import { DocumentId } from '#trust/playbook/contract'

const CustomerId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Asker = Type.Union(
  [
    Type.Literal('self'),
    Type.Literal('guardian'),
    Type.Literal('attorney'),
    Type.Literal('executor'),
    Type.Literal('staff'),
  ],
  { description: 'Who asks; nothing is offered through somebody who acts for the customer' },
)

/** What the channel knows of this conversation. */
export const CallerContext = Type.Object(
  {
    topic: Type.Optional(Type.String({ maxLength: 100 })),
    product: Type.Optional(DocumentId),
    need: Type.Optional(Type.String({ maxLength: 100 })),
    amount_minor: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })),
  },
  { additionalProperties: false },
)

export const DecisionRequest = Type.Object(
  {
    customerId: CustomerId,
    channel: DocumentId,
    placement: Type.Optional(DocumentId),
    /** Why the customer is here, a code of the channel's. */
    reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })),
    asker: Type.Optional(Asker),
    actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    /** Only this action, if it may be said: somebody chose it from a preview. */
    only: Type.Optional(DocumentId),
    /** An offer that nobody has seen by then expires. */
    validForSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 31_536_000 })),
    context: Type.Optional(CallerContext),
    /** The same key with the same request gives the same decision again; with another request it is a mismatch. */
    idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type DecisionRequest = Static<typeof DecisionRequest>

export const DecidedAction = Type.Object({
  contactId: Type.String(),
  action: Type.String(),
  group: Type.String(),
  issue: Type.String(),
  treatment: Type.String(),
  class: Type.String(),
  offer: OrNull(FrozenOffer),
  variables: Type.Record(Type.String(), Type.Unknown()),
  /** The score that put it in its place; comparable within one decision only. */
  priority: Type.Number(),
})
export type DecidedAction = Static<typeof DecidedAction>

export const DecisionReply = Type.Object({
  decisionId: Type.String(),
  customerId: Type.Integer(),
  actions: Type.Array(DecidedAction),
  /** stopped | no_contact | control | nothing_eligible | nothing_better; absent when something is shown. */
  nothingBecause: Type.Optional(Type.String()),
})
export type DecisionReply = Static<typeof DecisionReply>

const ReasonGiven = Type.Object({
  stage: Type.String(),
  level: Type.String(),
  clause: Type.String(),
  title: Type.String(),
  found: Type.String(),
  needed: Type.String(),
})

const Parts = Type.Object({
  propensity: Type.Number(),
  bankValueMinor: Type.Number(),
  customerValueMinor: Type.Number(),
  costMinor: Type.Number(),
  contextWeight: Type.Number(),
  lever: Type.Number(),
})

const TracedAction = Type.Object({
  action: Type.String(),
  title: Type.String(),
  verdict: Type.String(),
  /** The best score among its treatments; null when none may be said. */
  priority: OrNull(Type.Number()),
  reasons: Type.Array(ReasonGiven),
  treatments: Type.Array(
    Type.Object({
      treatment: Type.String(),
      class: Type.String(),
      verdict: Type.String(),
      reasons: Type.Array(ReasonGiven),
      score: Type.Optional(Type.Number()),
      parts: Type.Optional(Parts),
    }),
  ),
})

export const Explanation = Type.Object({
  decisionId: Type.String(),
  customerId: Type.Integer(),
  askedAt: Type.String(),
  channel: Type.String(),
  placement: OrNull(Type.String()),
  reason: OrNull(Type.String()),
  revision: Type.String(),
  engineVersion: Type.Integer(),
  modelVersion: Type.String(),
  seed: Type.Integer(),
  nothingBecause: OrNull(Type.String()),
  /** The business date it was decided on. */
  today: Type.String(),
  asker: Type.String(),
  /** The formula of the score, over `score.*`, as it stood then. */
  formula: Type.String(),
  /** What was shown, best first, with the figures and values that were promised. */
  shown: Type.Array(
    Type.Object({
      action: Type.String(),
      treatment: Type.String(),
      class: Type.String(),
      score: Type.Number(),
      offer: OrNull(FrozenOffer),
      variables: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
  actions: Type.Array(TracedAction),
})
export type Explanation = Static<typeof Explanation>

export const DecisionParams = Type.Object(
  { decisionId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export const WhyAsked = Type.Object(
  { why: Type.Optional(Type.String({ minLength: 3, maxLength: 200, description: 'Why you look, for the audit.' })) },
  { additionalProperties: false },
)

export const ReplayReply = Type.Object({
  decisionId: Type.String(),
  /** Whether the decision, made again from its stored row, came out the same to the last byte. */
  identical: Type.Boolean(),
  verdictsDiffer: Type.Array(Type.Object({ action: Type.String(), stored: Type.String(), replayed: Type.String() })),
  rankedDiffers: Type.Boolean(),
})
export type ReplayReply = Static<typeof ReplayReply>

export const DecisionFactsReply = Type.Object({
  decisionId: Type.String(),
  /** What a "what if" may change, with the value as it was. */
  facts: Type.Array(
    Type.Object({
      name: Type.String({
        description: '`customer.<attribute>`, `context.<field>`, or ageYears, products, inArrears.',
      }),
      title: Type.String(),
      meaning: Type.String(),
      type: Type.String({ description: 'int | double | bool | string | date | timestamp | list<string>' }),
      unit: OrNull(Type.String()),
      value: Type.Unknown({ description: 'null: absent.' }),
    }),
  ),
})
export type DecisionFactsReply = Static<typeof DecisionFactsReply>

export const WhatIfRequest = Type.Object(
  {
    /** New values by name: `customer.<attribute>`, `context.<field>`, or ageYears, products, inArrears, asker. */
    change: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { minProperties: 1, maxProperties: 20 }),
  },
  { additionalProperties: false },
)

export const WhatIfReply = Type.Object({
  decisionId: Type.String(),
  before: Type.Array(Type.String()),
  after: Type.Array(Type.String()),
  changed: Type.Array(
    Type.Object({
      action: Type.String(),
      before: Type.String(),
      after: Type.String(),
      reasons: Type.Array(ReasonGiven),
    }),
  ),
})
export type WhatIfReply = Static<typeof WhatIfReply>

export const PreviewRequest = Type.Object(
  {
    customerId: CustomerId,
    channel: DocumentId,
    placement: Type.Optional(DocumentId),
    reason: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,60}$' })),
    asker: Type.Optional(Asker),
    actionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    context: Type.Optional(CallerContext),
    why: Type.Optional(Type.String({ minLength: 3, maxLength: 200, description: 'Why you look, for the audit.' })),
  },
  { additionalProperties: false },
)
export type PreviewRequest = Static<typeof PreviewRequest>

export const PreviewReply = Type.Object({
  customerId: Type.Integer(),
  at: Type.String(),
  today: Type.String({ description: 'The business date it would be decided on.' }),
  channel: Type.String(),
  placement: OrNull(Type.String()),
  revision: Type.String(),
  modelVersion: Type.String(),
  /** What would be shown, best first. */
  actions: Type.Array(
    Type.Object({
      action: Type.String(),
      title: Type.String(),
      group: Type.String(),
      issue: Type.String(),
      treatment: Type.String(),
      class: Type.String(),
      offer: OrNull(FrozenOffer),
      variables: Type.Record(Type.String(), Type.Unknown()),
      priority: Type.Number(),
    }),
  ),
  nothingBecause: OrNull(Type.String()),
  /** Every action with its verdict and reasons, the best first. */
  considered: Type.Array(TracedAction),
})
export type PreviewReply = Static<typeof PreviewReply>

export const DecisionsQuery = Type.Object(
  { customerId: CustomerId, decisionsMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })) },
  { additionalProperties: false },
)
export const DecisionsReply = Type.Object({
  decisions: Type.Array(
    Type.Object({
      decisionId: Type.String(),
      askedAt: Type.String(),
      channel: Type.String(),
      placement: OrNull(Type.String()),
      chosen: Type.Array(Type.String()),
      nothingBecause: OrNull(Type.String()),
    }),
  ),
})
