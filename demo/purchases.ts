import { RHYTHM } from './bank.ts'
import { daysIn, firstOf } from './days.ts'
import { CURRENCIES, type Entries, enter, labelOf } from './entries.ts'
import type { Bank, Person } from './model.ts'
import { bits, type Chance, chance, cumulative, place, quantile, uniform, whole } from './random.ts'

/** Purchase categories in the order of their labels: how often, and their mean in euro; together about €33. */
const PURCHASES = [
  { often: 34, mean: 28 },
  { often: 16, mean: 24 },
  { often: 8, mean: 52 },
  { often: 7, mean: 55 },
  { often: 5, mean: 17 },
  { often: 12, mean: 40 },
  { often: 8, mean: 14 },
  { often: 4, mean: 75 },
  { often: 4, mean: 30 },
  { often: 2, mean: 40 },
] as const
const often = cumulative(PURCHASES.map((one) => one.often))

const SIGMA = 0.6
/** Log-normal multipliers of mean 1, one for each of 1,024 equal slices. */
const MULTIPLIERS = Float64Array.from({ length: 1024 }, (_, slice) =>
  Math.exp(SIGMA * quantile((slice + 0.5) / 1024) - (SIGMA * SIGMA) / 2),
)
/** Purchases rise before Christmas and rest in January; their mean over the year is 1. */
const SEASON = [0.9, 0.93, 0.98, 1, 1, 1.02, 1.02, 0.98, 0.98, 1, 1.07, 1.14]

const TRAVEL = labelOf('travel')
const FLIGHTS = labelOf('flights')
const HOME = labelOf('home')

/** How freely a person spends relative to the mean purchase: more with more pay, from 0.55 to 2.3. */
export function purse(person: Person): number {
  const pay = person.income.cents > 0 ? Math.sqrt(person.income.cents / 215_000) : 0.8
  const byUse = person.state === 'core' ? pay * 0.98 : 0.88
  return Math.max(0.45, Math.min(2.3, byUse * (0.75 + 0.5 * person.spending)))
}

/** How many purchases a person makes in a full month; those who are not core make fewer than ten. */
export function purchasesIn(from: Chance, person: Person): number {
  const core = person.state === 'core' || person.state === 'former'
  const mean = core ? RHYTHM.core.card : RHYTHM.active.card
  const shaped = mean * (0.55 + 0.9 * person.spending)
  const drawn = Math.round(shaped + (uniform(from) - 0.5) * Math.sqrt(shaped) * 2)
  if (core) return Math.max(person.income.kind === 'none' ? 11 : 3, drawn)
  return Math.max(2, Math.min(9, drawn))
}

/**
 * A person's card purchases booked in a month, wherever they are paid from: a stream of its own, because a card's bill
 * needs the month before again.
 */
export function buy(bank: Bank, person: Person, month: number, to: Entries): void {
  to.count = 0
  const first = firstOf(month)
  const length = daysIn(month)
  const from = chance(bank.seed, person.block, 20_000 + person.slot, month)
  if (person.sporadic) {
    for (const day of [person.activeTo, person.activeTo - 520]) {
      if (day >= first && day < first + length) enter(to, day, 720, -whole(from, 900, 4500), 0, 17)
    }
    return
  }
  const low = Math.max(0, person.activeFrom - first)
  const high = Math.min(length - 1, person.activeTo - first)
  if (low > high) return
  const share = (high - low + 1) / length
  const count = Math.max(1, Math.round(purchasesIn(from, person) * share))
  const scale = purse(person) * 100 * SEASON[month % 12]!
  for (let i = 0; i < count; i++) {
    const draw = bits(from)
    const category = place(from, often)
    const cents = Math.max(100, Math.round(PURCHASES[category]!.mean * scale * MULTIPLIERS[draw & 1023]!))
    const at = enter(
      to,
      first + low + (((draw >>> 10) & 1023) % (high - low + 1)),
      420 + (((draw >>> 20) & 1023) % 840),
      -cents,
      category,
      category * 500 + (bits(from) % 400) + 1,
    )
    const lag = draw >>> 30
    to.lag[at] = to.day[at]! - lag >= person.since ? lag : 0
  }
  travel(person, first, length, from, to)
  reverse(from, to, count, first + high)
}

/** Flights when they are booked; purchases abroad, in that country's money, while away; furniture after a move. */
function travel(person: Person, first: number, length: number, from: Chance, to: Entries): void {
  for (const event of person.life) {
    const within =
      event.day >= first && event.day < first + length && event.day <= person.activeTo && event.day >= person.activeFrom
    if (event.kind === 'moved' && within) enter(to, event.day, 660, -whole(from, 18_000, 90_000), HOME, 3777)
    if (event.kind !== 'trip_booked') continue
    if (within) enter(to, event.day, 1200, -whole(from, 9000, 42_000), FLIGHTS, 5501 + (event.size % 9))
    const currency = 1 + (event.day % (CURRENCIES.length + 3))
    for (
      let day = Math.max(event.size, first);
      day <= Math.min(event.until, first + length - 1, person.activeTo);
      day++
    ) {
      if (day < person.activeFrom || bits(from) % 5 < 2) continue
      const at = enter(to, day, 600 + (bits(from) % 600), -whole(from, 900, 7500), TRAVEL, 6001 + (bits(from) % 300))
      if (currency >= CURRENCIES.length) continue
      to.currency[at] = currency
      to.original[at] = foreign(to.cents[at]!, day, currency)
    }
  }
}

/** The amount in the other currency's minor units at the booking day's rate, which moves a little from day to day. */
function foreign(cents: number, day: number, currency: number): number {
  const { exponent, perEuro } = CURRENCIES[currency]!
  const rate = perEuro * (1 + 0.02 * Math.sin(day / 19 + currency))
  return Math.round((cents / 100) * rate * 10 ** exponent)
}

/** Three purchases in a thousand are taken back the next day: the reversal names the purchase it undoes. */
function reverse(from: Chance, to: Entries, count: number, lastDay: number): void {
  if (bits(from) % 1000 >= 3 * count) return
  const original = bits(from) % count
  const day = to.day[original]! + 1
  if (day > lastDay) return
  const at = enter(to, day, 1300, -to.cents[original]!, to.label[original]!, to.payee[original]!)
  to.reverses[at] = original
}
