import { type Beliefs, contextWeightOf, drawBeta, leverOf, type ScoreParts, scoreOf } from '#decide/arbitration'
import {
  authorityVerdict,
  capVerdict,
  clausesVerdict,
  consentVerdict,
  creditVerdict,
  feedsVerdict,
  type Moment,
  productVerdict,
  qualifiedVerdict,
  quietVerdict,
  type Reason,
  type RuleFacts,
  restVerdict,
  standingVerdict,
  treatmentVerdict,
  VERDICTS,
  type VerdictName,
  verdictName,
} from '#decide/policies'
import type { Action, Treatment } from '#decide/propositions'
import { isError } from '#platform/expressions'
import type { Inputs } from './inputs.ts'
import type { Playbook } from './playbook.ts'

/** An action that may be said, by its best treatment in this place. */
export interface Candidate {
  readonly action: Action
  readonly treatment: Treatment
  readonly score: number
  readonly parts: ScoreParts
}

/** What the trace says of one treatment. */
export interface TreatmentTrace {
  treatment: string
  class: string
  verdict: VerdictName | 'may_be_said'
  reasons: Reason[]
  score?: number
  parts?: ScoreParts
}

/** What the trace says of one action. */
export interface ActionTrace {
  action: string
  title: string
  verdict: VerdictName
  reasons: Reason[]
  treatments: TreatmentTrace[]
}

/** One customer's question, while it is being decided. */
export interface Asked {
  readonly playbook: Playbook
  readonly beliefs: Beliefs
  readonly inputs: Inputs
  readonly moment: Moment
  readonly facts: RuleFacts
  readonly lateFeeds: ReadonlySet<string>
  /** What the index of policies leaves; undefined when every clause is to be tried by itself. */
  readonly left: Uint32Array | undefined
  /** Which context weights hold, as far as they were tried. */
  readonly weights: (boolean | undefined)[]
}

/** The action's best treatment here, or the verdict that leaves it out. */
export function consider(
  asked: Asked,
  action: Action,
  treatments: readonly Treatment[],
  trace: ActionTrace | undefined,
): Candidate | number {
  const verdict = actionVerdict(asked, action, treatments, trace?.reasons)
  if (verdict !== 0 && !trace) return verdict
  let furthest = verdict
  let best: Candidate | undefined
  let worth: Worth | undefined
  for (const treatment of treatments) {
    const reasons: Reason[] | undefined = trace && []
    let left = sayingVerdict(asked, treatment, reasons)
    let candidate: Candidate | undefined
    if (left === 0) {
      worth ??= worthOf(asked, action, reasons)
      if (worth.verdict !== 0) left = worth.verdict
      else {
        candidate = scored(asked, treatment, worth)
        if (!candidate) {
          left = VERDICTS.score_error
          reasons?.push(scoreReason)
        }
      }
    }
    if (candidate && verdict === 0 && (!best || candidate.score > best.score)) best = candidate
    if (verdict === 0 && left > furthest) furthest = left
    trace?.treatments.push({
      treatment: treatment.id,
      class: treatment.class,
      verdict: left === 0 ? 'may_be_said' : verdictName(left),
      reasons: reasons!,
      ...(candidate ? { score: candidate.score, parts: candidate.parts } : {}),
    })
  }
  return best ?? furthest
}

const scoreReason: Reason = {
  stage: 'score_error',
  level: 'always',
  clause: 'finite_score',
  title: 'The arbitration formula yields a number',
  found: 'an error or no finite number',
  needed: 'a finite number',
}

/** What holds whichever way the action is put: stops, products, credit, feeds, and the policies of its levels. */
function actionVerdict(asked: Asked, action: Action, treatments: readonly Treatment[], trace?: Reason[]): number {
  const { playbook, inputs, moment, facts, lateFeeds, left } = asked
  let verdict = 0
  if (inputs.stops.everything || inputs.stops.actions.includes(action.id)) {
    verdict = VERDICTS.stopped
    trace?.push(stopReason(inputs.stops.everything ? 'everything' : `the action ${action.id}`))
  }
  if (verdict === 0 && treatments.length === 0) {
    verdict = VERDICTS.no_treatment
    trace?.push({
      stage: 'no_treatment',
      level: `action ${action.id}`,
      clause: 'treatment_in_place',
      title: 'A treatment for this place',
      found: `none for ${inputs.channel}${inputs.placement ? `, ${inputs.placement}` : ''}`,
      needed: 'at least one',
    })
  }
  if (trace || verdict === 0) verdict = earlier(verdict, productVerdict(action, inputs, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, creditVerdict(action, inputs, moment, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, feedsVerdict(action, lateFeeds, trace))
  if (left && verdict === 0) return qualifiedVerdict(playbook.qualification, left, action.index, facts)
  if (trace || verdict === 0)
    verdict = earlier(verdict, clausesVerdict(playbook.policies.ofAction[action.index]!, facts, lateFeeds, trace))
  return verdict
}

/** Of two verdicts the one that was reached first; 0 leaves nothing out. */
const earlier = (before: number, now: number): number => before || now

const stopReason = (what: string): Reason => ({
  stage: 'stopped',
  level: 'always',
  clause: 'emergency_stop',
  title: 'Not stopped by the duty manager',
  found: `${what} is stopped`,
  needed: 'no stop',
})

/** What depends on how it is said: the class of the message, its channel, and its own clauses. */
function sayingVerdict(asked: Asked, treatment: Treatment, trace?: Reason[]): number {
  const { playbook, inputs, moment, facts, lateFeeds } = asked
  const { stops } = inputs
  const template = treatment.document.template ?? treatment.id
  let verdict = 0
  if (stops.channels.includes(treatment.channel.id) || stops.templates.includes(template)) {
    verdict = VERDICTS.stopped
    trace?.push(
      stopReason(
        stops.templates.includes(template) ? `the template ${template}` : `the channel ${treatment.channel.id}`,
      ),
    )
  }
  const { policies, contact, catalogue } = playbook
  const { history } = inputs
  if (trace || verdict === 0) verdict = earlier(verdict, treatmentVerdict(policies, treatment, facts, lateFeeds, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, standingVerdict(treatment, inputs, moment, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, authorityVerdict(treatment, inputs, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, consentVerdict(treatment, inputs.consents, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, quietVerdict(contact, treatment, moment, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, capVerdict(contact, treatment, history, moment, trace))
  if (trace || verdict === 0)
    verdict = earlier(verdict, restVerdict(contact, treatment, history, moment, catalogue.actionById, trace))
  if (trace || verdict === 0) verdict = earlier(verdict, offerVerdict(treatment, moment, trace))
  return verdict
}

function offerVerdict(treatment: Treatment, moment: Moment, trace?: Reason[]): number {
  const endsOn = treatment.offer?.endsOn
  if (endsOn === undefined || endsOn >= moment.today) return 0
  trace?.push({
    stage: 'offer_ended',
    level: `offer ${treatment.offer!.id}`,
    clause: 'ends_on',
    title: 'The offer may still be shown',
    found: `today is ${moment.today}`,
    needed: `not after ${endsOn}`,
  })
  return VERDICTS.offer_ended
}

/** What taking up an action is worth, or the verdict that it has no worth to speak of. */
export interface Worth {
  readonly verdict: number
  readonly bankMinor: number
  readonly customerMinor: number
  readonly contextWeight: number
}

export function worthOf(asked: Asked, action: Action, trace?: Reason[]): Worth {
  const bank = action.bankValueMinor.evaluate(asked.facts)
  const customer = action.customerValueMinor.evaluate(asked.facts)
  const none = { bankMinor: 0, customerMinor: 0, contextWeight: 1 }
  if (!isAmount(bank) || !isAmount(customer)) {
    trace?.push({
      stage: 'value_error',
      level: `action ${action.id}`,
      clause: isAmount(bank) ? 'value_customer' : 'value_bank',
      title: 'The value formula yields a number',
      found: shownError(isAmount(bank) ? customer : bank),
      needed: 'a finite number',
    })
    return { verdict: VERDICTS.value_error, ...none }
  }
  // Never act where the customer would be worse off, however much the bank would gain.
  if (customer < 0) {
    trace?.push({
      stage: 'customer_value',
      level: 'always',
      clause: 'customer_not_worse_off',
      title: 'Worth something to the customer',
      found: `${customer} minor units`,
      needed: 'at least 0',
    })
    return { verdict: VERDICTS.customer_value, ...none }
  }
  const contextWeight = contextWeightOf(asked.playbook.arbitration, action, asked.facts, asked.weights)
  return { verdict: 0, bankMinor: bank, customerMinor: customer, contextWeight }
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const shownError = (value: unknown): string => (isError(value) ? value.message : String(value))

function scored(asked: Asked, treatment: Treatment, worth: Worth): Candidate | undefined {
  const { arbitration } = asked.playbook
  const alpha = asked.beliefs.alpha[treatment.index]!
  const beta = asked.beliefs.beta[treatment.index]!
  const parts: ScoreParts = {
    propensity: arbitration.explores
      ? drawBeta(alpha, beta, asked.inputs.seed, treatment.index)
      : alpha / (alpha + beta),
    bankValueMinor: worth.bankMinor,
    customerValueMinor: worth.customerMinor,
    costMinor: (treatment.channel.costMicros ?? 0) / 10_000,
    contextWeight: worth.contextWeight,
    lever: leverOf(treatment),
  }
  const score = scoreOf(arbitration, parts)
  return score === undefined ? undefined : { action: treatment.action, treatment, score, parts }
}
