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

/** What most decisions have, and no row repeats; `inputsText` leaves it out. */
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
 * saves their names in every row. Made for every decision, so each name is spelled out.
 * @param valuesOf the values of the revision's attributes in that order.
 */
export function inputsText(inputs: Inputs, valuesOf: (attributes: Inputs['attributes']) => unknown[]): string {
  const { history, arm, context } = inputs
  const kept: Partial<Record<keyof Inputs, unknown>> = {
    nowMs: inputs.nowMs,
    today: inputs.today,
    channel: inputs.channel,
  }
  if (inputs.placement !== null) kept.placement = inputs.placement
  if (inputs.reason !== null) kept.reason = inputs.reason
  if (inputs.asker !== 'self') kept.asker = inputs.asker
  kept.actionsMax = inputs.actionsMax
  if (inputs.only !== null) kept.only = inputs.only
  if (Object.keys(context).length > 0) kept.context = context
  kept.seed = inputs.seed
  kept.kind = inputs.kind
  kept.ageYears = inputs.ageYears
  kept.products = inputs.products
  if (inputs.inArrears) kept.inArrears = true
  if (inputs.standings.length > 0) kept.standings = inputs.standings
  if (history.own.length > 0 || history.household.length > 0) kept.history = history
  if (inputs.lateFeeds.length > 0) kept.lateFeeds = inputs.lateFeeds
  if (arm !== null) kept.arm = arm
  kept.consents = consentsKept(inputs.consents)
  kept.stops = stopsKept(inputs.stops)
  kept.attributes = valuesOf(inputs.attributes)
  return JSON.stringify(kept)
}

function consentsKept(consents: ConsentFacts): Partial<ConsentFacts> {
  const kept: { -readonly [K in keyof ConsentFacts]?: ConsentFacts[K] } = { marketing: consents.marketing }
  if (consents.marketingObjected) kept.marketingObjected = true
  if (consents.profilingObjected) kept.profilingObjected = true
  if (consents.paymentData) kept.paymentData = true
  if (consents.suppressed.length > 0) kept.suppressed = consents.suppressed
  return kept
}

function stopsKept(stops: StopFacts): Partial<StopFacts> {
  const kept: { -readonly [K in keyof StopFacts]?: StopFacts[K] } = { version: stops.version }
  if (stops.everything) kept.everything = true
  if (stops.actions.length > 0) kept.actions = stops.actions
  if (stops.templates.length > 0) kept.templates = stops.templates
  if (stops.channels.length > 0) kept.channels = stops.channels
  return kept
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
