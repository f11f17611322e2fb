import { type Beliefs, scoreOf } from '#decide/arbitration'
import {
  type ContactHistory,
  capVerdict,
  lookUp,
  type Moment,
  momentOf,
  type RuleFacts,
  VERDICTS,
  verdictName,
} from '#decide/policies'
import { type FrozenOffer, freezeOffer, type Treatment } from '#decide/propositions'
import { effectsOf } from '#know/customers'
import { isError } from '#platform/expressions'
import { type ActionTrace, type Asked, type Candidate, consider, worthOf } from './consider.ts'
import type { Inputs } from './inputs.ts'
import { type Playbook, treatmentsAt } from './playbook.ts'

/**
 * Counted up whenever the same inputs could lead elsewhere. Each version keeps golden decisions (golden/decisions), and
 * a decision is replayed by the version that made it.
 */
export const ENGINE_VERSION = 1

/** An action that won a place. `withheld`: the household is in a control arm, and nobody sees it. */
export interface Chosen extends Candidate {
  readonly withheld: boolean
  readonly offer: FrozenOffer | null
  readonly variables: Record<string, unknown>
}

/** Why nothing is shown; undefined when something is. */
export type NothingBecause = 'stopped' | 'no_contact' | 'control' | 'nothing_eligible' | 'nothing_better'

export interface Decision {
  /** One byte per action of the catalogue. */
  readonly verdicts: Uint8Array
  /** Everything that may be said, best first. */
  readonly ranked: readonly Candidate[]
  readonly chosen: readonly Chosen[]
  readonly nothingBecause: NothingBecause | undefined
}

/**
 * Chooses what to say to one customer now. Pure: the same playbook, beliefs and inputs give the same decision in every
 * process. With `trace` every rule is tried, instead of the first that decides, and each says what it found.
 */
export function decide(playbook: Playbook, beliefs: Beliefs, inputs: Inputs, trace?: ActionTrace[]): Decision {
  const { catalogue } = playbook
  const moment = momentOf(new Date(inputs.nowMs), playbook.bank.calendar, inputs.today)
  const facts: RuleFacts = { customer: inputs.attributes, context: contextOf(inputs, moment) }
  const places = treatmentsAt(playbook, inputs.channel, inputs.placement)
  const verdicts = new Uint8Array(catalogue.actions.length)
  const ranked: Candidate[] = []
  const lateFeeds = new Set(inputs.lateFeeds)
  // Reasons, and feeds that are late, are of single clauses: then each is tried by itself. The verdicts are the same.
  const left = trace || lateFeeds.size > 0 ? undefined : lookUp(playbook.qualification, facts)
  const asked: Asked = { playbook, beliefs, inputs, moment, facts, lateFeeds, left, weights: [] }
  for (const action of catalogue.actions) {
    const traced: ActionTrace | undefined = trace && {
      action: action.id,
      title: action.title,
      verdict: 'nothing',
      reasons: [],
      treatments: [],
    }
    if (traced) trace!.push(traced)
    if (action === catalogue.nothing) {
      verdicts[action.index] = VERDICTS.nothing
      continue
    }
    const found = consider(asked, action, places[action.index]!, traced)
    if (typeof found === 'number') verdicts[action.index] = found
    else ranked.push(found)
  }
  ranked.sort((a, b) => b.score - a.score || a.action.index - b.action.index)
  const chosen = choose(asked, ranked, verdicts, trace)
  if (trace) for (const [place, action] of trace.entries()) action.verdict = verdictName(verdicts[place]!)
  return { verdicts, ranked, chosen, nothingBecause: nothingBecause(verdicts, chosen, asked) }
}

const contextOf = (inputs: Inputs, moment: Moment): Record<string, unknown> => ({
  channel: inputs.channel,
  placement: inputs.placement ?? '',
  reason: inputs.reason ?? '',
  topic: inputs.context.topic,
  product: inputs.context.product,
  need: inputs.context.need,
  amount_minor: inputs.context.amount_minor,
  asker: inputs.asker,
  now: moment.now,
  today: moment.today,
  hour: Number(moment.time.slice(0, 2)),
  weekday: moment.weekday,
})

/**
 * Fills the places with the best, writing each candidate's verdict. In a control arm marketing that would have won a
 * place is withheld, and what may be said instead moves up: service and care reach these households too.
 */
function choose(
  asked: Asked,
  ranked: readonly Candidate[],
  verdicts: Uint8Array,
  trace: readonly ActionTrace[] | undefined,
): Chosen[] {
  const { inputs, playbook, moment } = asked
  const atLeast = nothingScore(asked)
  const chosen: Chosen[] = []
  let shown = 0
  let history: ContactHistory = inputs.history
  for (const candidate of ranked) {
    const { action, treatment } = candidate
    const withheld = inputs.arm?.arm === 'control' && treatment.class === 'marketing'
    if (candidate.score <= atLeast) {
      verdicts[action.index] = VERDICTS.below_nothing
      continue
    }
    const unasked = inputs.only !== null && action.id !== inputs.only
    if (unasked || (withheld ? chosen.length : shown) >= inputs.actionsMax) {
      verdicts[action.index] = VERDICTS.outranked
      continue
    }
    // What this very decision says counts too: two letters in one answer are two letters.
    const reasons = trace?.[action.index]?.reasons
    const capped = chosen.length > 0 ? capVerdict(playbook.contact, treatment, history, moment, reasons) : 0
    if (capped !== 0) {
      verdicts[action.index] = capped
      continue
    }
    verdicts[action.index] = withheld ? VERDICTS.withheld : VERDICTS.shown
    if (!withheld) shown++
    chosen.push({ ...candidate, withheld, ...said(asked, treatment) })
    history = withSaid(history, treatment, moment)
  }
  return chosen
}

const withSaid = (history: ContactHistory, treatment: Treatment, moment: Moment): ContactHistory => ({
  ...history,
  own: [
    ...history.own,
    {
      atMs: moment.nowMs,
      direction: treatment.channel.direction,
      channel: treatment.channel.id,
      group: treatment.action.group,
      action: treatment.action.id,
      class: treatment.class,
      state: 'claimed',
      settledMs: null,
      outcomeKnown: false,
    },
  ],
})

export interface Said {
  offer: FrozenOffer | null
  variables: Record<string, unknown>
}

/** What a treatment would say to somebody with these inputs, whether or not they may be told. */
export function saidTo(playbook: Playbook, inputs: Inputs, treatment: Treatment): Said {
  const moment = momentOf(new Date(inputs.nowMs), playbook.bank.calendar, inputs.today)
  return said({ moment, facts: { customer: inputs.attributes, context: contextOf(inputs, moment) } }, treatment)
}

/** The figures and values that go into the message, frozen. A variable that cannot be computed is null. */
function said(asked: Pick<Asked, 'facts' | 'moment'>, treatment: Treatment): Said {
  const preApproved = treatment.preApproved?.admits(asked.facts) ?? false
  const offer = treatment.offer ? freezeOffer(treatment.offer, asked.moment.today, preApproved) : undefined
  const variables: Record<string, unknown> = {}
  for (const [name, formula] of treatment.variables) {
    const value = formula.evaluate(asked.facts)
    variables[name] = isError(value) || (typeof value === 'number' && !Number.isFinite(value)) ? null : value
  }
  return { offer: offer ?? null, variables }
}

/** The score of doing nothing: what an action must exceed to be said. */
function nothingScore(asked: Asked): number {
  const { nothing } = asked.playbook.catalogue
  if (!nothing) return 0
  const worth = worthOf(asked, nothing)
  if (worth.verdict !== 0) return 0
  return (
    scoreOf(asked.playbook.arbitration, {
      propensity: 1,
      bankValueMinor: worth.bankMinor,
      customerValueMinor: worth.customerMinor,
      costMinor: 0,
      contextWeight: worth.contextWeight,
      lever: nothing.lever,
    }) ?? 0
  )
}

function nothingBecause(verdicts: Uint8Array, chosen: readonly Chosen[], asked: Asked): NothingBecause | undefined {
  if (chosen.some((one) => !one.withheld)) return undefined
  if (chosen.length > 0) return 'control'
  if (asked.inputs.stops.everything || asked.inputs.stops.channels.includes(asked.inputs.channel)) return 'stopped'
  if (effectsOf(asked.inputs.standings, asked.moment.today).stopAll) return 'no_contact'
  return verdicts.includes(VERDICTS.below_nothing) ? 'nothing_better' : 'nothing_eligible'
}
