import type { Holding, Person } from './model.ts'
import { chance, normal, uniform } from './random.ts'

/**
 * How people truly answer: known to the demo alone, never written to a file, never sent. What the bank learns it must
 * learn from answers, and can then be held against this.
 */
export interface Traits {
  /** How readily this person answers at all; half of all clicks come from a tenth of the people. */
  openness: number
  /** How much a price or a cost puts them off, 0..1. */
  thrift: number
  /** How much they mind being sold to, 0..1. */
  reserve: number
  /** What they like to be asked by. */
  likes: 'app' | 'web' | 'branch' | 'call'
}

export function traitsOf(seed: number, person: Person): Traits {
  const from = chance(seed, person.block, 50_000 + person.slot, 99)
  const openness = Math.exp(1.25 * normal(from) - 0.78)
  const thrift = uniform(from)
  const reserve = uniform(from) ** 2
  const old = person.age > 64
  const draw = uniform(from)
  const likes = draw < (old ? 0.15 : 0.7) ? 'app' : draw < (old ? 0.3 : 0.85) ? 'web' : draw < 0.93 ? 'branch' : 'call'
  return { openness, thrift, reserve, likes }
}

/** Take-up in 30 days in per cent of those eligible: left alone, and when asked; from the bank's sketch. */
const TAKE_UP: Readonly<Record<string, readonly [alone: number, asked: number]>> = {
  goal_saver: [0.6, 1.1],
  easy_saver: [0.9, 1.5],
  fixed_term: [0.4, 0.6],
  fund_plan: [0.15, 0.28],
  plus_account: [0.2, 0.4],
  personal_loan: [0.35, 0.5],
  premium_card: [0.1, 0.18],
  trip_cover: [1.2, 3],
  home_cover: [0.3, 0.5],
  alert: [35, 55],
  card_activated: [20, 30],
  referral: [0.1, 0.3],
  other: [0.4, 0.8],
}

export interface Said {
  action: string
  class: string
  channel: string
  language: string
  text: string
}

/** Which line of the take-up table an action stands in. */
export function takenAs(action: string, cls: string): string {
  for (const name of Object.keys(TAKE_UP)) if (action.startsWith(name)) return name
  if (action === 'unused_new_card') return 'card_activated'
  if (action === 'refer_friend') return 'referral'
  return cls === 'marketing' ? 'other' : 'alert'
}

/**
 * The chance, 0..1, that this person takes up what was said, counting from the view of it: what they would have done
 * alone times their need, and what being asked adds times how it was said to them.
 */
export function takes(seed: number, person: Person, held: readonly Holding[], said: Said, day: number): number {
  const [alone, asked] = TAKE_UP[takenAs(said.action, said.class)]!
  const traits = traitsOf(seed, person)
  const need = needOf(person, held, said.action, day)
  const heard = traits.openness * toldWell(traits, person, said)
  // A view is one of several in thirty days; about a third of what being asked adds falls to each.
  const added = ((asked - alone) / 100) * heard * (said.class === 'marketing' ? 1 - 0.6 * traits.reserve : 1)
  return Math.max(0, Math.min(0.9, need * (alone / 100 / 3 + added)))
}

/** The chance of taking a product in a day without having been asked. */
export function takesAlone(person: Person, held: readonly Holding[], product: string, day: number): number {
  const alone = TAKE_UP[takenAs(product, 'marketing')]![0]
  return Math.min(0.5, (needOf(person, held, product, day) * alone) / 100 / 30)
}

/** Who they are and what goes on in their life; about 1 on average, 2 to 4 soon after an event, halving every week. */
export function needOf(person: Person, held: readonly Holding[], action: string, day: number): number {
  const has = (product: string): boolean => held.some((holding) => holding.product === product && holding.closed === 0)
  const fresh = (kinds: readonly string[]): number => {
    let most = 0
    for (const event of person.life) {
      if (kinds.includes(event.kind) && event.day <= day) most = Math.max(most, 0.5 ** ((day - event.day) / 7))
    }
    return 1 + 2.5 * most
  }
  if (action.startsWith('trip_cover')) return has('plus_account') ? 0.05 : fresh(['trip_booked'])
  if (action.startsWith('home_cover')) return fresh(['moved', 'home_bought'])
  if (action.startsWith('goal_saver')) return (person.age < 40 ? 1.5 : 0.7) * fresh(['pay_rise'])
  if (action.startsWith('easy_saver') || action.startsWith('fixed_term'))
    return fresh(['large_inflow', 'pay_rise', 'bonus'])
  if (action.startsWith('personal_loan')) return fresh(['car_bought', 'moved'])
  if (action.startsWith('premium_card')) return person.spending > 0.7 ? 1.6 : 0.6
  if (action.startsWith('fund_plan')) return person.income.cents > 250_000 ? 1.8 : 0.6
  if (action.startsWith('plus')) return 0.5 + person.life.filter((event) => event.kind === 'trip_booked').length * 0.5
  return 1
}

/** How it was said: by a channel they like, in their language, briefly, to them; loud words put people off. */
export function toldWell(traits: Traits, person: Person, said: Said): number {
  const words = said.text.split(/\s+/).length
  const channel = said.channel.startsWith(traits.likes) ? 1.5 : 0.8
  const language = said.language === person.language ? 1 : 0.4
  const named = said.text.includes(person.given) ? 1.25 : 1
  const brief = words < 45 ? 1.1 : words > 120 ? 0.7 : 1
  const loud = said.text.includes('!') ? 0.6 : 1
  const price = /\d+ ?€|€ ?\d+/.test(said.text) ? 1.1 - 0.4 * traits.thrift : 1
  return channel * language * named * brief * loud * price
}

export type Answer = 'accept' | 'click' | 'refuse' | 'not_now' | 'never' | 'none'

/** What the person does about what they see; `luck` is uniform in [0, 1). */
export function answerOf(
  seed: number,
  person: Person,
  held: readonly Holding[],
  said: Said,
  day: number,
  luck: number,
): Answer {
  const traits = traitsOf(seed, person)
  const accepts = takes(seed, person, held, said, day)
  const clicks = Math.min(0.5, accepts + 0.02 * traits.openness)
  const refuses = said.class === 'marketing' ? 0.012 + 0.05 * traits.reserve : 0.01
  const later = 0.02
  if (luck < accepts) return 'accept'
  if (luck < clicks) return 'click'
  if (luck < clicks + refuses) return 'refuse'
  if (luck < clicks + refuses + later) return 'not_now'
  if (luck < clicks + refuses + later + 0.002 * traits.reserve) return 'never'
  return 'none'
}

/**
 * Whether who said yes goes through with it, `luck` uniform in [0, 1): some think better of it on the way, the thrifty
 * sooner, and of those who ask for credit some are declined.
 */
export function goesThrough(seed: number, person: Person, credit: boolean, luck: number): boolean {
  const { thrift } = traitsOf(seed, person)
  return luck < (credit ? 0.6 : 0.9) - 0.15 * thrift
}
