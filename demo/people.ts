import { AGES, BRANCHES, CONSENTS, HOUSEHOLDS, YEAR } from './bank.ts'
import { ageOn } from './days.ts'
import type { Bank, ConsentAnswer, Person } from './model.ts'
import { addressOf, FAMILIES, MEN, STREETS, TOWNS, WOMEN } from './names.ts'
import {
  type Chance,
  chance,
  choose,
  cumulative,
  happens,
  normal,
  oneOf,
  place,
  shuffled,
  uniform,
  whole,
} from './random.ts'

const SLOTS = 1104
const townWeights = cumulative(TOWNS.map((town) => town.weight))

/** The external id of the person in this place: the same in a bank of any size. */
export const externalIdOf = (block: number, slot: number): string => `P${10_000_000 + block * SLOTS + slot}`

/** A thousand living customers in 620 households, and the 104 who left in two years. */
export function peopleOf(bank: Bank, block: number): { persons: Person[]; former: Person[] } {
  const from = chance(bank.seed, block, 1)
  const persons: Person[] = []
  for (const band of AGES) {
    for (let i = 0; i < band.persons; i++) {
      persons.push(personOf(bank, block, persons.length, whole(from, band.from, band.to)))
    }
  }
  const ages = shuffled(from, persons)
  house(from, ages, block)
  joining(from, persons, bank)
  consenting(from, persons, bank)
  return { persons, former: leavers(from, persons, bank, block) }
}

export function personOf(bank: Bank, block: number, slot: number, age: number): Person {
  const from = chance(bank.seed, block, 2, slot)
  const sex = happens(from, 0.51) ? 'f' : 'm'
  const born = bank.today - Math.floor((age + 0.01 + 0.97 * uniform(from)) * 365.2425)
  const town = place(from, townWeights)
  const language = happens(from, 0.72) ? 'de' : 'en'
  return {
    externalId: externalIdOf(block, slot),
    block,
    slot,
    household: 0,
    born,
    age: ageOn(born, bank.today),
    sex,
    given: oneOf(from, sex === 'f' ? WOMEN : MEN),
    family: oneOf(from, FAMILIES),
    language,
    town,
    street: `${oneOf(from, STREETS).replaceAll('_', ' ')} ${whole(from, 1, 120)}`,
    branch: branchIn(from, town),
    email: '',
    phone: '',
    since: 0,
    left: 0,
    leaving: '',
    state: 'active',
    activeFrom: 0,
    activeTo: Number.MAX_SAFE_INTEGER,
    sporadic: false,
    place: 'single',
    partner: undefined,
    guardians: [],
    income: { kind: 'none', cents: 0, employer: 0, payday: 27 },
    spending: uniform(from),
    life: [],
    consents: [],
    standings: [],
  }
}

/** Branches 1..120, each in one town, by the towns' weights. */
function branchIn(from: Chance, town: number): number {
  const first = Math.round(((townWeights[town - 1] ?? 0) / 100) * BRANCHES)
  const last = Math.round((townWeights[town]! / 100) * BRANCHES)
  return whole(from, first + 1, last)
}

function house(from: Chance, persons: Person[], block: number): void {
  const adults = persons.filter((person) => person.age >= 18)
  const grown = new Set([
    ...choose(from, adults, 60, (person) => (person.age <= 25 ? 1 : 0)),
    ...choose(from, adults, HOUSEHOLDS.grownChildren - 60, (person) => (person.age > 25 && person.age <= 32 ? 1 : 0)),
  ])
  const free = adults.filter((person) => !grown.has(person))
  const paired = choose(from, free, HOUSEHOLDS.couples * 2, pairing)
  const order = paired.map((person) => ({ person, at: person.age + 2 * normal(from) })).sort((a, b) => a.at - b.at)
  let household = block * (HOUSEHOLDS.couples + HOUSEHOLDS.singles + 110)
  const homes: Person[][] = []
  for (let i = 0; i < order.length; i += 2) {
    const one = order[i]!.person
    const other = order[i + 1]!.person
    marry(from, one, other)
    homes.push([one, other])
  }
  const taken = new Set(paired)
  for (const person of free) if (!taken.has(person)) homes.push([person])
  for (const home of homes) {
    household++
    for (const person of home) person.household = household
  }
  for (const child of persons.filter((person) => person.age < 18)) raise(from, child, homes, 'child')
  for (const child of grown) raise(from, child, homes, 'grown')
  for (const person of persons) contact(from, person)
}

function pairing(person: Person): number {
  if (person.age < 24) return 0.12
  if (person.age < 36) return 0.9
  if (person.age < 80) return 1.3
  return 0.6
}

function marry(from: Chance, one: Person, other: Person): void {
  const alike = happens(from, 0.05)
  if (one.sex === other.sex && !alike) {
    other.sex = one.sex === 'f' ? 'm' : 'f'
    other.given = oneOf(from, other.sex === 'f' ? WOMEN : MEN)
  }
  one.partner = other
  other.partner = one
  one.place = 'couple'
  other.place = 'couple'
  if (happens(from, 0.65)) other.family = one.family
  moveIn(other, one)
}

function moveIn(person: Person, host: Person): void {
  person.household = host.household
  person.town = host.town
  person.street = host.street
  person.branch = host.branch
  person.language = host.language
}

/** Gives a child the home it most likely has: parents 20 to 42 years older, brothers and sisters welcome. */
function raise(from: Chance, child: Person, homes: Person[][], role: 'child' | 'grown'): void {
  const weigh = (home: Person[]): number => {
    const gap =
      Math.min(...home.filter((one) => one.place !== 'child' && one.place !== 'grown').map((one) => one.age)) -
      child.age
    if (gap < 19 || gap > 44) return 0
    const siblings = home.length - (home[0]!.partner ? 2 : 1)
    if (siblings >= 3) return 0.05
    return (home[0]!.partner ? 1 : 0.1) * (siblings > 0 ? 5 : 1)
  }
  const home = choose(from, homes, 1, weigh)[0] ?? homes[0]!
  const host = home[0]!
  child.place = role
  if (role === 'child') child.guardians = host.partner ? [host, host.partner] : [host]
  child.family = host.family
  moveIn(child, host)
  home.push(child)
}

function contact(from: Chance, person: Person): void {
  const number = (person.block * SLOTS + person.slot) % 1_000_000
  const reach = person.age < 12 ? 0 : person.age < 66 ? 0.96 : 0.7
  // Older couples often share one address: an objection by address must bind both.
  const shared = person.partner && person.age > 60 && happens(from, 0.25) ? person.partner.email : ''
  person.email = happens(from, reach) ? shared || addressOf(person.given, person.family, number) : ''
  person.phone = happens(from, reach) ? `+4915${String(10_000_000 + person.block * SLOTS + person.slot)}` : ''
}

/** When each became a customer: 62 in the last year, 60 in the year before, the rest over their adult lives. */
function joining(from: Chance, persons: Person[], bank: Bank): void {
  const young = (person: Person): number =>
    person.age < 18 ? 0.8 : person.age < 36 ? 2.2 : person.age < 66 ? 0.7 : 0.25
  // A small child cannot have been a customer for longer than it has lived.
  const within =
    (days: number) =>
    (person: Person): number =>
      bank.today - person.born < days ? 1e6 : young(person)
  const lastYear = choose(from, persons, YEAR.persons.joined, within(430))
  const known = new Set(lastYear)
  const others = persons.filter((person) => !known.has(person))
  const yearBefore = choose(from, others, 60, within(800))
  for (const person of lastYear) person.since = Math.max(bank.today - whole(from, 1, 364), person.born + 30)
  for (const person of yearBefore) person.since = Math.max(bank.today - whole(from, 366, 729), person.born + 30)
  for (const person of yearBefore) known.add(person)
  for (const person of persons) {
    if (known.has(person)) continue
    const longest = Math.min(bank.today - person.born - 60, 40 * 365)
    person.since = bank.today - Math.max(731, Math.floor(longest * uniform(from) ** 1.4))
  }
}

function consenting(from: Chance, persons: Person[], bank: Bank): void {
  const adults = persons.filter((person) => person.age >= 18)
  for (const [name, percent] of Object.entries(CONSENTS)) {
    const asked = name === 'post' ? adults : adults.filter((person) => name !== 'email' || person.email !== '')
    const yes = new Set(
      choose(from, asked, Math.round((adults.length * percent) / 100), (person) => willing(person, name)),
    )
    for (const person of adults) person.consents.push(answerOf(from, person, name, yes.has(person), bank))
  }
  for (const person of choose(from, adults, 14, () => 1)) {
    person.consents.push({
      purpose: 'profiling',
      channel: 'all',
      given: false,
      day: dayAfter(from, person.since, bank),
    })
  }
}

function willing(person: Person, name: string): number {
  if (name === 'push' || name === 'payment_data') return person.age < 66 ? 1.4 : 0.4
  return name === 'call' && person.age > 60 ? 1.5 : 1
}

function answerOf(from: Chance, person: Person, name: string, given: boolean, bank: Bank): ConsentAnswer {
  const day = dayAfter(from, person.since, bank)
  if (name === 'payment_data') return { purpose: 'payment_data', channel: 'all', given, day }
  return { purpose: 'marketing', channel: name, given, day }
}

const dayAfter = (from: Chance, since: number, bank: Bank): number =>
  since + Math.floor(uniform(from) * Math.max(0, Math.min(bank.today - 1 - since, 1400)))

/** Those who left: 44 closed and 8 died in each of the two years; most of the dead leave a partner who stays. */
function leavers(from: Chance, persons: Person[], bank: Bank, block: number): Person[] {
  const former: Person[] = []
  const widowed = choose(from, persons, 12, (person) => (person.place === 'single' && person.age > 60 ? 1 : 0))
  for (let year = 0; year < 2; year++) {
    for (let i = 0; i < YEAR.persons.closed + YEAR.persons.deceased; i++) {
      const died = i >= YEAR.persons.closed
      const mourner =
        died && i < YEAR.persons.closed + 6 - year ? widowed[year * 6 + i - YEAR.persons.closed] : undefined
      const age = mourner
        ? Math.min(96, mourner.age + whole(from, -2, 6))
        : died
          ? whole(from, 55, 95)
          : whole(from, 24, 70)
      const person = personOf(bank, block, 1000 + former.length, age)
      if (mourner) {
        moveIn(person, mourner)
        person.family = mourner.family
      } else person.household = block * 730 + 621 + former.length
      contact(from, person)
      person.state = 'former'
      person.leaving = died ? 'deceased' : 'closed'
      person.left = bank.today - whole(from, 2 + year * 365, 363 + year * 365)
      const longest = person.left - person.born - 18 * 365
      person.since = person.left - Math.max(Math.min(800, longest), Math.floor(longest * uniform(from) * 0.7))
      const users = died ? YEAR.active.deceased : YEAR.active.closed
      const used = died ? i - YEAR.persons.closed < users : i < users
      person.activeTo = used ? person.left - 1 : person.since
      if (died) person.standings.push({ standing: 'deceased_notified', from: person.left, to: 0 })
      if (died && mourner) {
        mourner.life.push({ kind: 'partner_dies', day: person.left, size: 0, until: person.left })
        if (bank.today - person.left < 180) mourner.standings.push({ standing: 'bereaved', from: person.left, to: 0 })
      }
      former.push(person)
    }
  }
  return former
}
