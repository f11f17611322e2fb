import type { Explanation } from '#decide/decisions/contract'
import { t } from './words.ts'

export type Traced = Explanation['actions'][number]
export type Reason = Traced['reasons'][number]

/** One narrowing of the funnel: the question it asks, and the verdicts that answer it with no. */
export interface Stage {
  readonly id: string
  readonly title: string
  /** What it asks, in full. */
  readonly asks: string
  readonly verdicts: readonly string[]
}

/** In the order in which they are asked. */
export const STAGES: readonly Stage[] = [
  { id: 'place', title: t('place'), asks: t('placeAsks'), verdicts: ['stopped', 'no_treatment'] },
  { id: 'law', title: t('law'), asks: t('lawAsks'), verdicts: ['product_rule', 'credit_rule', 'feed_late'] },
  { id: 'eligible', title: t('eligible'), asks: t('eligibleAsks'), verdicts: ['eligibility'] },
  { id: 'relevant', title: t('relevant'), asks: t('relevantAsks'), verdicts: ['applicability'] },
  { id: 'suitable', title: t('suitable'), asks: t('suitableAsks'), verdicts: ['suitability'] },
  { id: 'speak', title: t('speak'), asks: t('speakAsks'), verdicts: ['standing', 'authority', 'consent'] },
  { id: 'often', title: t('often'), asks: t('oftenAsks'), verdicts: ['quiet_time', 'cap', 'rest'] },
  {
    id: 'worth',
    title: t('worth'),
    asks: t('worthAsks'),
    verdicts: ['offer_ended', 'value_error', 'customer_value', 'score_error', 'below_nothing'],
  },
  { id: 'first', title: t('first'), asks: t('firstAsks'), verdicts: ['outranked', 'withheld'] },
]

const STAGE_OF = new Map(STAGES.flatMap((stage) => stage.verdicts.map((verdict) => [verdict, stage] as const)))

export const stageOf = (verdict: string): Stage | undefined => STAGE_OF.get(verdict)

const VERDICT_WORDS: Record<string, string> = {
  shown: t('v_shown'),
  outranked: t('v_outranked'),
  below_nothing: t('v_below_nothing'),
  withheld: t('v_withheld'),
  nothing: t('v_nothing'),
  stopped: t('v_stopped'),
  no_treatment: t('v_no_treatment'),
  product_rule: t('v_product_rule'),
  credit_rule: t('v_credit_rule'),
  feed_late: t('v_feed_late'),
  eligibility: t('v_eligibility'),
  applicability: t('v_applicability'),
  suitability: t('v_suitability'),
  standing: t('v_standing'),
  authority: t('v_authority'),
  consent: t('v_consent'),
  quiet_time: t('v_quiet_time'),
  cap: t('v_cap'),
  rest: t('v_rest'),
  offer_ended: t('v_offer_ended'),
  value_error: t('v_value_error'),
  customer_value: t('v_customer_value'),
  score_error: t('v_score_error'),
  may_be_said: t('v_may_be_said'),
}
export const verdictWords = (verdict: string): string => VERDICT_WORDS[verdict] ?? verdict.replaceAll('_', ' ')

/** What the funnel shows of one stage. */
export interface Narrowing {
  readonly stage: Stage
  readonly before: number
  readonly after: number
  /** The actions that it left out. */
  readonly out: readonly Traced[]
}

/** How the actions narrowed, stage by stage; doing nothing is no candidate. */
export function narrowings(actions: readonly Traced[]): Narrowing[] {
  const candidates = actions.filter(({ verdict }) => verdict !== 'nothing')
  let left = candidates.length
  return STAGES.map((stage) => {
    const out = candidates.filter(({ verdict }) => stage.verdicts.includes(verdict))
    const before = left
    left -= out.length
    return { stage, before, after: left, out }
  })
}

/** Every reason of an action, those of its treatments included, each once. */
export function reasonsOf(action: Traced): Reason[] {
  const seen = new Map<string, Reason>()
  for (const reason of [...action.reasons, ...action.treatments.flatMap((treatment) => treatment.reasons)])
    seen.set(`${reason.level} ${reason.clause}`, seen.get(`${reason.level} ${reason.clause}`) ?? reason)
  return [...seen.values()]
}

/** The reason that decided: the first of the stage at which the action fell. */
export const decidingReason = (action: Traced): Reason | undefined => {
  const reasons = reasonsOf(action)
  return reasons.find(({ stage }) => stage === action.verdict) ?? reasons[0]
}

/** The best treatment of an action and what its score was made of. */
export const bestTreatment = (action: Traced) =>
  action.treatments
    .filter(({ score }) => score !== undefined)
    .reduce<Traced['treatments'][number] | undefined>(
      (best, one) => (best === undefined || one.score! > best.score! ? one : best),
      undefined,
    )
