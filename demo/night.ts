import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PRICES } from './bank.ts'
import { dateOf, monthsLater } from './days.ts'
import { MASTERS } from './masters.ts'
import type { Bank, Holding, Person } from './model.ts'
import { type Chance, chance, mix, uniform } from './random.ts'
import { takesAlone } from './truth.ts'

/** Something a customer opened today, asked or unasked. */
export interface Opened {
  person: Person
  product: string
}

/** What can be opened at a placement or a desk within a day, by the action that offers it. */
const OPENS: Readonly<Record<string, string>> = {
  easy_saver: 'easy_saver',
  goal_saver: 'goal_saver',
  fixed_term: 'fixed_term_12',
  fund_plan: 'fund_plan',
  personal_loan: 'personal_loan',
  premium_card: 'premium_card',
  trip_cover: 'trip_cover',
  home_cover: 'home_cover',
}

/** The product that accepting an action opens; undefined where it leads to a talk, or to nothing that is held. */
export const openedBy = (action: string): string | undefined => OPENS[action]

/** Every product that the core opens within a day. */
export const PRODUCTS_OPENED: readonly string[] = Object.values(OPENS)

/** What a yes leads to where nothing is opened, as the bank's systems tell of it, by the action. */
const TELLS: Readonly<Record<string, { source: string; type: string; payload?: Record<string, unknown> }>> = {
  app_wallet: { source: 'app', type: 'app.login' },
  first_month: { source: 'app', type: 'app.login' },
  name_goal: { source: 'app', type: 'goal.named', payload: { goal: 'trip' } },
  support_review: { source: 'contact_centre', type: 'support.reviewed' },
  unused_new_card: { source: 'card_network', type: 'card.activated', payload: { product: 'premium_card' } },
  unused_plus: { source: 'card_network', type: 'benefit.used', payload: { benefit: 'travel_cover' } },
}

/** The event that follows when the customer does what the action asked for; undefined where none does. */
export const toldBy = (action: string) => TELLS[action]

const CREDIT = new Set(['personal_loan', 'premium_card'])

/** Whether opening it is borrowing. */
export const isCredit = (product: string): boolean => CREDIT.has(product)

/**
 * What these people open without having been asked: it happens to the control group as well. `days`: of a day, or of
 * the part of one that went by.
 */
export function openAlone(
  bank: Bank,
  round: number,
  people: readonly { person: Person; held: readonly Holding[] }[],
  days = 1,
): Opened[] {
  const opened: Opened[] = []
  for (const { person, held } of people) {
    if (person.age < 18) continue
    const from = chance(bank.seed, person.block, 70_000 + person.slot, round)
    for (const product of PRODUCTS_OPENED) {
      const strained = person.standings.some(({ standing, to }) => to === 0 && standing !== 'staff')
      if (takes(from, days * takesAlone(person, held, product, bank.today)) && !(strained && CREDIT.has(product)))
        opened.push({ person, product })
    }
  }
  return opened
}

const takes = (from: Chance, probability: number): boolean => uniform(from) < probability

/**
 * The core's files of the night after: the holdings opened in the day, with their owners and control totals, as
 * `holdings.csv` and `roles.csv` in the folder. The same person opening the same product twice is one holding.
 */
export function writeNight(bank: Bank, folder: string, opened: readonly Opened[]): number {
  mkdirSync(folder, { recursive: true })
  const holdings = new Map<number, string>()
  const roles: string[] = []
  for (const { person, product } of opened) {
    const number = 800_000_000 + (mix(bank.seed, person.block, person.slot, numberOf(product)) % 99_000_000)
    if (holdings.has(number)) continue
    holdings.set(number, holdingRow(bank, number, person, product))
    roles.push([number, person.externalId, 'owner', 'sole', 10_000, dateOf(bank.today), ''].join(','))
  }
  write(bank, folder, 'holdings', MASTERS.holdings, [...holdings.values()])
  write(bank, folder, 'roles', MASTERS.roles, roles)
  return holdings.size
}

const numberOf = (product: string): number => PRODUCTS_OPENED.indexOf(product)

/** Opened with nothing on it yet; a card not yet used. */
function holdingRow(bank: Bank, number: number, person: Person, product: string): string {
  const today = dateOf(bank.today)
  const card = product === 'premium_card'
  const term = product === 'fixed_term_12' ? 12 : product === 'personal_loan' ? 60 : 0
  const rates: Record<string, number> = {
    easy_saver: PRICES.easySaverBp,
    goal_saver: PRICES.goalSaverBp,
    fixed_term_12: PRICES.fixedTerm12Bp,
    personal_loan: 699,
    premium_card: PRICES.cardBp,
  }
  return [
    number,
    person.externalId,
    product,
    'open',
    today,
    '',
    'EUR',
    0,
    'C',
    today,
    card ? 200_000 : '',
    rates[product] ?? '',
    term || '',
    '',
    term ? dateOf(monthsLater(bank.today, term)) : '',
    '',
    card ? 'yes' : '',
    card ? 'no' : '',
    '',
    '',
  ].join(',')
}

function write(bank: Bank, folder: string, name: string, header: string, rows: readonly string[]): void {
  writeFileSync(join(folder, `${name}.csv`), `${[header, ...rows].join('\n')}\n`)
  const control = { rows: rows.length, sum: '0.00', businessDate: dateOf(bank.today) }
  writeFileSync(join(folder, `${name}.control.json`), `${JSON.stringify(control)}\n`)
}
