import { addDays } from '#platform/clock'
import { ADULT_YEARS } from './age.ts'

/** What is so about a customer. */
export const STANDINGS = [
  'minor',
  'deceased_notified',
  'represented',
  'in_collections',
  'forborne',
  'complaint_open',
  'bereaved',
  'crime_block',
  'stretched',
  'support_need',
  'arrears',
  'staff',
  'vip',
  'dormant',
] as const
export type StandingName = (typeof STANDINGS)[number]

/** What a standing stops; several at once all hold. */
export type Effect = 'stop_all' | 'service_only' | 'care_only' | 'no_credit' | 'none'

/** The effect a standing has unless it is noted with a stricter one. */
export const EFFECT_OF: Readonly<Record<StandingName, Effect>> = {
  minor: 'no_credit',
  deceased_notified: 'stop_all',
  // Whoever acts for the customer is served, never sold to.
  represented: 'service_only',
  in_collections: 'care_only',
  forborne: 'no_credit',
  complaint_open: 'care_only',
  bereaved: 'care_only',
  crime_block: 'stop_all',
  stretched: 'care_only',
  support_need: 'no_credit',
  arrears: 'no_credit',
  staff: 'none',
  vip: 'none',
  dormant: 'service_only',
}

/** Days after its end during which a standing still holds: a complaint ends sales until it is closed + 30 days. */
const LINGERS_DAYS: Partial<Record<StandingName, number>> = { complaint_open: 30, forborne: 730 }

/** A dated standing; from_on and to_on are dates of the bank's zone, both inclusive; no to_on: it still holds. */
export interface DatedStanding {
  standing: StandingName
  effect: Effect
  fromOn: string
  toOn: string | null
}

/** What the standings of one customer allow on one date. */
export interface StandingEffects {
  /** Nothing goes out but what the estate team or the duty manager sends by hand. */
  stopAll: boolean
  /** Only service, care and legal notices. */
  serviceOnly: boolean
  /** Only care and legal notices, and service the customer asks for. */
  careOnly: boolean
  noCredit: boolean
  /** The names that hold, alphabetical, for reasons and for the trace. */
  holding: StandingName[]
}

const STRICTNESS: readonly Effect[] = ['none', 'no_credit', 'service_only', 'care_only', 'stop_all']

/** The stricter of two effects. */
export const stricter = (a: Effect, b: Effect): Effect => (STRICTNESS.indexOf(a) >= STRICTNESS.indexOf(b) ? a : b)

/** The last date on which the standing has its effect, lingering included; null: no end is known. */
export function lastDayOf(standing: DatedStanding): string | null {
  if (standing.toOn === null) return null
  return addDays(standing.toOn, LINGERS_DAYS[standing.standing] ?? 0)
}

/** Whether the standing has its effect on the date 'YYYY-MM-DD'. */
export function holdsOn(standing: DatedStanding, on: string): boolean {
  const last = lastDayOf(standing)
  return standing.fromOn <= on && (last === null || on <= last)
}

/**
 * What all standings together allow on the date: each stops what it stops, and none gives back what another took.
 */
export function effectsOf(standings: readonly DatedStanding[], on: string): StandingEffects {
  const held = standings.filter((standing) => holdsOn(standing, on))
  const has = (effect: Effect) => held.some((standing) => standing.effect === effect)
  const stopAll = has('stop_all')
  const careOnly = stopAll || has('care_only')
  const serviceOnly = careOnly || has('service_only')
  return {
    stopAll,
    serviceOnly,
    careOnly,
    noCredit: serviceOnly || has('no_credit'),
    holding: [...new Set(held.map((standing) => standing.standing))].sort(),
  }
}

/**
 * Being a minor follows from the birth date and is never a row: it begins and ends by itself, on the day. Its last day
 * is the day before the eighteenth birthday; a birthday on 29 February falls on 1 March when the year has none.
 */
export function minorStanding(birthOn: string): DatedStanding {
  const year = Number(birthOn.slice(0, 4)) + ADULT_YEARS
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const birthday = birthOn.endsWith('-02-29') && !leap ? `${year}-03-01` : `${year}${birthOn.slice(4)}`
  return { standing: 'minor', effect: EFFECT_OF.minor, fromOn: birthOn, toOn: addDays(birthday, -1) }
}
