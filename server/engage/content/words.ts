const formats = new Map<string, Intl.NumberFormat>()

function numbers(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(language, options)
    formats.set(key, format)
  }
  return format
}

function finite(value: unknown, filter: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new TypeError(`${filter} needs a number, found ${String(value)}`)
  return value
}

/**
 * An amount of money in words: 2500, 'EUR', 'en' → '€25'; 19796 → '€197.96'. Minor units of the currency (ISO 4217),
 * cents shown only when there are some. Throws when the amount is no number or the currency no code.
 */
export function moneyText(minor: unknown, currency: unknown, language: string): string {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    throw new TypeError(`money needs a currency: {{ amountMinor | money: 'EUR' }}, found ${String(currency)}`)
  }
  const { maximumFractionDigits: digits = 2 } = numbers(language, { style: 'currency', currency }).resolvedOptions()
  const major = finite(minor, 'money') / 10 ** digits
  return numbers(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: Number.isInteger(major) ? 0 : digits,
  }).format(major)
}

/** A rate in words: 722 → '7.22%' (basis points); the language decides the sign and its space. */
export const percentText = (basisPoints: unknown, language: string): string =>
  numbers(language, { style: 'percent', maximumFractionDigits: 2 }).format(finite(basisPoints, 'percent') / 10_000)

/** A date 'YYYY-MM-DD' in words: '5 March 2026'. Throws when it is no date. */
export function dayText(date: unknown, language: string): string {
  const time =
    typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new TypeError(`day needs a date like '2026-03-05', found ${String(date)}`)
  // British order: day, month, year is what English-speaking customers of European banks read.
  const locale = language === 'en' ? 'en-GB' : language
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
    time,
  )
}
