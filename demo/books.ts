import { blockOf } from './block.ts'
import { fillCurrent } from './current.ts'
import { monthOf } from './days.ts'
import { type Entries, entries, sumOf } from './entries.ts'
import { type Household, householdsOf } from './habits.ts'
import { fillBusiness, fillCard, fillLoan, fillSaver } from './ledgers.ts'
import { type Levels, levelsOf, type Savings, savingsOf } from './levels.ts'
import type { Bank, Block, Holding, Person } from './model.ts'
import { mix } from './random.ts'
import { showcaseOf } from './showcase.ts'

/** The books of some customers: everything needed to write any month of any of their holdings. */
export interface Books {
  readonly bank: Bank
  readonly levels: Levels
  readonly block: Block
  readonly homes: ReadonlyMap<Holding, Household>
  readonly savings: ReadonlyMap<Holding, Savings>
  readonly users: ReadonlyMap<Holding, readonly Person[]>
}

/** The first month of which the bank keeps transactions. */
export const firstMonth = (bank: Bank): number => monthOf(bank.today) - bank.years * 12

/** The month that the business date falls in; entries after that date are not written. */
export const lastMonth = (bank: Bank): number => monthOf(bank.today - 1)

/** How many of a block's thousand belong to a bank of this size, the people to show counted first. */
export function blocksOf(size: number, shown: number): { full: number; rest: number } {
  const made = size - shown
  return { full: Math.floor(made / 1000), rest: made % 1000 }
}

/** The books of a block, or of the first `persons` of it by household, for a bank whose size is no whole thousand. */
export function booksOf(bank: Bank, index: number, persons = 1000): Books {
  const block = blockOf(bank, index)
  return persons < 1000
    ? openBooks(bank, ...trimmed(bank, block, block.accounts.users, persons))
    : openBooks(bank, block, block.accounts.users)
}

/** The books of the people to show. */
export function showcaseBooks(bank: Bank): Books {
  const { block, users } = showcaseOf(bank)
  return openBooks(bank, block, users)
}

function openBooks(bank: Bank, block: Block, users: ReadonlyMap<Holding, Person[]>): Books {
  const levels = levelsOf(bank)
  const homes = new Map(householdsOf(bank, block.holdings, users).map((home) => [home.account, home]))
  const savings = new Map<Holding, Savings>()
  const from = firstMonth(bank)
  for (const holding of block.holdings) {
    if (holding.kind === 'saver' || holding.kind === 'goal') {
      savings.set(holding, savingsOf(bank, levels, holding, from, monthOf(bank.today) + 1))
    }
  }
  return { bank, levels, block, homes, savings, users }
}

/** Fills `to` with a holding's month and returns its opening balance; a holding without a ledger has no entries. */
export function fillMonth(books: Books, holding: Holding, month: number, to: Entries): number {
  const { bank, levels } = books
  to.count = 0
  switch (holding.kind) {
    case 'current': {
      const home = books.homes.get(holding)
      return home ? fillCurrent(bank, levels, home, month, books.savings, to) : 0
    }
    case 'saver':
    case 'goal':
      return fillSaver(holding, books.savings.get(holding)!, month, to)
    case 'loan':
    case 'mortgage':
      return fillLoan(holding, month, to)
    case 'card':
      return fillCard(bank, levels, holding, month, to)
    case 'business':
      return fillBusiness(bank, levels, holding, month, to)
    default:
      return holding.levelCents
  }
}

const scratch = entries()

/** What a holding stands at on the business date, in cents: the same figure that its last transaction shows. */
export function balanceOn(books: Books, holding: Holding): number {
  if (holding.closed !== 0 && holding.closed <= books.bank.today - 1) return 0
  const month = lastMonth(books.bank)
  const opening = fillMonth(books, holding, month, scratch)
  let balance = opening
  for (let at = 0; at < scratch.count; at++) if (scratch.day[at]! < books.bank.today) balance += scratch.cents[at]!
  return balance
}

/** What a holding stands at when a month closes, in cents. */
export const closingOf = (books: Books, holding: Holding, month: number): number =>
  fillMonth(books, holding, month, scratch) + sumOf(scratch)

/** Whole households, in an order of their own, until the number of persons is reached; and what is theirs. */
function trimmed(
  bank: Bank,
  block: Block,
  users: ReadonlyMap<Holding, Person[]>,
  persons: number,
): [Block, Map<Holding, Person[]>] {
  const rank = (person: Person): number => mix(bank.seed, person.household, 17)
  const kept = new Set([...block.persons].sort((a, b) => rank(a) - rank(b) || a.slot - b.slot).slice(0, persons))
  const former = block.former.filter((person) => mix(bank.seed, block.index, person.slot, 18) % 1000 < persons)
  for (const person of former) kept.add(person)
  const holdings = block.holdings.filter((holding) => kept.has(holding.owners[0]!.person))
  const held = new Set(holdings)
  for (const holding of holdings) {
    dropOwners(holding, kept)
    if (holding.paidFrom && !held.has(holding.paidFrom)) holding.paidFrom = undefined
  }
  const using = new Map(
    holdings
      .filter((one) => one.kind === 'current')
      .map((one) => [one, (users.get(one) ?? []).filter((person) => kept.has(person))]),
  )
  for (const person of kept) {
    if (person.partner && !kept.has(person.partner)) person.partner = undefined
    person.guardians = person.guardians.filter((guardian) => kept.has(guardian))
  }
  const businesses = block.businesses.filter((business) => kept.has(business.owner))
  return [
    { ...block, persons: block.persons.filter((person) => kept.has(person)), former, holdings, businesses },
    using,
  ]
}

/** A joint owner who does not belong to this bank leaves the account to the other, whole and alone. */
function dropOwners(holding: Holding, kept: ReadonlySet<Person>): void {
  const before = holding.owners.filter((owner) => owner.role === 'owner').length
  holding.owners = holding.owners.filter((owner) => kept.has(owner.person))
  const owners = holding.owners.filter((owner) => owner.role === 'owner')
  if (owners.length === before || owners.length !== 1) return
  owners[0]!.shareBp = 10_000
  owners[0]!.authority = 'sole'
}
