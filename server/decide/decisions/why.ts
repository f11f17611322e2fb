import type { Beliefs } from '#decide/arbitration'
import { type Reason, verdictName } from '#decide/policies'
import { invalid, unavailable } from '#platform/errors'
import type { ActionTrace } from './consider.ts'
import type { DecisionFactsReply, Explanation, ReplayReply, WhatIfReply } from './contract.ts'
import { type Decision, decide, ENGINE_VERSION } from './engine.ts'
import { type Inputs, inputsOf } from './inputs.ts'
import type { Playbook } from './playbook.ts'
import { choicesOf, rankedText } from './result.ts'
import type { DecisionRow } from './store.ts'

/** A stored decision with what it names: nothing else is needed to make it again. */
export interface Stored {
  row: DecisionRow
  playbook: Playbook
  beliefs: Beliefs
}

/** The inputs as they were. Errors: `engine_missing` (unavailable) for a decision of an engine that is no longer here. */
export function storedInputs({ row, playbook }: Stored): Inputs {
  if (row.engineVersion !== ENGINE_VERSION)
    throw unavailable(
      'engine_missing',
      { engineVersion: row.engineVersion, here: ENGINE_VERSION },
      `The decision was made by engine ${row.engineVersion}; this program holds engine ${ENGINE_VERSION}.`,
      'Replay it with a release that holds that engine.',
    )
  return inputsOf(JSON.parse(row.inputs) as Record<string, unknown>, playbook.attributes)
}

/** Makes the decision again, with every reason. */
export function explained(stored: Stored): Explanation {
  const { row } = stored
  const trace: ActionTrace[] = []
  const inputs = storedInputs(stored)
  const decision = decide(stored.playbook, stored.beliefs, inputs, trace)
  return {
    decisionId: row.decisionId,
    customerId: row.customerId,
    askedAt: row.askedAt.toISOString(),
    channel: row.channel,
    placement: row.placement,
    reason: row.reason,
    revision: row.revision,
    engineVersion: row.engineVersion,
    modelVersion: row.modelVersion,
    seed: row.seed,
    nothingBecause: row.nothingBecause,
    today: inputs.today,
    asker: inputs.asker,
    formula: stored.playbook.arbitration.formula.source,
    shown: choicesOf(row.ranked)
      .filter(({ withheld }) => !withheld)
      .map(({ action, treatment, class: of, score, offer, variables }) => ({
        action,
        treatment,
        class: of,
        score,
        offer: offer as Explanation['shown'][number]['offer'],
        variables,
      })),
    actions: tracedActions(decision, trace),
  }
}

/** Every action that was considered, with its reasons: what may be said first, by its score. */
export function tracedActions(decision: Decision, trace: readonly ActionTrace[]): Explanation['actions'] {
  const scores = new Map(decision.ranked.map((candidate) => [candidate.action.id, candidate.score]))
  return trace.map((action) => ({ ...action, priority: scores.get(action.action) ?? null })).sort(byPriority)
}

const byPriority = (a: { priority: number | null }, b: { priority: number | null }): number =>
  (b.priority ?? Number.NEGATIVE_INFINITY) - (a.priority ?? Number.NEGATIVE_INFINITY) || 0

/** Makes the decision again and compares it with what was stored, to the byte. */
export function replayed(stored: Stored): ReplayReply {
  const { row, playbook } = stored
  const again = decide(playbook, stored.beliefs, storedInputs(stored))
  const verdictsDiffer = playbook.catalogue.actions.flatMap((action) => {
    const before = row.verdicts[action.index]
    const after = again.verdicts[action.index]!
    if (before === after) return []
    return [
      {
        action: action.id,
        stored: before === undefined ? 'absent' : verdictName(before),
        replayed: verdictName(after),
      },
    ]
  })
  const rankedDiffers = rankedText(again) !== row.ranked
  return {
    decisionId: row.decisionId,
    identical: verdictsDiffer.length === 0 && !rankedDiffers,
    verdictsDiffer,
    rankedDiffers,
  }
}

const OWN_FACTS = [
  'ageYears',
  'products',
  'inArrears',
  'asker',
  'channel',
  'placement',
  'reason',
  'actionsMax',
] as const
const CONTEXT_FACTS = ['topic', 'product', 'need', 'amount_minor'] as const

/** What an attribute's document says of it, as far as a reader of decisions needs it. */
export interface Described {
  id: string
  title: string
  meaning: string
  type: string
  unit?: string
}

/** The facts behind a decision that a "what if" may change, with their values as they were. */
export function factsOf(stored: Stored, attributes: readonly Described[]): DecisionFactsReply {
  const { attributes: values, context, ageYears, products, inArrears } = storedInputs(stored)
  const own = (
    name: string,
    title: string,
    meaning: string,
    type: string,
    value: unknown,
    unit: string | null = null,
  ) => ({
    name,
    title,
    meaning,
    type,
    unit,
    value: value ?? null,
  })
  return {
    decisionId: stored.row.decisionId,
    facts: [
      ...attributes.map(({ id, title, meaning, type, unit }) =>
        own(`customer.${id}`, title, meaning, type, values[id], unit ?? null),
      ),
      own(
        'ageYears',
        'Age, for the house’s own rules',
        'Full years; what products and the law ask after',
        'int',
        ageYears,
        'years',
      ),
      own('products', 'Products held', 'Open products of which the customer is an owner', 'list<string>', products),
      own('inArrears', 'In arrears', 'An instalment is late today', 'bool', inArrears),
      own('context.topic', 'Topic', 'What the customer is looking at or asks about', 'string', context.topic),
      own(
        'context.product',
        'Product asked about',
        'The product that the conversation is about',
        'string',
        context.product,
      ),
      own('context.need', 'Need told', 'A need the customer told us of in this conversation', 'string', context.need),
    ],
  }
}

/** The inputs with some facts replaced. Errors: `fact_unknown`, `fact_type` (invalid). */
export function changedInputs(inputs: Inputs, playbook: Playbook, change: Record<string, unknown>): Inputs {
  let changed = { ...inputs, attributes: { ...inputs.attributes }, context: { ...inputs.context } }
  for (const [name, value] of Object.entries(change)) {
    const [space, field] = name.split('.')
    if (space === 'customer' && field !== undefined && playbook.attributes.includes(field)) {
      sameType(name, inputs.attributes[field], value)
      changed.attributes[field] = value
    } else if (space === 'context' && (CONTEXT_FACTS as readonly string[]).includes(field ?? '')) {
      changed.context = { ...changed.context, [field!]: value }
    } else if ((OWN_FACTS as readonly string[]).includes(name)) {
      sameType(name, inputs[name as keyof Inputs], value)
      changed = { ...changed, [name]: value }
    } else
      throw invalid(
        'fact_unknown',
        { fact: name },
        `Nothing in a decision is called "${name}".`,
        `Name customer.<attribute>, context.${CONTEXT_FACTS.join(' | context.')}, or ${OWN_FACTS.join(', ')}.`,
      )
  }
  return changed
}

function sameType(name: string, before: unknown, after: unknown): void {
  const kind = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value)
  if (before === null || before === undefined || after === null || kind(before) === kind(after)) return
  throw invalid(
    'fact_type',
    { fact: name, found: kind(after), expected: kind(before) },
    `${name} is a ${kind(before)}; a ${kind(after)} was given.`,
    'Give a value of the same type, or null for absent.',
  )
}

/** What another state of the facts would have led to: which verdicts change, and why. */
export function comparedWith(stored: Stored, change: Record<string, unknown>): WhatIfReply {
  const { row, playbook, beliefs } = stored
  const inputs = storedInputs(stored)
  const before = decide(playbook, beliefs, inputs)
  const trace: ActionTrace[] = []
  const after = decide(playbook, beliefs, changedInputs(inputs, playbook, change), trace)
  return {
    decisionId: row.decisionId,
    before: shownBy(before),
    after: shownBy(after),
    changed: playbook.catalogue.actions.flatMap((action) => {
      const was = before.verdicts[action.index]!
      const is = after.verdicts[action.index]!
      if (was === is) return []
      return [
        {
          action: action.id,
          before: verdictName(was),
          after: verdictName(is),
          reasons: reasonsOf(trace[action.index]!),
        },
      ]
    }),
  }
}

export const shownBy = (decision: Decision): string[] =>
  decision.chosen.filter(({ withheld }) => !withheld).map(({ action }) => action.id)

/** All reasons of an action, its treatments' included. */
export const reasonsOf = (trace: ActionTrace): Reason[] => [
  ...trace.reasons,
  ...trace.treatments.flatMap((treatment) => treatment.reasons),
]
