import { BOOKS, CARDS, FUNDS, INSURANCE, RESULT } from './bank.ts'
import { type Books, closingOf, fillMonth } from './books.ts'
import { entries, LABELS } from './entries.ts'
import { feeCents } from './levels.ts'
import type { Bank, Holding, Person } from './model.ts'

/** What was generated, added up over the whole bank: counts, sums in cents, and shares of people. */
export type Measures = Map<string, number>

/** Adds the customers of these books to the measures. */
export function measure(books: Books, to: Measures): void {
  const add = (name: string, by = 1): void => void to.set(name, (to.get(name) ?? 0) + by)
  measurePeople(books, add)
  measureHoldings(books, add)
  // Ten thousand customers show how often people pay; looking at all would only take longer.
  if ((to.get('persons') ?? 0) <= 10_000) measureRhythm(books, add)
}

type Add = (name: string, by?: number) => void

function measurePeople({ bank, block }: Books, add: Add): void {
  const yearAgo = bank.today - 365
  const households = new Set<number>()
  for (const person of block.persons) {
    households.add(person.household)
    add('persons')
    add(`state.${person.state}`)
    add(`age.${bandOf(person.age)}`)
    if (person.age >= 18) add('adults')
    if (person.since > yearAgo) add('year.joined')
    else add('year.before')
    measureYear(bank, person, add)
    for (const consent of person.consents)
      if (consent.given) add(`consent.${consent.channel === 'all' ? consent.purpose : consent.channel}`)
    for (const event of person.life) add(`event.${event.kind}`)
  }
  for (const person of block.former) {
    if (person.left <= yearAgo) continue
    add(`year.${person.leaving}`)
    add('year.before')
    if (person.activeTo > yearAgo - 90) add('active.before')
  }
  add('households', households.size)
  add('businesses', block.businesses.length)
}

/** Active a year ago, and what has changed since: the flow of active persons. */
function measureYear(bank: Bank, person: Person, add: Add): void {
  const yearAgo = bank.today - 365
  const now = person.state === 'core' || person.state === 'active'
  const used = (day: number): boolean => person.activeFrom <= day && person.activeTo > day - 90
  const wasActive = person.since <= yearAgo && !person.sporadic && used(yearAgo)
  if (now) add('active.now')
  if (wasActive) add('active.before')
  if (now && person.since > yearAgo) add('active.joined')
  if (now && person.since <= yearAgo && !wasActive) add('active.reactivated')
  if (!now && wasActive) add('active.goneQuiet')
}

const BANDS = [13, 17, 25, 35, 50, 65, 79]
export const bandOf = (age: number): number => {
  const band = BANDS.findIndex((last) => age <= last)
  return band < 0 ? BANDS.length : band
}

function measureHoldings(books: Books, add: Add): void {
  const people = new Set<Person>()
  const sole = new Set<Person>()
  const joint = new Set<Person>()
  for (const holding of books.block.holdings) {
    if (holding.closed !== 0) continue
    const closing = closingOf(books, holding, books.levels.lastClosed)
    if (holding.kind === 'current') {
      const owners = holding.owners.filter((owner) => owner.role === 'owner')
      add('accounts')
      add(owners.length > 1 ? 'accounts.joint' : 'accounts.sole')
      add('accounts.links', owners.length)
      for (const owner of owners) (owners.length > 1 ? joint : sole).add(owner.person)
      for (const owner of owners) people.add(owner.person)
      add(`product.${holding.product}`)
      earned(books, holding, feeCents(holding) * 12, add)
    } else add(`product.${holding.product}`)
    const book = bookOf(holding, closing)
    if (!book) continue
    add(`book.${book}.count`)
    add(`book.${book}.cents`, Math.abs(closing))
    earned(books, holding, (Math.abs(closing) * BOOKS[book].marginPercent) / 100, add, 'interest')
  }
  add('accounts.people', people.size)
  for (const person of sole) if (joint.has(person)) add('accounts.both')
  for (const holding of books.block.holdings) if (holding.closed === 0) otherFees(books, holding, add)
}

/** The book a holding stands in; a current account in debit stands in the overdrafts. */
export function bookOf(holding: Holding, closing: number): keyof typeof BOOKS | undefined {
  switch (holding.kind) {
    case 'current':
      return closing < 0 ? 'overdraft' : 'currentAccounts'
    case 'saver':
      return 'easySaver'
    case 'goal':
      return 'goalSaver'
    case 'term':
      return 'fixedTerm'
    case 'mortgage':
      return 'mortgage'
    case 'loan':
      return holding.product === 'green_home_loan' ? 'greenHomeLoan' : 'personalLoan'
    case 'card':
      return holding.revolving ? 'cardRevolving' : undefined
    default:
      return undefined
  }
}

/** Books income under its owners' use of the bank, by their shares: a joint account once, half and half. */
function earned(_books: Books, holding: Holding, cents: number, add: Add, kind: 'interest' | 'fees' = 'fees'): void {
  add(`result.${kind}`, cents)
  if (kind === 'fees' && holding.kind === 'current') add('result.accountFees', cents)
  for (const owner of holding.owners) add(`income.${owner.person.state}`, (cents * owner.shareBp) / 10_000)
}

function otherFees(books: Books, holding: Holding, add: Add): void {
  if (holding.kind === 'card' && holding.paysFee) earned(books, holding, CARDS.yearlyFeeEuro * 100, add)
  if (holding.kind === 'fund') {
    // 78 plans and 14 portfolios bring 13,000 a year per thousand persons; a portfolio about nine times a plan.
    const plan = (FUNDS.yearlyFeeEuro * 100) / (FUNDS.plans + 9 * FUNDS.advised)
    earned(books, holding, holding.product === 'advised_portfolio' ? plan * 9 : plan, add)
  }
  if (holding.kind === 'insurance') {
    earned(
      books,
      holding,
      (INSURANCE.yearlyCommissionEuro * 100) / (INSURANCE.home + INSURANCE.life + INSURANCE.trip),
      add,
    )
  }
}

const list = entries()
const KINDS: Record<string, string> = {
  card: 'card',
  transfer: 'transfer',
  saving: 'transfer',
  investment: 'transfer',
  debit: 'debit',
  loan: 'debit',
  cash: 'cash',
  salary: 'income',
  pension: 'income',
  benefit: 'income',
}

/** A year of transactions is twelve times one month of each quarter: four months are looked at. */
function measureRhythm(books: Books, add: Add): void {
  const last = books.levels.lastClosed
  for (const month of [last, last - 3, last - 6, last - 9]) {
    for (const holding of books.block.holdings) {
      if (holding.kind !== 'current' && holding.kind !== 'card') continue
      fillMonth(books, holding, month, list)
      for (let at = 0; at < list.count; at++) {
        const label = LABELS[list.label[at]!]!
        // Settling a card is a leg between two accounts of the bank: counted once, on the current account.
        if (holding.kind === 'card' && label.kind !== 'card') continue
        const kind = KINDS[label.kind]
        if (!kind || list.reverses[at]! >= 0) continue
        add(`rhythm.${kind}`)
        if (kind === 'card') add('rhythm.cardCents', -list.cents[at]!)
      }
    }
  }
  for (const person of books.block.persons) {
    add('rhythm.persons')
    if (person.state === 'core' || person.state === 'active') add('rhythm.active')
    if (person.income.kind === 'salary' && person.state === 'core')
      add(`salary.${Math.min(999, Math.floor(person.income.cents / 1000))}`)
  }
}

/** Interchange, foreign exchange and other income, credit losses and servicing, shared by what causes them. */
export function settleResult(measures: Measures): void {
  const of = (name: string): number => measures.get(name) ?? 0
  const persons = of('persons')
  const interchange = ((of('rhythm.cardCents') * 3 * persons) / Math.max(1, of('rhythm.persons'))) * RESULT.interchange
  measures.set('result.interchange', interchange)
  const other = RESULT.foreignExchangeAndOther * persons * 100
  measures.set('result.fees', of('result.fees') + interchange + other)
  // Losses follow unsecured lending; servicing follows use.
  const unsecured = of('book.personalLoan.cents') + of('book.overdraft.cents') + of('book.cardRevolving.cents')
  const losses = unsecured * (RESULT.creditLosses / 963)
  measures.set('result.losses', losses)
  const servicing = { core: 12_400, active: 7200, quiet: 4400, dormant: 2000 } as const
  const active = of('state.core') + of('state.active')
  const bought = { core: 0.84, active: 0.16, quiet: 0, dormant: 0 } as const
  let total = 0
  for (const state of ['core', 'active', 'quiet', 'dormant'] as const) {
    const served = of(`state.${state}`) * servicing[state]
    total += served
    const income = of(`income.${state}`)
    const share =
      income / Math.max(1, of('income.core') + of('income.active') + of('income.quiet') + of('income.dormant'))
    const cards = (interchange + other) * bought[state]
    measures.set(`contribution.${state}`, income + cards - losses * share - served)
  }
  measures.set('result.servicing', total)
  measures.set('active', active)
}
