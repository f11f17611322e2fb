import Type, { type Static } from 'typebox'
import { Formula, TreatmentClass } from '#decide/propositions/contract'
import { DocumentId, documentSchema, refersTo } from '#trust/playbook/contract'

/** How what may be said is put in order. A playbook holds exactly one. */
export const ArbitrationDocument = documentSchema('arbitration', {
  /**
   * The score, over `score.propensity` (0..1), `score.bank_value_minor`, `score.customer_value_minor`,
   * `score.cost_minor` (of the channel), `score.context_weight` and `score.lever`, all doubles.
   */
  formula: Formula,
  /** Why the customer is here now weighs first: the weights of all that hold are multiplied. */
  contextWeights: Type.Optional(
    Type.Array(
      Type.Object(
        {
          id: DocumentId,
          title: Type.Optional(Type.String({ maxLength: 200 })),
          /** Over context and customer. */
          when: Formula,
          issues: Type.Optional(Type.Array(refersTo('issue'), { minItems: 1, maxItems: 50 })),
          groups: Type.Optional(Type.Array(refersTo('group'), { minItems: 1, maxItems: 100 })),
          actions: Type.Optional(Type.Array(refersTo('action'), { minItems: 1, maxItems: 200 })),
          classes: Type.Optional(Type.Array(TreatmentClass, { minItems: 1, maxItems: 4 })),
          weight: Type.Number({ minimum: 0, maximum: 1_000_000 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
  ),
  /** `thompson`: each propensity is drawn from what is believed of it, with the decision's stored seed. */
  exploration: Type.Union([Type.Literal('none'), Type.Literal('thompson')]),
  /** How many offers what is inherited from action, group and channel counts for. */
  priorOffers: Type.Integer({ minimum: 1, maximum: 100_000 }),
})
export type ArbitrationDocument = Static<typeof ArbitrationDocument>

export const PropensitiesReply = Type.Object({
  propensities: Type.Array(
    Type.Object({
      action: Type.String(),
      treatment: Type.String(),
      channel: Type.String(),
      offered: Type.Integer(),
      accepted: Type.Integer(),
    }),
  ),
})
export type PropensitiesReply = Static<typeof PropensitiesReply>

export const LearningQuery = Type.Object(
  { daysMax: Type.Optional(Type.Integer({ minimum: 2, maximum: 400, default: 90 })) },
  { additionalProperties: false },
)
export const LearningReply = Type.Object({
  /** Oldest first; a day on which nothing was learned has no line. */
  days: Type.Array(
    Type.Object({
      on: Type.String({ description: 'Business date.' }),
      modelVersion: Type.String(),
      /** What was known at the day’s end: offers seen and taken up since the beginning, per action and channel. */
      counts: Type.Array(
        Type.Object({
          action: Type.String(),
          channel: Type.String(),
          offered: Type.Integer(),
          accepted: Type.Integer(),
        }),
      ),
    }),
  ),
})
export type LearningReply = Static<typeof LearningReply>

const Tested = {
  offered: Type.Integer(),
  /** Acceptances that were to be expected: the sum of the likelihoods believed the evening before. */
  foretold: Type.Number(),
  accepted: Type.Integer(),
  /** 95 % of the share taken up, low and high (Wilson); null without an offer. */
  interval: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()]),
}
export const CalibrationQuery = Type.Object(
  { daysMax: Type.Optional(Type.Integer({ minimum: 2, maximum: 400, default: 90 })) },
  { additionalProperties: false },
)
export const CalibrationReply = Type.Object({
  /** The first and the last business date whose offers are tested; null when there is none. */
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Union([Type.String(), Type.Null()]),
  all: Type.Object(Tested),
  /** Offers in groups of about the same size, from the least to the most likely; `low` and `high` as believed, 0..1. */
  groups: Type.Array(Type.Object({ low: Type.Number(), high: Type.Number(), ...Tested })),
  /** The most offered first. */
  actions: Type.Array(Type.Object({ action: Type.String(), title: Type.String(), ...Tested })),
})
export type CalibrationReply = Static<typeof CalibrationReply>
