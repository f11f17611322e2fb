import type { Arm } from '#decide/experiments'
import type { Asker, ConsentFacts, ContactHistory } from '#decide/policies'
import type { DatedStanding } from '#know/customers'

/** What the caller may tell of the conversation. */
export interface CallerContext {
  topic?: string
  product?: string
  need?: string
  amount_minor?: number
}

/** What is stopped, as a decision saw it. */
export interface StopFacts {
  version: number
  everything: boolean
  actions: readonly string[]
  templates: readonly string[]
  channels: readonly string[]
}

/**
 * Everything that goes into a decision beside the playbook and the model, which it names by their hashes. Stored with
 * the decision as it is, so that the decision can be made again from it.
 */
export interface Inputs {
  nowMs: number
  today: string
  channel: string
  placement: string | null
  reason: string | null
  asker: Asker
  actionsMax: number
  context: CallerContext
  seed: number
  kind: string
  ageYears: number | null
  products: readonly string[]
  inArrears: boolean
  standings: readonly DatedStanding[]
  /** Values of the playbook's attributes; null is absent. */
  attributes: Record<string, unknown>
  consents: ConsentFacts
  history: ContactHistory
  lateFeeds: readonly string[]
  stops: StopFacts
  arm: { experiment: string; period: string; arm: Arm } | null
}

/** The stored form: attribute values as a list in the revision's order of ids, which saves their names in every row. */
export function inputsText(inputs: Inputs, attributes: readonly string[]): string {
  const { attributes: values, ...rest } = inputs
  const list = new Array<unknown>(attributes.length)
  for (let place = 0; place < attributes.length; place++) list[place] = values[attributes[place]!] ?? null
  return JSON.stringify({ ...rest, attributes: list })
}

/** Reads the stored form. `attributes`: the ids of the decision's own revision. */
export function inputsOf(stored: Record<string, unknown>, attributes: readonly string[]): Inputs {
  const list = stored.attributes as unknown[]
  const values: Record<string, unknown> = {}
  for (const [place, id] of attributes.entries()) values[id] = list[place] ?? null
  return { ...(stored as unknown as Inputs), attributes: values }
}
