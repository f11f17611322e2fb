import type { Action, Treatment } from '#decide/propositions'
import type { Cap, ContactPolicyDocument, OpenHours, Rest } from './contract.ts'
import type { Moment } from './moment.ts'
import { type Reason, VERDICTS } from './verdict.ts'

const DAY_MS = 86_400_000

/** A past contact as contact policy sees it. */
export interface Touch {
  readonly atMs: number
  readonly direction: 'inbound' | 'outbound'
  readonly channel: string
  readonly group: string | null
  readonly action: string | null
  readonly class: string
  readonly state: string
  /** When it was answered or ended. */
  readonly settledMs: number | null
  /** Whether what followed from an acceptance is known. */
  readonly outcomeKnown: boolean
}

/** The touches of a person, and of the others in the household as far as caps per household need them; oldest first. */
export interface ContactHistory {
  readonly own: readonly Touch[]
  readonly household: readonly Touch[]
}

export const NO_HISTORY: ContactHistory = { own: [], household: [] }

/** The contact policy of a revision, ready to be asked. */
export interface ContactRules {
  readonly caps: readonly Cap[]
  readonly rests: readonly Rest[]
  readonly openHours: ReadonlyMap<string, readonly OpenHours[]>
  /** Some cap counts what was said where the customer came to us, too. */
  readonly countsInbound: boolean
  /** How far back history must be read, days. */
  readonly capDays: number
  readonly restDays: number
  /** Channels for which some cap counts the whole household. */
  readonly householdCap: (channel: string) => boolean
}

/** What rests after an acceptance whose outcome never becomes known is let go after this long. */
const ACCEPTED_DAYS_MAX = 365
/** An accepted action of which no outcome is measured rests so long where it says nothing else. */
const UNMEASURED_REST_DAYS = 30

export function contactRulesOf(document: ContactPolicyDocument | undefined): ContactRules {
  const caps = document?.caps ?? []
  const rests = document?.rests ?? []
  const openHours = new Map<string, OpenHours[]>()
  for (const hours of document?.openHours ?? [])
    for (const channel of hours.channels) openHours.set(channel, [...(openHours.get(channel) ?? []), hours])
  return {
    caps,
    rests,
    openHours,
    countsInbound: caps.some((cap) => cap.direction !== 'outbound'),
    capDays: Math.max(0, ...caps.map((cap) => cap.windowDays)),
    restDays: Math.max(0, ...rests.map((rest) => rest.restDays ?? ACCEPTED_DAYS_MAX)),
    householdCap: (channel) =>
      caps.some((cap) => cap.per === 'household' && (cap.channels === undefined || cap.channels.includes(channel))),
  }
}

/** Whether marketing may speak up on this channel at this moment. */
export function quietVerdict(rules: ContactRules, treatment: Treatment, moment: Moment, trace?: Reason[]): number {
  const hours = rules.openHours.get(treatment.channel.id)
  if (treatment.class !== 'marketing' || !hours) return 0
  const open = hours.some(
    (span) =>
      span.weekdays.includes(moment.weekday) &&
      moment.time >= span.from &&
      moment.time < span.to &&
      (span.holidays || !moment.holiday),
  )
  if (open) return 0
  trace?.push({
    stage: 'quiet_time',
    level: `channel ${treatment.channel.id}`,
    clause: 'open_hours',
    title: 'Hours in which the channel may speak up',
    found: `weekday ${moment.weekday}, ${moment.time}${moment.holiday ? ', a holiday' : ''}`,
    needed: hours.map((span) => `${span.weekdays.join('')} ${span.from}–${span.to}`).join('; '),
  })
  return VERDICTS.quiet_time
}

function capConcerns(cap: Cap, treatment: Treatment): boolean {
  const { action } = treatment
  return (
    (cap.class === undefined || cap.class === treatment.class) &&
    (cap.direction === undefined || cap.direction === treatment.channel.direction) &&
    (cap.channels === undefined || cap.channels.includes(treatment.channel.id)) &&
    (cap.groups === undefined || cap.groups.includes(action.group)) &&
    (cap.actions === undefined || cap.actions.includes(action.id))
  )
}

const OUTCOME_STATES: Record<string, readonly string[]> = {
  clicked: ['clicked'],
  accepted: ['accepted'],
  refused: ['refused', 'declined_for_good'],
  failed: ['failed'],
}

function capCounts(cap: Cap, treatment: Treatment, touch: Touch, sinceMs: number): boolean {
  const { action } = treatment
  return (
    touch.atMs > sinceMs &&
    // Counted when queued, not when delivered: receipts come days late, and nobody must get four letters because the
    // first three are still in the post.
    touch.state !== 'suppressed' &&
    // What lay ready where the customer never looked was no contact.
    !(touch.direction === 'inbound' && touch.state === 'expired') &&
    (cap.class ?? 'marketing') === touch.class &&
    (cap.direction === undefined || cap.direction === touch.direction) &&
    (cap.channels === undefined || cap.channels.includes(touch.channel)) &&
    (cap.groups === undefined || (touch.group !== null && cap.groups.includes(touch.group))) &&
    (cap.actions === undefined || (touch.action !== null && cap.actions.includes(touch.action))) &&
    (cap.each === undefined || (cap.each === 'action' ? touch.action === action.id : touch.group === action.group)) &&
    (cap.outcomes === undefined || cap.outcomes.some((outcome) => OUTCOME_STATES[outcome]?.includes(touch.state)))
  )
}

/** Caps bind marketing. One that is reached leaves the treatment out until enough contacts are older than its window. */
export function capVerdict(
  rules: ContactRules,
  treatment: Treatment,
  history: ContactHistory,
  moment: Moment,
  trace?: Reason[],
): number {
  if (treatment.class !== 'marketing') return 0
  let verdict = 0
  for (const cap of rules.caps) {
    if (!capConcerns(cap, treatment)) continue
    const sinceMs = moment.nowMs - cap.windowDays * DAY_MS
    let count = 0
    for (const touch of history.own) if (capCounts(cap, treatment, touch, sinceMs)) count++
    if (cap.per === 'household')
      for (const touch of history.household) if (capCounts(cap, treatment, touch, sinceMs)) count++
    if (count < cap.max) continue
    verdict = VERDICTS.cap
    if (!trace) return verdict
    trace.push({
      stage: 'cap',
      level: `contact policy, per ${cap.per}`,
      clause: cap.id,
      title: cap.title ?? `At most ${cap.max} in ${cap.windowDays} days`,
      found: `${count} in ${cap.windowDays} days`,
      needed: `fewer than ${cap.max}`,
    })
  }
  return verdict
}

const ANSWER_STATE: Record<Rest['after'], string> = {
  refuse: 'refused',
  not_now: 'deferred',
  never: 'declined_for_good',
  accept: 'accepted',
  ignored: 'shown',
}

/** Answers bring silence: for the same action, its group, or all credit, as the policy says. */
export function restVerdict(
  rules: ContactRules,
  treatment: Treatment,
  history: ContactHistory,
  moment: Moment,
  creditActions: ReadonlyMap<string, Action>,
  trace?: Reason[],
): number {
  if (treatment.class === 'regulatory' || history.own.length === 0) return 0
  const { action } = treatment
  let verdict = 0
  for (const rest of rules.rests) {
    if (!(rest.classes ?? ['marketing']).includes(treatment.class as 'marketing')) continue
    if (rest.each === 'credit' && !action.credit) continue
    const { unmeasured } = action.document
    const untilKnown = rest.after === 'accept' && rest.restDays === undefined
    const untold = untilKnown && rest.each === 'action' && unmeasured !== undefined
    const restDays = untold ? (unmeasured.restDays ?? UNMEASURED_REST_DAYS) : (rest.restDays ?? ACCEPTED_DAYS_MAX)
    const restMs = restDays * DAY_MS
    const same = (touch: Touch): boolean =>
      rest.each === 'action'
        ? touch.action === action.id
        : rest.each === 'group'
          ? touch.group === action.group
          : touch.action !== null && creditActions.get(touch.action)?.credit === true
    const untilMs =
      rest.after === 'ignored'
        ? ignoredUntil(history.own, same, rest.views ?? 5, restMs)
        : answeredUntil(history.own, same, rest, restMs)
    if (untilMs <= moment.nowMs) continue
    verdict = VERDICTS.rest
    if (!trace) return verdict
    const known = untilKnown && !untold
    trace.push({
      stage: 'rest',
      level: 'contact policy, per person',
      clause: rest.id,
      title: rest.title ?? `After "${rest.after}", ${rest.each} rests`,
      found: known ? 'accepted, outcome not yet known' : `rests until ${new Date(untilMs).toISOString()}`,
      needed: known ? 'a known outcome' : `${restDays} days after "${rest.after}"`,
    })
  }
  return verdict
}

function answeredUntil(touches: readonly Touch[], same: (touch: Touch) => boolean, rest: Rest, restMs: number): number {
  let untilMs = Number.NEGATIVE_INFINITY
  for (const touch of touches) {
    if (touch.state !== ANSWER_STATE[rest.after] || !same(touch)) continue
    if (rest.after === 'accept' && rest.restDays === undefined && touch.outcomeKnown) continue
    untilMs = Math.max(untilMs, (touch.settledMs ?? touch.atMs) + restMs)
  }
  return untilMs
}

// Views are counted since the last answer or the last rest they caused, so that the sixth view after a rest begins a
// new count and does not silence the action at once.
function ignoredUntil(
  touches: readonly Touch[],
  same: (touch: Touch) => boolean,
  views: number,
  restMs: number,
): number {
  let untilMs = Number.NEGATIVE_INFINITY
  let seen = 0
  for (const touch of touches) {
    if (!same(touch)) continue
    if (touch.state !== 'shown') {
      if (['clicked', 'accepted', 'refused', 'deferred', 'declined_for_good'].includes(touch.state)) seen = 0
    } else if (++seen === views) {
      untilMs = Math.max(untilMs, touch.atMs + restMs)
      seen = 0
    }
  }
  return untilMs
}
