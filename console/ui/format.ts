import { language } from './words.ts'

/** How this house writes instants and money; set once, when it is known who runs it. */
interface Place {
  zone: string
  currency: string
  /** Server time minus this machine's, in milliseconds: "3 min ago" is told by the server's clock. */
  aheadMs: number
}
let place: Place = { zone: 'UTC', currency: 'EUR', aheadMs: 0 }
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

export function setPlace(next: Partial<Place>): void {
  place = { ...place, ...next }
  made.clear()
}
export const zone = (): string => place.zone
export const homeCurrency = (): string => place.currency
/** Now by the server's clock. */
export const now = (): Date => new Date(Date.now() + place.aheadMs)

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  let found = made.get(key)
  if (!found) {
    found = make()
    made.set(key, found)
  }
  return found as T
}

/** A count or measure, grouped: 12,345.6 */
export const number = (value: number, digits = 0): string =>
  once(`n${digits}`, () => new Intl.NumberFormat(language(), { maximumFractionDigits: digits })).format(value)

/** A large count in few characters: 12.3K */
export const short = (value: number): string =>
  once('short', () => new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 })).format(
    value,
  )

const shareFormat = (digits: number): Intl.NumberFormat =>
  once(
    `p${digits}`,
    () => new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: digits }),
  ) as Intl.NumberFormat

/** A share 0..1 as a percentage. One too small to be written is not nothing: "<0.1%". */
export function percent(share: number, digits = 1): string {
  const least = 10 ** -(digits + 2)
  return share > 0 && share < least / 2 ? `<${shareFormat(digits).format(least)}` : shareFormat(digits).format(share)
}

/** A change with its sign; the minus is a true one. */
export const signed = (value: number, digits = 0): string =>
  once(
    `s${digits}`,
    () => new Intl.NumberFormat(language(), { signDisplay: 'exceptZero', maximumFractionDigits: digits }),
  )
    .format(value)
    .replace('-', '−')

const currencyFormat = (currency: string, whole: boolean): Intl.NumberFormat =>
  once(`${currency}${whole}`, () => {
    try {
      return new Intl.NumberFormat(language(), {
        style: 'currency',
        currency,
        ...(whole ? { maximumFractionDigits: 0 } : {}),
      })
    } catch {
      // A code that no browser knows is shown as it is, with two digits.
      return new Intl.NumberFormat(language(), { minimumFractionDigits: 2 })
    }
  }) as Intl.NumberFormat

/** An amount in minor units as its currency writes it, with a true minus. `whole`: without cents, for large sums. */
export function money(minor: number, currency = place.currency, whole = false): string {
  return currencyFormat(currency, whole)
    .format(minor / 10 ** minorDigits(currency))
    .replace('-', '−')
}

/** How many of an amount's digits stand behind the point: 2 for euro and cents, 0 for yen. */
export const minorDigits = (currency = place.currency): number =>
  currencyFormat(currency, false).resolvedOptions().maximumFractionDigits ?? 2

const dateTime = (key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(key, () => new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : language(), options))

/** An instant in the bank's zone: 2 Mar 2026, 09:00 */
export const instant = (at: Date): string =>
  dateTime('instant', { dateStyle: 'medium', timeStyle: 'short', timeZone: place.zone }).format(at)

/** The time of day in the bank's zone: 09:00:12 */
export const timeOfDay = (at: Date): string =>
  dateTime('time', { timeStyle: 'medium', timeZone: place.zone }).format(at)

/** The exact instant, for whoever must compare it with a log. */
export const exact = (at: Date): string =>
  `${dateTime('exact', { dateStyle: 'full', timeStyle: 'long', timeZone: place.zone }).format(at)} (${at.toISOString()})`

/** A business date 'YYYY-MM-DD': 2 Mar 2026. It is a day, not an instant: no zone moves it. */
export function day(date: string): string {
  const at = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(at.getTime()) ? date : dateTime('day', { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}

const DAY_MS = 86_400_000
/** Each unit with its length and from how long it is said: 80 days are days, 20 months are months. */
const STEPS: [Intl.RelativeTimeFormatUnit, number, number?][] = [
  ['year', 365.25 * DAY_MS, 730 * DAY_MS],
  ['month', 30.44 * DAY_MS, 90 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** How long ago or from now, by the server's clock: "3 minutes ago". */
export function ago(at: Date): string {
  const apartMs = at.getTime() - now().getTime()
  const [unit, sizeMs] = STEPS.find(([, size, from = size]) => Math.abs(apartMs) >= from) ?? ['second', 1000]
  return once('ago', () => new Intl.RelativeTimeFormat(language(), { numeric: 'auto' })).format(
    Math.round(apartMs / sizeMs),
    unit,
  )
}
