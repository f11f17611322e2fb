import { DECOYS, type DecoyKind, EVENTS, type LifeEventKind } from './bank.ts'
import type { Bank, LifeEvent, Person } from './model.ts'
import { type Chance, chance, choose, happens, uniform, whole } from './random.ts'

type Anything = LifeEventKind | DecoyKind

/**
 * What happens to the people of a block in the two years, at the yearly rates of the bank's sketch: each year an exact
 * number of each event (fractions by chance), given to those to whom it can happen. Decoys are made the same way.
 */
export function liveLives(bank: Bank, block: number, persons: readonly Person[]): void {
  const adults = persons.filter((person) => person.age >= 18)
  const rates = Object.entries({ ...EVENTS, ...DECOYS }) as [Anything, number][]
  rates.forEach(([kind, rate], at) => {
    // Partners who die are customers who left: `people.ts` has made both.
    if (kind === 'partner_dies') return
    const from = chance(bank.seed, block, 6, at)
    for (let year = 0; year < bank.years; year++) {
      const expected = (rate * adults.length) / 1000
      const count = Math.floor(expected + uniform(from))
      for (const person of takers(from, adults, kind, count)) person.life.push(eventOf(from, bank, person, kind, year))
    }
  })
  for (const person of persons) {
    person.life.sort((a, b) => a.day - b.day)
    afterwards(person, bank)
  }
}

function takers(from: Chance, adults: readonly Person[], kind: Anything, count: number): Person[] {
  if (kind !== 'trip_booked') return choose(from, adults, count, (person) => likely(person, kind))
  // Some travel twice a year or more.
  const first = Math.ceil(count * 0.6)
  return [
    ...choose(from, adults, first, (person) => likely(person, kind)),
    ...choose(from, adults, count - first, (person) => likely(person, kind)),
  ]
}

const paid = (person: Person): number => (person.income.kind === 'salary' && person.state === 'core' ? 1 : 0.02)
const between = (person: Person, low: number, high: number): number => (person.age >= low && person.age <= high ? 1 : 0)

/** How likely it is to happen to this person, relative to the others; 0 when it cannot. */
function likely(person: Person, kind: Anything): number {
  switch (kind) {
    case 'pay_rise':
    case 'new_employer':
    case 'pay_stops':
    case 'bonus':
    case 'thirteenth_salary':
      return paid(person) * (between(person, 19, 64) + 0.001)
    case 'parental_leave':
      return paid(person) * between(person, 24, 42)
    case 'retirement':
      return between(person, 60, 68)
    case 'moved':
      return person.age < 36 ? 3 : person.age < 60 ? 1 : 0.3
    case 'home_bought':
      return between(person, 27, 55)
    case 'marriage':
      return person.partner ? between(person, 22, 60) : 0
    case 'divorce':
      return person.partner ? 0 : between(person, 28, 65)
    case 'child_born':
      return between(person, 22, 43)
    case 'child_leaves':
      return between(person, 44, 62)
    case 'trip_booked':
      return (person.state === 'core' ? 1.6 : 0.5) * (0.3 + person.spending) * (person.age < 76 ? 1 : 0.25)
    case 'missed_instalment':
      return person.state === 'active' && person.age < 66 ? 1 : 0
    case 'scam':
      return person.age > 60 ? 2 : 0.6
    case 'large_inflow':
      return person.age > 40 ? 1.5 : 0.4
    case 'car_bought':
    case 'complaint':
    case 'big_refund':
    case 'own_transfer_in':
      return person.state === 'core' || person.state === 'active' ? 1 : 0.05
    case 'partner_dies':
      return 0
  }
}

/** Days of the year are seasonal where people are: trips are booked April–July, moves are June–September. */
function dayIn(from: Chance, bank: Bank, person: Person, kind: Anything, year: number): number {
  const last = bank.today - 1 - year * 365
  for (let tries = 0; ; tries++) {
    const day = last - whole(from, 0, 364)
    const month = new Date(day * 86_400_000).getUTCMonth()
    const season =
      kind === 'trip_booked'
        ? month >= 3 && month <= 6
          ? 1
          : 0.55
        : kind === 'moved'
          ? month >= 5 && month <= 8
            ? 1
            : 0.5
          : 1
    if (tries > 20 || (happens(from, season) && day > person.since)) return Math.max(day, person.since)
  }
}

function eventOf(from: Chance, bank: Bank, person: Person, kind: Anything, year: number): LifeEvent {
  const day = dayIn(from, bank, person, kind, year)
  switch (kind) {
    case 'pay_rise':
      return { kind, day, size: 1.05 + 0.1 * uniform(from) ** 2, until: day }
    case 'new_employer':
      return { kind, day, size: 0.97 + 0.2 * uniform(from), until: day }
    case 'pay_stops':
      return { kind, day, size: 0, until: day + whole(from, 65, 240) }
    case 'parental_leave':
      return { kind, day, size: 0, until: day + whole(from, 240, 400) }
    case 'bonus':
      return { kind, day, size: 0.4 + 1.2 * uniform(from), until: day }
    case 'large_inflow':
      return { kind, day, size: Math.round(2_000_000 * Math.exp(1.3 * uniform(from))), until: day }
    case 'own_transfer_in':
      return { kind, day, size: whole(from, 500_000, 4_000_000), until: day }
    case 'big_refund':
      return { kind, day, size: whole(from, 30_000, 180_000), until: day }
    case 'car_bought':
      return { kind, day, size: whole(from, 300_000, 1_400_000), until: day }
    case 'trip_booked':
      return tripOf(from, day)
    case 'complaint':
      return { kind, day, size: happens(from, 0.4) ? 1 : 0, until: day + whole(from, 2, 24) }
    default:
      return { kind, day, size: 0, until: day }
  }
}

/** Flights bought 3 to 100 days before leaving, away for 4 to 16 days; `size` is the day of leaving. */
function tripOf(from: Chance, day: number): LifeEvent {
  const leaves = day + whole(from, 3, 100)
  return { kind: 'trip_booked', day, size: leaves, until: leaves + whole(from, 4, 16) }
}

/** What life leaves behind as a standing: an open complaint, an inability to pay, a worry about a payment. */
function afterwards(person: Person, bank: Bank): void {
  const yesterday = bank.today - 1
  for (const event of person.life) {
    if (event.kind === 'complaint') {
      person.standings.push({
        standing: 'complaint_open',
        from: event.day,
        to: event.until <= yesterday ? event.until : 0,
      })
    }
    if (event.kind === 'missed_instalment' && yesterday - event.day < 120) {
      person.standings.push({ standing: 'stretched', from: event.day + 5, to: 0 })
    }
  }
}

/** The share of today's pay that was paid in a month: rises and changes of employer since then taken out again. */
export function payThen(person: Person, lastDay: number): number {
  let share = 1
  for (const event of person.life) {
    if ((event.kind === 'pay_rise' || event.kind === 'new_employer') && event.day > lastDay) share /= event.size
  }
  return share
}

/** Whether pay has stopped on a day, and why; `undefined` while it is paid. */
export function payGap(person: Person, day: number): LifeEvent | undefined {
  return person.life.find(
    (event) => (event.kind === 'pay_stops' || event.kind === 'parental_leave') && event.day < day && day <= event.until,
  )
}
