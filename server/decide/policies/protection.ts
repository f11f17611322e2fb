import type { Action, Treatment } from '#decide/propositions'
import { ADULT_YEARS, type DatedStanding, effectsOf, holdsOn } from '#know/customers'
import { addDays } from '#platform/clock'
import type { Moment } from './moment.ts'
import { type Reason, VERDICTS } from './verdict.ts'

/** What the rules that no playbook can lift need to know. */
export interface ProtectedFacts {
  readonly kind: string
  /** Full years today; null: no birth date is known. */
  readonly ageYears: number | null
  /** Open products held as an owner. */
  readonly products: readonly string[]
  /** A holding is in arrears today. */
  readonly inArrears: boolean
  /** Ended ones of the last two years too, since credit remembers them. */
  readonly standings: readonly DatedStanding[]
  readonly asker: Asker
}

/** Who is asking: the customer, a member of staff with the customer, or somebody who acts for them. */
export type Asker = 'self' | 'guardian' | 'attorney' | 'executor' | 'staff'

// A silent crime block is never told of, not even to those who read traces: "no contact", and no more.
const told = (standing: DatedStanding): string =>
  standing.standing === 'crime_block' ? 'no contact' : standing.standing

/**
 * What standings forbid a treatment, by its class: `stop_all` everything; `care_only` marketing, and service that
 * reaches out unasked; `service_only` marketing. Nothing is marketed to minors. 0 when nothing forbids it.
 */
export function standingVerdict(treatment: Treatment, facts: ProtectedFacts, moment: Moment, trace?: Reason[]): number {
  if (treatment.class === 'marketing' && facts.ageYears !== null && facts.ageYears < ADULT_YEARS) {
    trace?.push({
      stage: 'standing',
      level: 'always',
      clause: 'minor',
      title: 'Nothing is marketed to minors',
      found: `${facts.ageYears} years`,
      needed: `${ADULT_YEARS} years`,
    })
    return VERDICTS.standing
  }
  if (facts.standings.length === 0) return 0
  const effects = effectsOf(facts.standings, moment.today)
  const unaskedService = treatment.class === 'service' && treatment.channel.direction === 'outbound'
  const forbidden =
    effects.stopAll || (effects.serviceOnly && treatment.class === 'marketing') || (effects.careOnly && unaskedService)
  if (!forbidden) return 0
  for (const standing of trace ? facts.standings : []) {
    if (standing.effect === 'none' || standing.effect === 'no_credit' || !holdsOn(standing, moment.today)) continue
    const silent = standing.standing === 'crime_block'
    trace!.push({
      stage: 'standing',
      level: 'always',
      clause: silent ? 'no_contact' : standing.standing,
      title: silent ? 'No contact' : `Standing: ${standing.standing}`,
      found: silent ? 'no contact' : `${standing.standing} since ${standing.fromOn}`,
      needed: effects.stopAll ? 'no standing that stops all contact' : `a message other than ${treatment.class}`,
    })
  }
  return VERDICTS.standing
}

/** Nobody is sold to through the person who acts for them. */
export function authorityVerdict(treatment: Treatment, facts: ProtectedFacts, trace?: Reason[]): number {
  if (treatment.class !== 'marketing' || facts.asker === 'self' || facts.asker === 'staff') return 0
  trace?.push({
    stage: 'authority',
    level: 'always',
    clause: 'no_offers_through_representatives',
    title: 'No offers through those who act for a customer',
    found: `asked by ${facts.asker}`,
    needed: 'asked by the customer',
  })
  return VERDICTS.authority
}

/** Prerequisites, one per person, ages: what the product's own document demands. */
export function productVerdict(action: Action, facts: ProtectedFacts, trace?: Reason[]): number {
  const product = action.product
  if (!product) return 0
  let verdict = 0
  for (const needed of product.prerequisites ?? []) {
    if (facts.products.includes(needed)) continue
    verdict = VERDICTS.product_rule
    if (!trace) return verdict
    const found = facts.products.join(', ') || 'no products'
    const level = `product ${product.id}`
    trace.push({
      stage: 'product_rule',
      level,
      clause: 'product_prerequisite',
      title: `Holds ${needed}`,
      found,
      needed,
    })
  }
  if (product.single && facts.products.includes(product.id)) {
    verdict = VERDICTS.product_rule
    if (!trace) return verdict
    const [found, needed] = [`holds ${product.id}`, `does not hold ${product.id}`]
    const level = `product ${product.id}`
    trace.push({ stage: 'product_rule', level, clause: 'product_single', title: 'One per person', found, needed })
  }
  const { ageYearsMin, ageYearsMax } = product
  if (ageYearsMin === undefined && ageYearsMax === undefined) return verdict
  const age = facts.ageYears
  if (age !== null && age >= (ageYearsMin ?? 0) && age <= (ageYearsMax ?? 200)) return verdict
  trace?.push({
    stage: 'product_rule',
    level: `product ${product.id}`,
    clause: 'product_age',
    title: 'Of an age for the product',
    found: age === null ? 'birth date absent' : `${age} years`,
    needed: `${ageYearsMin ?? 0} to ${ageYearsMax ?? 'any'} years`,
  })
  return VERDICTS.product_rule
}

// How long a standing weighs against new credit after it has ended, days. Arrears: twelve months clean; forbearance
// suppresses two years. The others weigh while they last.
const CREDIT_MEMORY_DAYS: ReadonlyMap<string, number> = new Map([
  ['arrears', 365],
  ['in_collections', 365],
  ['forborne', 730],
])
/** Weigh against new credit while they hold, whatever their effect was noted as. */
const NEVER_CREDIT: ReadonlySet<string> = new Set(['minor', 'stretched', 'support_need', ...CREDIT_MEMORY_DAYS.keys()])

/** The oldest end of a standing that still matters to a decision, days ago. */
export const STANDING_MEMORY_DAYS = 730

/**
 * No prompt to borrow for minors, whoever is or was lately in arrears, stretched, in need of support, or under a
 * standing that forbids credit or sales. A person of unknown age is not asked to borrow.
 */
export function creditVerdict(action: Action, facts: ProtectedFacts, moment: Moment, trace?: Reason[]): number {
  if (!action.credit) return 0
  let verdict = 0
  const leaveOut = (clause: string, title: string, found: string, needed: string): void => {
    verdict = VERDICTS.credit_rule
    trace?.push({ stage: 'credit_rule', level: 'always', clause, title, found, needed })
  }
  const age = facts.ageYears
  const minor = facts.kind === 'person' && (age === null || age < ADULT_YEARS)
  if (!trace && (minor || facts.inArrears)) return VERDICTS.credit_rule
  if (minor)
    leaveOut(
      'credit_adult',
      'Credit only for adults',
      age === null ? 'birth date absent' : `${age} years`,
      `${ADULT_YEARS} years`,
    )
  if (facts.inArrears)
    leaveOut('credit_arrears', 'No credit while in arrears', 'a holding in arrears', 'no arrears for 12 months')
  for (const standing of facts.standings) {
    if (standing.effect === 'none' && !NEVER_CREDIT.has(standing.standing)) continue
    const memoryDays = CREDIT_MEMORY_DAYS.get(standing.standing) ?? 0
    const remembered =
      standing.toOn !== null && standing.fromOn <= moment.today && addDays(standing.toOn, memoryDays) >= moment.today
    if (!remembered && !holdsOn(standing, moment.today)) continue
    leaveOut(
      standing.standing === 'crime_block' ? 'no_contact' : `credit_${standing.standing}`,
      standing.standing === 'crime_block' ? 'No contact' : `No credit: ${standing.standing}`,
      standing.standing === 'crime_block'
        ? told(standing)
        : `${standing.standing} from ${standing.fromOn}${standing.toOn ? ` to ${standing.toOn}` : ''}`,
      memoryDays > 0 ? `none for ${memoryDays} days` : 'none',
    )
  }
  return verdict
}
