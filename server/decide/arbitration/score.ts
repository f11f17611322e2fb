import { type Action, type Catalogue, compiled, type Treatment } from '#decide/propositions'
import { type Environment, environment, type Facts, type Program } from '#platform/expressions'
import { type DocumentSet, documentsOf } from '#trust/playbook'
import type { ArbitrationDocument } from './contract.ts'

/** What the formula of arbitration may read, all of one candidate. */
export const SCORE_FIELDS = {
  propensity: { type: 'double', required: true },
  bank_value_minor: { type: 'double', required: true },
  customer_value_minor: { type: 'double', required: true },
  cost_minor: { type: 'double', required: true },
  context_weight: { type: 'double', required: true },
  lever: { type: 'double', required: true },
} as const

export const scoreEnvironment = (): Environment => environment({ score: { fields: { ...SCORE_FIELDS } } })

/** How a revision puts candidates in order. */
export interface Arbitration {
  readonly formula: Program
  readonly explores: boolean
  readonly priorOffers: number
  readonly weights: readonly ContextWeight[]
  /** For each action, the places of the weights that concern it. */
  readonly weightsOf: readonly (readonly number[])[]
}

interface ContextWeight {
  readonly id: string
  readonly when: Program
  readonly weight: number
}

/** When a playbook says nothing else. */
export const STANDARD: ArbitrationDocument = {
  kind: 'arbitration',
  id: 'standard',
  title: 'Propensity × mutual value × context × levers',
  formula:
    'score.propensity * (score.bank_value_minor + score.customer_value_minor) * score.context_weight * score.lever',
  exploration: 'none',
  priorOffers: 200,
}

export function arbitrationOf(documents: DocumentSet, catalogue: Catalogue, env: Environment): Arbitration {
  const document = documentsOf<ArbitrationDocument>({ documents }, 'arbitration')[0] ?? STANDARD
  const weights = document.contextWeights ?? []
  const concerns = (weight: (typeof weights)[number], action: Action): boolean =>
    (weight.issues === undefined || weight.issues.includes(action.issue)) &&
    (weight.groups === undefined || weight.groups.includes(action.group)) &&
    (weight.actions === undefined || weight.actions.includes(action.id)) &&
    (weight.classes === undefined || weight.classes.includes(action.document.class))
  return {
    formula: compiled(scoreEnvironment(), document.formula, undefined, 'arbitration formula'),
    explores: document.exploration === 'thompson',
    priorOffers: document.priorOffers,
    weights: weights.map(({ id, when, weight }) => ({
      id,
      when: compiled(env, when, 'bool', `arbitration contextWeights.${id}`),
      weight,
    })),
    weightsOf: catalogue.actions.map((action) =>
      weights.flatMap((weight, place) => (concerns(weight, action) ? [place] : [])),
    ),
  }
}

/** The parts that made a score; they stand in the decision. */
export interface ScoreParts {
  propensity: number
  bankValueMinor: number
  customerValueMinor: number
  costMinor: number
  contextWeight: number
  lever: number
}

/** The score of a candidate, or undefined when the formula fails or yields no finite number. */
export function scoreOf(arbitration: Arbitration, parts: ScoreParts): number | undefined {
  const score = arbitration.formula.evaluate({
    score: {
      propensity: parts.propensity,
      bank_value_minor: parts.bankValueMinor,
      customer_value_minor: parts.customerValueMinor,
      cost_minor: parts.costMinor,
      context_weight: parts.contextWeight,
      lever: parts.lever,
    },
  })
  return typeof score === 'number' && Number.isFinite(score) ? score : undefined
}

/** Why the customer is here now, for one action: the product of the weights whose condition holds. Each is tried once. */
export function contextWeightOf(
  arbitration: Arbitration,
  action: Action,
  facts: Facts,
  tried: (boolean | undefined)[],
): number {
  let weight = 1
  for (const place of arbitration.weightsOf[action.index]!) {
    tried[place] ??= arbitration.weights[place]!.when.admits(facts)
    if (tried[place]) weight *= arbitration.weights[place]!.weight
  }
  return weight
}

/** The lever of a treatment: issue × group × action × treatment. */
export const leverOf = (treatment: Treatment): number => treatment.action.lever * treatment.lever
