import { ACCOUNTS, BOOKS, PRICES, SALARY, STATES, YEAR } from './bank.ts'
import type { Bank, Holding, Kind, Owner, Person } from './model.ts'
import { EMPLOYERS } from './names.ts'
import { type Chance, chance, choose, happens, normal, oneOf, shuffled, spread, uniform, whole } from './random.ts'

/** Numbers holdings of one block; the same holding has the same number in a bank of any size. */
export interface Register {
  readonly holdings: Holding[]
  readonly first: number
}

export const registerOf = (block: number): Register => ({ holdings: [], first: 100_000_000 + block * 6000 })

/** Opens a holding; what a kind does not have stays at 0. */
export function open(register: Register, kind: Kind, product: string, owners: Owner[], opened: number): Holding {
  const holding: Holding = {
    number: register.first + register.holdings.length,
    kind,
    product,
    owners,
    business: '',
    opened,
    closed: 0,
    levelCents: 0,
    limitCents: 0,
    rateBp: 0,
    termMonths: 0,
    instalmentCents: 0,
    matures: 0,
    arrearsSince: 0,
    monthlyCents: 0,
    paidFrom: undefined,
    revolving: false,
    paysFee: false,
    activated: true,
  }
  register.holdings.push(holding)
  return holding
}

export const soleOwner = (person: Person, from: number): Owner[] => [
  { person, role: 'owner', authority: 'sole', shareBp: 10_000, from, to: 0 },
]

/** Who uses which current account, and as whose main account. */
export interface Accounts {
  readonly main: Map<Person, Holding>
  readonly users: Map<Holding, Person[]>
}

export function openAccounts(
  bank: Bank,
  block: number,
  persons: Person[],
  former: Person[],
  register: Register,
): Accounts {
  const from = chance(bank.seed, block, 3)
  const main = new Map<Person, Holding>()
  const couples = persons.filter((one) => one.partner && one.slot < one.partner.slot)
  const joint = choose(from, couples, ACCOUNTS.joint, (one) => (one.age < 26 ? 0.4 : 1))
  const both = new Set(
    choose(from, joint, ACCOUNTS.both, () => 1).map((one) => (happens(from, 0.5) ? one : one.partner!)),
  )
  joint.forEach((one, at) => {
    openJoint(from, register, main, one, at < 10 ? 'both' : 'either')
  })
  for (const person of both)
    main.set(person, open(register, 'current', 'everyday_account', soleOwner(person, person.since), person.since))
  const recent = (one: Person): boolean => bank.today - one.since < 365
  openYouth(from, persons, recent, register, main)
  const rest = persons.filter((person) => person.age >= 18 && !main.has(person))
  for (const person of choose(from, rest, ACCOUNTS.sole - ACCOUNTS.both - ACCOUNTS.youth, (one) =>
    recent(one) ? 1e6 : 1,
  )) {
    main.set(person, open(register, 'current', 'everyday_account', soleOwner(person, person.since), person.since))
  }
  for (const person of former) {
    const account = open(register, 'current', 'everyday_account', soleOwner(person, person.since), person.since)
    account.closed = person.left
    main.set(person, account)
  }
  assignUse(from, bank, persons, main)
  const users = new Map<Holding, Person[]>()
  for (const [person, account] of main) users.set(account, [...(users.get(account) ?? []), person])
  return { main, users }
}

function openJoint(
  from: Chance,
  register: Register,
  main: Map<Person, Holding>,
  one: Person,
  authority: 'both' | 'either',
): void {
  const other = one.partner!
  const opened = Math.max(one.since, other.since) + whole(from, 0, 20)
  const owner = (person: Person): Owner => ({ person, role: 'owner', authority, shareBp: 5000, from: opened, to: 0 })
  const account = open(register, 'current', 'everyday_account', [owner(one), owner(other)], opened)
  main.set(one, account)
  main.set(other, account)
}

function openYouth(
  from: Chance,
  persons: Person[],
  recent: (one: Person) => boolean,
  register: Register,
  main: Map<Person, Holding>,
): void {
  const children = persons.filter((person) => person.age < 18)
  for (const child of choose(from, children, ACCOUNTS.youth, (one) =>
    one.age >= 14 || recent(one) ? 1000 : one.age + 0.5,
  )) {
    const account = open(register, 'current', 'youth_account', soleOwner(child, child.since), child.since)
    for (const person of child.guardians) {
      account.owners.push({ person, role: 'guardian', authority: 'either', shareBp: 0, from: child.since, to: 0 })
    }
    main.set(child, account)
  }
}

/** Core, other active, quiet and dormant; and from when to when each used the bank, so that the year's flow adds up. */
function assignUse(from: Chance, bank: Bank, persons: Person[], main: Map<Person, Holding>): void {
  const settled = persons.filter((person) => bank.today - person.since > 730)
  const fresh = persons.filter((person) => bank.today - person.since < 365)
  for (const person of persons) person.state = 'dormant'
  // Somebody new is nearly always active; those few who never took it up joined more than 90 days ago.
  const idle = new Set(choose(from, fresh, YEAR.persons.joined - YEAR.active.joined, (one) => idling(one, bank, main)))
  const used = persons.filter((person) => main.has(person) && !idle.has(person))
  const newcomers = new Set(fresh)
  const core = choose(from, used, STATES.core, (one) => coreWeight(one, newcomers.has(one)))
  for (const person of core) person.state = 'core'
  const others = used.filter((person) => person.state !== 'core')
  for (const person of choose(from, others, STATES.active, (one) => activeWeight(one, newcomers.has(one))))
    person.state = 'active'
  for (const person of persons) person.activeFrom = person.since
  for (const person of idle) {
    person.state = 'quiet'
    person.activeTo = Math.min(person.since + 20, bank.today - 91)
  }
  const isActive = (one: Person): boolean => one.state === 'core' || one.state === 'active'
  for (const one of choose(from, settled.filter(isActive), YEAR.active.reactivated, () => 1)) {
    one.activeFrom = bank.today - whole(from, 5, 364)
  }
  const asleep = persons.filter((person) => person.state === 'dormant')
  const gone = choose(from, asleep, YEAR.active.goneQuiet, (one) =>
    main.has(one) && bank.today - one.since > 730 ? 1 : 0,
  )
  for (const person of gone) {
    person.state = 'quiet'
    person.activeTo = bank.today - whole(from, 96, 330)
  }
  const left = asleep.filter((person) => person.state === 'dormant')
  const quiet = STATES.quiet - idle.size - gone.length
  for (const person of choose(from, left, quiet, (one) => (main.has(one) ? 100 : 1))) {
    person.state = 'quiet'
    person.sporadic = true
    person.activeTo = bank.today - whole(from, 96, 330)
  }
  for (const person of left) if (person.state === 'dormant') person.activeTo = bank.today - whole(from, 470, 900)
}

function idling(one: Person, bank: Bank, main: Map<Person, Holding>): number {
  if (one.age < 7) return 1e6
  return bank.today - one.since > 110 && main.has(one) ? 1 : 0
}

function coreWeight(one: Person, fresh: boolean): number {
  if (one.age < 18) return 0
  const byAge = one.age < 22 ? 0.5 : one.age < 66 ? 1.2 : one.age < 80 ? 0.9 : 0.4
  return fresh ? byAge * 0.9 : byAge
}

function activeWeight(one: Person, fresh: boolean): number {
  if (fresh) return 1e6
  if (one.age < 10) return 0.1
  return one.age < 80 ? 1 : 0.5
}

/** Pay, pensions and student money: salaries log-normal around their median; core users are paid here, others rarely. */
export function payPeople(bank: Bank, block: number, persons: readonly Person[]): void {
  const from = chance(bank.seed, block, 4)
  for (const person of persons) {
    const working = person.age >= 19 && person.age <= 65
    const payday = oneOf(from, [25, 25, 26, 27, 27, 28, 28, 30, 31, 31, 1, 1, 2, 3])
    const employer = whole(from, 0, EMPLOYERS.length - 1)
    if (person.state === 'core') {
      const paidHere = happens(from, 0.92)
      if (!paidHere) person.income = { kind: 'none', cents: 0, employer, payday }
      else if (working) person.income = { kind: 'salary', cents: salaryOf(from, person.age), employer, payday }
      else if (person.age > 65) {
        person.income = {
          kind: 'pension',
          cents: Math.round(100 * Math.max(720, 1500 + 420 * normal(from))),
          employer,
          payday: 1,
        }
      } else person.income = { kind: 'salary', cents: whole(from, 70_500, 110_000), employer, payday }
    } else if (person.age < 18) {
      person.income = { kind: 'none', cents: 0, employer, payday }
    } else if (happens(from, person.state === 'active' ? 0.36 : 0.1)) {
      person.income = {
        kind: person.age < 28 ? 'student' : 'salary',
        cents: whole(from, 22_000, 66_000),
        employer,
        payday,
      }
    }
  }
}

const salaryOf = (from: Chance, age: number): number => {
  const seniority = age < 26 ? -0.18 : age < 36 ? -0.03 : 0.05
  return Math.round(100 * Math.max(705, SALARY.median * Math.exp(seniority + SALARY.sigma * normal(from))))
}

/** Plus and Premier for those whom they suit; overdraft limits; the balances of the month's end. */
export function fillAccounts(bank: Bank, block: number, accounts: Accounts, register: Register): void {
  const from = chance(bank.seed, block, 5)
  const live = register.holdings.filter((one) => one.kind === 'current' && one.closed === 0)
  const adult = live.filter((one) => one.product !== 'youth_account')
  const income = (one: Holding): number =>
    (accounts.users.get(one) ?? []).reduce((sum, person) => sum + person.income.cents, 0)
  const premier = choose(from, adult, ACCOUNTS.premier, (one) => (income(one) / 250_000) ** 4 + 0.01)
  for (const one of premier) one.product = 'premier_account'
  const plain = adult.filter((one) => one.product === 'everyday_account')
  for (const one of choose(from, plain, ACCOUNTS.plus, (one) => 0.3 + income(one) / 200_000))
    one.product = 'plus_account'
  payFees(from, adult, accounts, income)
  for (const one of adult)
    if (happens(from, 0.36)) one.limitCents = oneOf(from, [50_000, 100_000, 150_000, 200_000, 300_000])
  const overdrawn = choose(from, adult, BOOKS.overdraft.count, (one) => overdrawing(one, accounts, income(one)))
  const debts = spread(from, overdrawn.length, BOOKS.overdraft.mean, BOOKS.overdraft.sigma)
  overdrawn.forEach((one, at) => {
    one.levelCents = -Math.round(100 * Math.min(debts[at]!, 3900))
    one.limitCents = Math.ceil((-one.levelCents * 1.15) / 50_000) * 50_000 + 50_000
  })
  settleLevels(
    from,
    live.filter((one) => one.levelCents === 0),
    accounts,
    income,
  )
}

/** Everyday is free with €700 coming in, or under 28: three in ten pay, nearly all of them without such an income. */
function payFees(from: Chance, adult: Holding[], accounts: Accounts, income: (one: Holding) => number): void {
  const everyday = adult.filter((one) => one.product === 'everyday_account')
  const pays = (one: Holding): number => {
    const young = (accounts.users.get(one) ?? []).some((user) => user.age < 28)
    return income(one) < 70_000 && !young ? 1 : 0.0001
  }
  const count = Math.round((everyday.length * PRICES.everydayPayingPercent) / 100)
  for (const one of choose(from, everyday, count, pays)) one.paysFee = true
}

function overdrawing(one: Holding, accounts: Accounts, incomeCents: number): number {
  const users = accounts.users.get(one) ?? []
  if (!users.some((person) => person.state === 'core' || person.state === 'active')) return 0
  return one.product === 'premier_account' ? 0.1 : incomeCents > 0 ? 150_000 / (incomeCents + 80_000) : 0.3
}

/** Month-end balances: most of a month's pay, and a cushion; the cushions are scaled so that the book has its mean. */
function settleLevels(from: Chance, live: Holding[], accounts: Accounts, income: (one: Holding) => number): void {
  const floors = live.map((one) => floorOf(one, accounts, income(one)))
  const total = BOOKS.currentAccounts.count * BOOKS.currentAccounts.mean * 100
  const cushion = (total - floors.reduce((sum, floor) => sum + floor, 0)) / live.length
  const cushions = spread(from, live.length, cushion, BOOKS.currentAccounts.sigma)
  const ranked = live.map((one, at) => ({ one, at, rank: wealth(one, accounts, income(one)) + 0.9 * normal(from) }))
  ranked.sort((a, b) => b.rank - a.rank)
  cushions.sort((a, b) => b - a)
  ranked.forEach(({ one, at }, place) => {
    one.levelCents = Math.round(floors[at]! + cushions[place]!)
  })
}

const floorOf = (one: Holding, accounts: Accounts, incomeCents: number): number => {
  const spending = (accounts.users.get(one) ?? []).reduce(
    (sum, user) => sum + (user.state === 'core' ? 40_000 : 8000),
    0,
  )
  return Math.round(0.55 * incomeCents + spending)
}

const wealth = (one: Holding, accounts: Accounts, incomeCents: number): number => {
  const users = accounts.users.get(one) ?? []
  const asleep = users.every((user) => user.state === 'quiet' || user.state === 'dormant')
  const age = Math.max(0, ...users.map((user) => user.age))
  return incomeCents / 250_000 + age / 60 - (asleep ? 1.5 : 0) - (one.product === 'youth_account' ? 2.5 : 0)
}

/** `amounts` (largest first) to `items` by rank with some noise: the better-off tend to hold more. */
export function byRank<T>(
  from: Chance,
  items: readonly T[],
  amounts: number[],
  rank: (one: T) => number,
  noise: number,
): Map<T, number> {
  const order = shuffled(from, items).map((one) => ({ one, rank: rank(one) + noise * normal(from) }))
  order.sort((a, b) => b.rank - a.rank)
  const sorted = [...amounts].sort((a, b) => b - a)
  return new Map(order.map(({ one }, at) => [one, sorted[at]!]))
}

/** A day between two, later days somewhat more likely. */
export const dayBetween = (from: Chance, low: number, high: number): number =>
  Math.round(low + Math.max(0, high - low) * uniform(from) ** 0.8)
