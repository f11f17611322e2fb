/** Minor units of the currencies that do not have two decimals (ISO 4217). */
const EXPONENT: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

const KNOWN: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), 'CZK', 'EUR'])

/** Whether the code is a currency of ISO 4217. */
export const isCurrency = (code: string): boolean => KNOWN.has(code)

/** How many decimals the currency has: EUR 2, JPY 0, KWD 3. */
export const exponentOf = (code: string): number => EXPONENT[code] ?? 2

/** All codes, for a query that checks them. */
export const allCurrencies = (): string[] => [...KNOWN].sort()

/** The currencies that do not have two decimals, with how many they have. */
export const oddExponents = (): [string, number][] => Object.entries(EXPONENT)

/** A decimal text as minor units of the currency; undefined when it is none, or beyond ±2⁵³. */
export function minorOf(decimal: string, currency: string): number | undefined {
  const found = /^([+-]?)(\d{1,18})(?:\.(\d*))?$/.exec(decimal.trim())
  if (!found) return undefined
  const exponent = exponentOf(currency)
  const decimals = (found[3] ?? '').replace(/0+$/, '')
  if (decimals.length > exponent) return undefined
  const minor = Number(`${found[1]}${found[2]}${decimals.padEnd(exponent, '0')}`)
  return Number.isSafeInteger(minor) ? minor : undefined
}
