import { type Accounts, fillAccounts, openAccounts, payPeople, registerOf } from './accounts.ts'
import { monthOf } from './days.ts'
import { openBusinesses, openHoldings } from './holdings.ts'
import { levelsOf, settleLoan } from './levels.ts'
import { liveLives } from './life.ts'
import type { Bank, Block, Person } from './model.ts'
import { instalmentDay } from './parts.ts'
import { peopleOf } from './people.ts'
import { chance, choose } from './random.ts'

/** One thousand customers and all that is theirs: a function of the seed, the day and the block's number alone. */
export function blockOf(bank: Bank, index: number): Block & { accounts: Accounts } {
  const { persons, former } = peopleOf(bank, index)
  const register = registerOf(index)
  const accounts = openAccounts(bank, index, persons, former, register)
  payPeople(bank, index, [...persons, ...former])
  liveLives(bank, index, persons)
  fillAccounts(bank, index, accounts, register)
  openHoldings(bank, index, persons, accounts, register)
  const businesses = openBusinesses(bank, index, persons, register)
  const levels = levelsOf(bank)
  for (const holding of register.holdings) {
    if (holding.kind !== 'loan' && holding.kind !== 'mortgage') continue
    settleLoan(levels, holding)
    if (holding.closed !== 0) holding.closed = instalmentDay(holding, monthOf(holding.opened) + holding.termMonths)
  }
  for (const person of former) accounts.main.get(person)!.levelCents = 40_000 + person.slot * 300
  stand(bank, index, persons, accounts)
  return { index, persons, former, holdings: register.holdings, businesses, accounts }
}

/** Who needs support, works here, is represented by another, or has asked for time to pay. */
function stand(bank: Bank, index: number, persons: readonly Person[], accounts: Accounts): void {
  const from = chance(bank.seed, index, 9)
  const adults = persons.filter((person) => person.age >= 18)
  const since = (person: Person): number => Math.max(person.since, bank.today - 500)
  for (const person of choose(from, adults, 28, (one) => (one.age > 66 ? 3 : 1))) {
    person.standings.push({ standing: 'support_need', from: since(person), to: 0 })
  }
  for (const person of choose(from, adults, 4, (one) => (one.age < 64 ? 1 : 0))) {
    person.standings.push({ standing: 'staff', from: since(person), to: 0 })
  }
  for (const person of choose(from, adults, 5, (one) => (one.state === 'active' && one.age < 66 ? 1 : 0))) {
    person.standings.push({ standing: 'forborne', from: bank.today - 200, to: 0 })
  }
  for (const person of choose(from, adults, 6, (one) => (one.age > 76 && accounts.main.has(one) ? 1 : 0))) {
    const helper = persons.find(
      (one) => one.age >= person.age - 45 && one.age <= person.age - 20 && one.family === person.family,
    )
    const account = accounts.main.get(person)
    if (!helper || !account || account.owners.some((owner) => owner.person === helper)) continue
    person.standings.push({ standing: 'represented', from: since(person), to: 0 })
    account.owners.push({
      person: helper,
      role: 'attorney',
      authority: 'limited',
      shareBp: 0,
      from: since(person),
      to: bank.today + 700,
    })
  }
}
