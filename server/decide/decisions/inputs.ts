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
  /** The one action that was asked for; null: whichever are best. */
  only: string | null
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

/** What most decisions have, and no row repeats. */
const USUAL = {
  placement: null,
  reason: null,
  asker: 'self',
  only: null,
  context: {},
  inArrears: false,
  standings: [],
  history: { own: [], household: [] },
  lateFeeds: [],
  arm: null,
} as const satisfies Partial<Inputs>
const NOTHING_STOPPED = { everything: false, actions: [], templates: [], channels: [] } as const
const AGREED_AS_USUAL = {
  marketingObjected: false,
  profilingObjected: false,
  paymentData: false,
  suppressed: [],
} as const

/**
 * The stored form: what differs from the usual, and attribute values as a list in the revision's order of ids, which
 * saves their names in every row.
 */
export function inputsText(inputs: Inputs, attributes: readonly string[]): string {
  const { attributes: values, stops, consents, ...rest } = inputs
  const list = new Array<unknown>(attributes.length)
  for (let place = 0; place < attributes.length; place++) list[place] = values[attributes[place]!] ?? null
  return JSON.stringify({
    ...unusual(rest, USUAL),
    consents: unusual(consents, AGREED_AS_USUAL),
    stops: unusual(stops, NOTHING_STOPPED),
    attributes: list,
  })
}

/** Reads the stored form. `attributes`: the ids of the decision's own revision. */
export function inputsOf(stored: Record<string, unknown>, attributes: readonly string[]): Inputs {
  const { attributes: list, consents, stops, ...rest } = stored
  const values: Record<string, unknown> = {}
  for (const [place, id] of attributes.entries()) values[id] = (list as unknown[])[place] ?? null
  return {
    ...USUAL,
    ...rest,
    consents: { ...AGREED_AS_USUAL, ...(consents as object) },
    stops: { ...NOTHING_STOPPED, ...(stops as object) },
    attributes: values,
  } as unknown as Inputs
}

function unusual(value: object, usual: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, found] of Object.entries(value))
    if (!(name in usual && isSame(found, (usual as Record<string, unknown>)[name]))) kept[name] = found
  return kept
}

/** Whether a value is the usual one: the same simple value, or an empty list or object where that is usual. */
function isSame(found: unknown, usual: unknown): boolean {
  if (found === usual) return true
  if (typeof found !== 'object' || found === null || typeof usual !== 'object' || usual === null) return false
  if (Array.isArray(found)) return found.length === 0 && Array.isArray(usual)
  return Object.entries(found).every(([name, inner]) => isSame(inner, (usual as Record<string, unknown>)[name]))
}
