import Type, { type Static } from 'typebox'
import { TreatmentClass } from '#decide/propositions/contract'
import { documentSchema } from '#trust/playbook/contract'

/** A control group: households who hear nothing of the classes named, so that what contact changes can be seen. */
export const ExperimentDocument = documentSchema('experiment', {
  /** Share of households in the control arm, basis points: 3 % is 300. */
  controlBp: Type.Integer({ minimum: 1, maximum: 5000 }),
  /** Only marketing can be withheld. */
  classes: Type.Array(TreatmentClass, { minItems: 1, maxItems: 1 }),
  /** Stirred into the hash: another salt draws other households. */
  salt: Type.String({ minLength: 8, maxLength: 64 }),
  /** Drawn anew on 1 January, as a new assignment. */
  redraw: Type.Union([Type.Literal('yearly'), Type.Literal('never')]),
})
export type ExperimentDocument = Static<typeof ExperimentDocument>

export const ArmsReply = Type.Object({
  arms: Type.Array(
    Type.Object({
      experiment: Type.String(),
      period: Type.String(),
      arm: Type.String(),
      customers: Type.Integer(),
      /** Of them, how many are out of the analysis. */
      left: Type.Integer(),
    }),
  ),
})
