import type { Beliefs } from '#decide/arbitration'
import { type AssignmentRow, draw, periodOf } from '#decide/experiments'
import { type ConsentFacts, NO_HISTORY, type Touch } from '#decide/policies'
import type { CustomerFacts } from '#know/attributes'
import type { DatedStanding } from '#know/customers'
import type { Claim } from '#know/interactions'
import type { Consents } from '#trust/consents'
import type { Stops } from '#trust/stops'
import type { DecidedAction, DecisionReply, DecisionRequest } from './contract.ts'
import { type Decision, decide, ENGINE_VERSION } from './engine.ts'
import { type Inputs, inputsText, type StopFacts } from './inputs.ts'
import type { Ground, Known } from './load.ts'
import { rankedText } from './result.ts'
import type { DecisionRow } from './store.ts'

/** How many actions are shown where neither the caller nor the channel says. */
const ACTIONS_SHOWN = 3

/** A decision made, not yet stored. */
export interface Made {
  request: DecisionRequest
  decisionId: string
  inputs: Inputs
  decision: Decision
  facts: CustomerFacts
  /** The customer's arm is drawn with this decision, and stored with it. */
  assignment: AssignmentRow | undefined
}

/** Consents as rules read them. */
export const consentFacts = (consents: Consents, suppressed: readonly string[]): ConsentFacts => ({
  marketing: (['email', 'sms', 'push', 'call', 'post'] as const).filter((channel) => consents.marketing[channel]),
  // Channels that the customer comes to us by need no consent; only an objection shuts them.
  marketingObjected: !consents.marketing.app,
  profilingObjected: consents.profilingObjected,
  paymentData: consents.paymentData,
  suppressed,
})

const stopFacts = (stops: Stops): StopFacts => ({
  version: stops.version,
  everything: stops.everything,
  actions: [...stops.actions].sort(),
  templates: [...stops.templates].sort(),
  channels: [...stops.channels].sort(),
})

/** Gathers what goes into one decision. */
export function inputsFor(
  request: DecisionRequest,
  facts: CustomerFacts,
  known: Known,
  ground: Ground,
  seed: number,
): { inputs: Inputs; assignment: AssignmentRow | undefined } {
  const { playbook, now, today } = ground
  const { customerId } = request
  const { experiment } = playbook
  const stored = known.arms.get(customerId)
  const assignment = experiment && !stored ? draw(experiment, facts, today, now) : undefined
  const arm = stored ?? assignment?.arm
  return {
    assignment,
    inputs: {
      nowMs: now.getTime(),
      today,
      channel: request.channel,
      placement: request.placement ?? null,
      reason: request.reason ?? null,
      asker: request.asker ?? 'self',
      actionsMax: request.actionsMax ?? playbook.catalogue.channels.get(request.channel)?.actionsMax ?? ACTIONS_SHOWN,
      only: request.only ?? null,
      context: request.context ?? {},
      seed,
      kind: facts.kind,
      ageYears: facts.ageYears,
      products: facts.products,
      inArrears: facts.inArrears,
      standings: facts.standings as DatedStanding[],
      attributes: facts.attributes,
      consents: consentFacts(known.consents.get(customerId)!, known.suppressed.get(customerId) ?? []),
      history: known.history.get(customerId) ?? NO_HISTORY,
      lateFeeds: known.lateFeeds,
      stops: stopFacts(known.stops),
      arm: experiment && arm ? { experiment: experiment.id, period: periodOf(experiment, today), arm } : null,
    },
  }
}

/** Decides one question of a batch. */
export function makeDecision(
  request: DecisionRequest,
  facts: CustomerFacts,
  known: Known,
  ground: Ground,
  beliefs: Beliefs,
  decisionId: string,
  seed: number,
): Made {
  const { inputs, assignment } = inputsFor(request, facts, known, ground, seed)
  return { request, decisionId, inputs, facts, assignment, decision: decide(ground.playbook, beliefs, inputs) }
}

/** The row that keeps a decision. */
export function rowOf(
  made: Made,
  ground: Ground,
  modelVersion: string,
  claimedVersion: number,
  digest: string | null,
): DecisionRow {
  const { request, inputs, decision, facts } = made
  return {
    customerId: request.customerId,
    decisionId: made.decisionId,
    askedAt: ground.now,
    channel: inputs.channel,
    placement: inputs.placement,
    reason: inputs.reason,
    asker: inputs.asker,
    idempotencyKey: request.idempotencyKey ?? null,
    requestDigest: digest,
    revision: ground.playbook.revision,
    engineVersion: ENGINE_VERSION,
    seed: inputs.seed,
    stopsVersion: inputs.stops.version,
    modelVersion,
    profileVersion: facts.profileVersion,
    claimedVersion,
    inputs: inputsText(inputs, ground.playbook.valuesOf),
    verdicts: decision.verdicts,
    considered: decision.verdicts.length,
    ranked: rankedText(decision),
    chosen: decision.chosen.map(({ action }) => action.id),
    contacts: decision.chosen.filter(({ withheld }) => !withheld).length,
    experiment: inputs.arm?.experiment ?? null,
    period: inputs.arm?.period ?? null,
    arm: inputs.arm?.arm ?? null,
    householdId: facts.householdId,
    nothingBecause: decision.nothingBecause ?? null,
  }
}

/** The contacts that a decision claims: what is withheld from the control arm is none. */
export function claimsOf(
  made: Made,
  ground: Ground,
  claimedVersion: number,
  validForSeconds: number,
  nextId: () => string,
): Claim[] {
  const expiresAt = new Date(ground.now.getTime() + validForSeconds * 1000)
  return made.decision.chosen
    .filter(({ withheld }) => !withheld)
    .map(({ action, treatment }, step) => ({
      customerId: made.request.customerId,
      contactId: nextId(),
      decisionId: made.decisionId,
      direction: treatment.channel.direction,
      channel: treatment.channel.id,
      placement: made.inputs.placement,
      issue: action.issue,
      group: action.group,
      action: action.id,
      treatment: treatment.id,
      class: treatment.class,
      communication: made.decisionId,
      step,
      state: treatment.channel.direction === 'inbound' ? 'offered' : 'claimed',
      claimedVersion,
      claimedAt: ground.now,
      expiresAt,
    }))
}

/** What a decision just said, as the other people of the household will see it in their history. */
export const touchesMade = ({ decision, inputs }: Made): Touch[] =>
  decision.chosen
    .filter(({ withheld }) => !withheld)
    .map(({ action, treatment }) => ({
      atMs: inputs.nowMs,
      direction: treatment.channel.direction,
      channel: treatment.channel.id,
      group: action.group,
      action: action.id,
      class: treatment.class,
      state: 'claimed',
      settledMs: null,
      outcomeKnown: false,
    }))

/** The answer to one question. */
export function replyOf(made: Made, claims: readonly Claim[]): DecisionReply {
  const shown = made.decision.chosen.filter(({ withheld }) => !withheld)
  return {
    decisionId: made.decisionId,
    customerId: made.request.customerId,
    actions: shown.map(
      ({ action, treatment, offer, variables, score }, place): DecidedAction => ({
        contactId: claims[place]!.contactId,
        action: action.id,
        group: action.group,
        issue: action.issue,
        treatment: treatment.id,
        class: treatment.class,
        offer,
        variables,
        priority: score,
      }),
    ),
    ...(made.decision.nothingBecause ? { nothingBecause: made.decision.nothingBecause } : {}),
  }
}
