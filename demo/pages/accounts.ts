import { type Books, balanceOn, fillMonth, lastMonth } from '../books.ts'
import { dateOf } from '../days.ts'
import { entries, inOrder, LABELS } from '../entries.ts'
import type { Holding, Person } from '../model.ts'

/** An account as its holder sees it. Money is in cents, the customer's view. */
export interface Account {
  number: string
  name: string
  balanceCents: number
  /** The other owners of a joint account, by first name. */
  with: string[]
  /** The day on which it was repaid or closed; '' while it is open. */
  closedOn: string
  rate: string
}

export interface Booking {
  on: string
  account: string
  text: string
  cents: number
}

const NAMES: Readonly<Record<string, string>> = {
  everyday_account: 'Everyday account',
  plus_account: 'Plus account',
  premier_account: 'Premier account',
  youth_account: 'Youth account',
  easy_saver: 'Easy Saver',
  goal_saver: 'Goal Saver',
  personal_loan: 'Personal loan',
  mortgage: 'Mortgage',
  premium_card: 'Premium card',
  fixed_term_12: 'Fixed term, 12 months',
  fund_plan: 'Fund plan',
  trip_cover: 'Trip cover',
  home_cover: 'Home cover',
}

/** Names of shops and payees that there are nowhere: by what is bought, chosen by the payee's number. */
const PAYEES: Readonly<Record<string, readonly string[]>> = {
  groceries: ['Hofmarkt', 'Kornkammer', 'Marktplatz 7', 'Frischeck'],
  restaurants: ['Café Uferweg', 'Trattoria Salvia', 'Gasthaus Linde', 'Nudelhaus'],
  fuel: ['Tankhof Nord', 'Tankhof Süd'],
  clothing: ['Stoff & Faden', 'Schuhhaus Berg'],
  pharmacy: ['Apotheke am Tor'],
  online: ['Paketladen', 'Bücherwelt', 'Hausrat Online'],
  transport: ['Stadtbahn', 'Regionalbahn'],
  home: ['Baumarkt Ziegel', 'Möbelhof'],
  leisure: ['Kino Astra', 'Schwimmhalle', 'Konzerthaus'],
  other: ['Kiosk am Platz', 'Blumen Iris'],
  travel: ['Hotel Seeblick', 'Reisebüro Kompass'],
  flights: ['Nordflug'],
}

const WORDS: Readonly<Record<string, string>> = {
  cash: 'Cash',
  salary: 'Salary',
  thirteenth_salary: 'Thirteenth salary',
  bonus: 'Bonus',
  pension: 'Pension',
  family_benefit: 'Family benefit',
  rent: 'Rent',
  car: 'Car',
  odd_payee: 'Transfer to a new payee',
  to_person: 'Transfer',
  from_person: 'Transfer received',
  own_savings: 'To savings',
  own_account_elsewhere: 'Own account elsewhere',
  electricity: 'Electricity',
  telecom: 'Telephone and internet',
  insurance: 'Insurance',
  subscription: 'Subscription',
  fitness: 'Fitness',
  property: 'Property',
  returned_debit: 'Returned debit',
  instalment: 'Loan instalment',
  credit_interest: 'Interest received',
  debit_interest: 'Interest paid',
  account_fee: 'Account fee',
  card_fee: 'Card fee',
  loyalty_bonus: 'Thank you from Riverside Bank',
}

// What somebody gives to a faith, a union, a party or a doctor stands under no name of its own here.
const textOf = (label: number, payee: number): string => {
  const { category } = LABELS[label]!
  const names = PAYEES[category]
  return names ? names[payee % names.length]! : (WORDS[category] ?? 'Direct debit')
}

const numberOf = (holding: Holding): string => `DE 7005 ${String(holding.number).replace(/(\d{3})(?=\d)/g, '$1 ')}`

const isOwner = (holding: Holding, person: Person): boolean =>
  holding.owners.some((owner) => owner.person === person && owner.role === 'owner')

const holdingsOf = (books: Books, person: Person): Holding[] =>
  books.block.holdings.filter((holding) => holding.business === '' && isOwner(holding, person))

/** What the person holds, as the core's books stand. */
export const accountsOf = (books: Books, person: Person): Account[] =>
  holdingsOf(books, person).map((holding) => ({
    number: numberOf(holding),
    name: NAMES[holding.product] ?? holding.product,
    balanceCents: balanceOn(books, holding),
    with: holding.owners
      .filter((owner) => owner.role === 'owner' && owner.person !== person)
      .map((owner) => owner.person.given),
    closedOn: holding.closed !== 0 && holding.closed <= books.bank.today ? dateOf(holding.closed) : '',
    rate: holding.rateBp > 0 ? `${(holding.rateBp / 100).toFixed(2)} %` : '',
  }))

/** What was opened a moment ago: nothing is on it yet. */
export const newAccount = (product: string): Account => ({
  number: 'opened today',
  name: NAMES[product] ?? product,
  balanceCents: 0,
  with: [],
  closedOn: '',
  rate: '',
})

const scratch = entries()
const order = new Int16Array(1000)

/** The latest bookings on the person's accounts, the newest first. */
export function bookingsOf(books: Books, person: Person, atMost: number): Booking[] {
  const found: (Booking & { day: number; place: number })[] = []
  const month = lastMonth(books.bank)
  for (const holding of holdingsOf(books, person)) {
    // What arrived at a loan left an account of theirs, where they look for it.
    if (holding.kind === 'loan' || holding.kind === 'mortgage') continue
    for (const one of [month - 1, month]) {
      fillMonth(books, holding, one, scratch)
      inOrder(scratch, order)
      for (let place = 0; place < scratch.count; place++) {
        const at = order[place]!
        const day = scratch.day[at]!
        if (day >= books.bank.today) continue
        const text = textOf(scratch.label[at]!, scratch.payee[at]!)
        const account = NAMES[holding.product] ?? holding.product
        found.push({ on: dateOf(day), account, text, cents: scratch.cents[at]!, day, place })
      }
    }
  }
  return found
    .sort((a, b) => b.day - a.day || b.place - a.place)
    .slice(0, atMost)
    .map(({ on, account, text, cents }) => ({ on, account, text, cents }))
}
