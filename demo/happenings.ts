import type { Books } from './books.ts'
import { dateOf, firstOf, monthOf } from './days.ts'
import { type Bank, type Holding, holderOf, type Person } from './model.ts'
import { type Chance, chance, happens, oneOf, poisson, whole } from './random.ts'
import { PEOPLE } from './showcase.ts'

/** An event as another system of the bank tells it over HTTP: (source, id) names it once and for all. */
export interface Happening {
  source: string
  id: string
  type: string
  customer: { source: string; id: string }
  occurredAt: string
  payload: Record<string, string | number | boolean>
}

export type Tell = (happening: Happening) => void

/** The numbering of persons and businesses in the core's files, by which events name them too. */
export const CUSTOMER_SOURCE = 'core_customer'

const at = (day: number, minute: number): string =>
  `${dateOf(day)}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`

/** What other systems of the bank know of some customers, from the oldest event of a person to the newest. */
export function tellHappenings(books: Books, tell: Tell): void {
  for (const person of books.block.persons) {
    const from = chance(books.bank.seed, person.block, 40_000 + person.slot)
    const told = teller(person, books.bank, tell)
    lives(person, told)
    needs(from, person, books.bank, told)
    visits(from, person, books.bank, told)
  }
  for (const child of books.block.persons)
    for (const guardian of child.guardians) bornTo(guardian, child, books.bank, tell)
  for (const holding of books.block.holdings) cards(holding, books.bank, tell)
}

/** What was told more than two years ago was written down at a half-yearly review. */
function reviewDay(day: number, bank: Bank): number {
  if (bank.today - day < 700) return day
  const half = Math.floor(monthOf(day) / 6) * 6
  return firstOf(half) + 14
}

/** A child that became a customer too was told of when it was born, or when its parent joined. */
function bornTo(guardian: Person, child: Person, bank: Bank, tell: Tell): void {
  const day = reviewDay(Math.max(child.born + 20, guardian.since), bank)
  if (day >= bank.today || bank.today - day > 6600) return
  tell({
    source: 'branch',
    id: `${guardian.externalId}-${child.externalId}`,
    type: 'child.told',
    customer: { source: CUSTOMER_SOURCE, id: guardian.externalId },
    occurredAt: at(day, 622),
    payload: {},
  })
}

type Told = (day: number, minute: number, source: string, type: string, payload?: Happening['payload']) => void

/** Tells only what happened before today, numbered within the person. */
function teller(person: Person, bank: Bank, tell: Tell): Told {
  let number = 0
  return (day, minute, source, type, payload = {}) => {
    number++
    if (day >= bank.today || day < person.born) return
    tell({
      source,
      id: `${person.externalId}-${number}`,
      type,
      customer: { source: CUSTOMER_SOURCE, id: person.externalId },
      occurredAt: at(day, minute),
      payload,
    })
  }
}

/** The life events that people, partners or desks of the bank report; others show in transactions only. */
function lives(person: Person, told: Told): void {
  for (const event of person.life) {
    switch (event.kind) {
      case 'moved':
        told(event.day, 600, 'branch', 'address.changed')
        break
      case 'home_bought':
        told(event.day, 605, 'branch', 'home.told')
        break
      case 'marriage':
        told(event.day, 610, 'branch', 'marriage.told')
        break
      case 'divorce':
        told(event.day, 615, 'branch', 'divorce.told')
        break
      case 'child_born':
        told(event.day, 620, 'branch', 'child.told')
        break
      case 'child_leaves':
        told(event.day, 625, 'branch', 'child_leaves.told')
        break
      case 'retirement':
        told(event.day, 630, 'branch', 'retirement.told')
        break
      case 'trip_booked':
        told(event.day, 1205, 'card_network', 'travel.booked', {
          leaves_on: dateOf(event.size),
          returns_on: dateOf(event.until),
          abroad: true,
        })
        break
      case 'complaint':
        told(event.day, 640, 'complaint_desk', 'complaint.opened', {
          about: event.day % 3 === 0 ? 'payments' : 'service',
        })
        told(event.until, 900, 'complaint_desk', 'complaint.closed', { upheld: event.size === 1 })
        break
      case 'missed_instalment':
        told(event.day + 3, 655, 'core', 'debit.returned', { amount_minor: 8900 })
        break
      case 'scam':
        told(event.day, 650, 'fraud_monitor', 'payment.odd_payee')
        break
      default:
        break
    }
  }
}

const NEEDS = ['loan', 'loan', 'renovation', 'mortgage', 'pension', 'joint', 'card'] as const

/** What people told us that they need or plan, what they think of us, and papers that run out. */
function needs(from: Chance, person: Person, bank: Bank, told: Told): void {
  if (person.age < 18) return
  const back = (days: number): number => bank.today - whole(from, 1, days)
  const papers = Math.max(person.since, bank.today - whole(from, 1, 700))
  told(papers, 560, 'core', 'document.read', { expires_on: dateOf(bank.today + whole(from, -40, 3600)) })
  if (person.externalId === PEOPLE.elif) {
    told(bank.today - 12, 1020, 'branch', 'need.told', {
      topic: 'mortgage',
      amount_minor: 32_000_000,
      deposit_minor: 5_200_000,
    })
    told(bank.today - 12, 1021, 'branch', 'plan.told', { plan: 'home', by_on: dateOf(bank.today + 150) })
    told(bank.today - 5, 1230, 'web', 'web.page_viewed', { topic: 'mortgage' })
    return
  }
  if (happens(from, 0.03)) {
    const amount = whole(from, 2, 25) * 100_000
    const payload = { topic: oneOf(from, NEEDS), amount_minor: amount, deposit_minor: Math.round(amount / 5) }
    told(back(60), 700, 'contact_centre', 'need.told', payload)
  }
  if (happens(from, 0.02)) {
    const payload = { plan: oneOf(from, ['car', 'home']), by_on: dateOf(bank.today + whole(from, 20, 300)) }
    told(back(90), 705, 'branch', 'plan.told', payload)
  }
  if (person.income.kind === 'student' || (person.age < 25 && happens(from, 0.35)))
    told(back(500), 710, 'branch', 'study.told')
  if (happens(from, 0.05)) told(back(300), 720, 'adviser', 'knowledge.passed', { horizon_years: whole(from, 2, 15) })
  if (happens(from, 0.25)) told(back(180), 1100, 'survey', 'survey.answered', { score: scoreOf(from, person) })
  if (happens(from, 0.04))
    told(back(700), 800, 'app', 'goal.named', { goal: oneOf(from, ['trip', 'car', 'home', 'safety']) })
  if (person.standings.some(({ standing }) => standing === 'support_need'))
    told(back(600), 810, 'contact_centre', 'support.reviewed')
  if (person.place !== 'grown' && person.age > 26 && person.age < 46 && happens(from, 0.2))
    told(reviewDay(back(3600), bank), 820, 'branch', 'child.told')
}

const scoreOf = (from: Chance, person: Person): number =>
  Math.max(
    0,
    Math.min(
      10,
      whole(from, 4, 10) +
        (person.life.some((event) => event.kind === 'complaint') ? -4 : 0) +
        (happens(from, 0.3) ? 2 : 0),
    ),
  )

/** Visits to the branch, the app and the web: log-ins of the last month, pages looked at, applications begun and left. */
function visits(from: Chance, person: Person, bank: Bank, told: Told): void {
  if (person.age > 17 && person.activeTo > bank.today) {
    const often = person.age > 70 ? 1.6 : person.age > 50 ? 0.5 : 0.15
    for (let i = Math.min(6, poisson(from, often)); i > 0; i--)
      told(bank.today - whole(from, 1, 90), whole(from, 540, 960), 'branch', 'branch.visit')
  }
  const digital =
    person.age > 15 &&
    person.email !== '' &&
    !happens(from, person.age > 70 ? 0.5 : 0.05) &&
    (person.state === 'core' || person.state === 'active')
  if (!digital) return
  for (let i = Math.min(5, poisson(from, person.state === 'core' ? 3 : 1.2)); i > 0; i--) {
    told(bank.today - whole(from, 1, 30), whole(from, 400, 1300), 'app', 'app.login')
  }
  if (person.age >= 18 && happens(from, 0.1)) {
    told(bank.today - whole(from, 1, 45), whole(from, 500, 1300), 'web', 'web.page_viewed', {
      topic: oneOf(from, [
        'loan',
        'mortgage',
        'card',
        'savings',
        'funds',
        'travel',
        'renovation',
        'insurance',
        'pension',
      ]),
    })
  }
  if (person.age >= 18 && happens(from, 0.012)) {
    const day = bank.today - whole(from, 1, 20)
    told(day, 900, 'web', 'application.started', { product: 'personal_loan' })
    told(day, 915, 'web', happens(from, 0.6) ? 'application.left' : 'application.submitted', {
      product: 'personal_loan',
      step: whole(from, 2, 5),
    })
    if (happens(from, 0.15)) told(day + 1, 950, 'underwriting', 'application.declined', { product: 'personal_loan' })
  }
}

/** What became of a card: first used, and Plus benefits that are used by about half of those who pay for them. */
function cards(holding: Holding, bank: Bank, tell: Tell): void {
  const person = holderOf(holding)
  if (person.left !== 0) return
  const say = (type: string, day: number, payload: Happening['payload']): void => {
    if (day >= bank.today) return
    tell({
      source: 'core',
      id: `${holding.number}-${type}`,
      type,
      customer: { source: CUSTOMER_SOURCE, id: person.externalId },
      occurredAt: at(day, 660),
      payload,
    })
  }
  if (holding.kind === 'card' && holding.activated && bank.today - holding.opened < 700)
    say('card.activated', Math.min(holding.opened + 4, bank.today - 1), { product: holding.product })
  if (holding.product === 'plus_account' && holding.number % 2 === 0)
    say('benefit.used', Math.max(holding.opened, bank.today - (holding.number % 170) - 1), { benefit: 'travel_cover' })
}
