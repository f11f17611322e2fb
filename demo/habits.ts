import { RHYTHM } from './bank.ts'
import { labelOf } from './entries.ts'
import type { Bank, Holding, Person } from './model.ts'
import { chance, type choose, happens, uniform, whole } from './random.ts'

/** What leaves a person's account every month of itself: a direct debit or a standing order. */
export interface Habit {
  day: number
  cents: number
  label: number
  payee: number
  /** Every so many months; 1 is each month. */
  every: number
}

const ELECTRICITY = labelOf('electricity')
const TELECOM = labelOf('telecom')
const INSURANCE = labelOf('insurance')
const SUBSCRIPTION = labelOf('subscription')
const FITNESS = labelOf('fitness')
const PROPERTY = labelOf('property')
const RENT = labelOf('rent')
const FAITH = labelOf('faith')
const UNION = labelOf('union')
const PARTY = labelOf('party')
const HEALTH = labelOf('health')

/** A person's regular debits, about nine for one whose main bank we are and two or three otherwise; and the rent. */
export function habitsOf(bank: Bank, person: Person, owns: boolean): Habit[] {
  const from = chance(bank.seed, person.block, 10, person.slot)
  if (person.age < 16) return []
  const core = person.state === 'core' || person.state === 'former'
  const mean = core ? RHYTHM.core.debit : RHYTHM.active.debit
  const count = Math.max(0, Math.floor(mean * (0.7 + 0.6 * uniform(from)) + uniform(from)))
  const scale = person.income.cents > 0 ? Math.min(2, 0.5 + person.income.cents / 430_000) : 0.6
  const habits: Habit[] = []
  const add = (label: number, low: number, high: number, scaled = true): void => {
    const cents = Math.round(whole(from, low, high) * (scaled ? scale : 1))
    habits.push({ day: whole(from, 1, 27), cents, label, payee: label * 1000 + whole(from, 1, 60), every: 1 })
  }
  const likely = [
    ...(core
      ? [() => add(ELECTRICITY, 4500, 13_000), () => add(TELECOM, 1900, 5900), () => add(INSURANCE, 2500, 9000)]
      : []),
    ...sometimes(from, person, owns, add),
  ]
  for (const debit of likely) if (habits.length < count) debit()
  while (habits.length < count) add(SUBSCRIPTION, 599, 1999, false)
  if (core && !owns && person.place !== 'grown' && person.age >= 19) {
    habits.push({
      day: whole(from, 1, 4),
      cents: Math.round(whole(from, 42_000, 78_000) * scale),
      label: RENT,
      payee: 24_000 + whole(from, 1, 400),
      every: 1,
    })
  }
  return habits
}

type Add = (label: number, low: number, high: number, scaled?: boolean) => void

/** Debits that some have: what is sensitive among them (faith, union, party, health) must never become a feature. */
function sometimes(from: Parameters<typeof choose>[0], person: Person, owns: boolean, add: Add): (() => void)[] {
  const list: [number, () => void][] = [
    [0.9, () => add(SUBSCRIPTION, 799, 1799, false)],
    [0.7, () => add(SUBSCRIPTION, 499, 1299, false)],
    [0.5, () => add(TELECOM, 990, 2990, false)],
    [0.6, () => add(INSURANCE, 1500, 5200)],
    [person.age < 55 ? 0.4 : 0.15, () => add(FITNESS, 1990, 5990, false)],
    [owns ? 0.9 : 0.05, () => add(PROPERTY, 9000, 26_000)],
    [0.12, () => add(FAITH, 1000, 4000, false)],
    [0.1, () => add(UNION, 1500, 3500, false)],
    [0.02, () => add(PARTY, 500, 2500, false)],
    [0.25, () => add(HEALTH, 1500, 8000, false)],
    [0.35, () => add(SUBSCRIPTION, 999, 2499, false)],
  ]
  return list.filter(([probability]) => happens(from, probability)).map(([, debit]) => debit)
}

/** What is paid from and into one current account: who uses it, and the holdings that live on it. */
export interface Household {
  account: Holding
  users: { person: Person; habits: Habit[]; card: Holding | undefined }[]
  savers: Holding[]
  funds: Holding[]
  loans: Holding[]
  cards: Holding[]
}

/** The current accounts of a block with what lives on them, in order of their numbers. */
export function householdsOf(
  bank: Bank,
  holdings: readonly Holding[],
  users: ReadonlyMap<Holding, Person[]>,
): Household[] {
  const found = new Map<Holding, Household>()
  const cardOf = new Map<Person, Holding>()
  const owners = new Set<Person>()
  for (const holding of holdings) {
    if (holding.kind === 'current')
      found.set(holding, { account: holding, users: [], savers: [], funds: [], loans: [], cards: [] })
    if (holding.kind === 'card' && holding.activated && holding.closed === 0)
      cardOf.set(holding.owners[0]!.person, holding)
    if (holding.kind === 'mortgage') for (const owner of holding.owners) owners.add(owner.person)
  }
  for (const [account, persons] of users) {
    const household = found.get(account)!
    for (const person of persons)
      household.users.push({ person, habits: habitsOf(bank, person, owners.has(person)), card: cardOf.get(person) })
  }
  for (const holding of holdings) {
    const household = holding.paidFrom && found.get(holding.paidFrom)
    if (!household) continue
    if (holding.kind === 'saver' || holding.kind === 'goal') household.savers.push(holding)
    else if (holding.kind === 'fund') household.funds.push(holding)
    else if (holding.kind === 'loan' || holding.kind === 'mortgage') household.loans.push(holding)
    else if (holding.kind === 'card') household.cards.push(holding)
  }
  return [...found.values()]
}
