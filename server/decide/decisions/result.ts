import type { Decision } from './engine.ts'

/** How many of the ranked are stored with their score; those behind are told by replay. */
const RANKED_STORED = 10

/**
 * A decision's result as its row holds it: the places won with all that was promised, and the scores behind them. The
 * same decision is the same text, to the byte.
 */
export const rankedText = (decision: Decision): string =>
  JSON.stringify({
    chosen: decision.chosen.map(({ action, treatment, score, parts, offer, variables, withheld }) => ({
      action: action.id,
      treatment: treatment.id,
      class: treatment.class,
      group: action.group,
      issue: action.issue,
      score,
      parts,
      offer,
      variables,
      withheld,
    })),
    ranked: decision.ranked
      .slice(0, RANKED_STORED)
      .map(({ action, treatment, score }) => [action.id, treatment.id, score]),
  })

/** What `rankedText` says of one place won. */
export interface StoredChoice {
  action: string
  treatment: string
  class: string
  group: string
  issue: string
  score: number
  offer: unknown
  variables: Record<string, unknown>
  withheld: boolean
}

export const choicesOf = (ranked: string): StoredChoice[] => (JSON.parse(ranked) as { chosen: StoredChoice[] }).chosen
