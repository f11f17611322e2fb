import type { OfferDocument } from './contract.ts'

/** What a credit message must say as soon as it says any figure (Directive 2008/48/EC, article 4). */
export const CREDIT_FIGURES = [
  'rateBp',
  'rateType',
  'feeMinor',
  'amountMinor',
  'aprBp',
  'termMonths',
  'instalmentMinor',
  'totalMinor',
  'warning',
] as const

/** The figures that are missing of the representative example, when the offer gives any; [] when it is whole or has none. */
export function missingCreditFigures(offer: OfferDocument): string[] {
  const given = CREDIT_FIGURES.filter((name) => offer[name] !== undefined)
  if (given.length === 0 && offer.limitMinor === undefined) return []
  return CREDIT_FIGURES.filter((name) => offer[name] === undefined)
}

/** Equal monthly instalments of an annuity, minor units, rounded to the nearest. rateBp: nominal, a year. */
export function instalmentMinorOf(amountMinor: number, rateBp: number, termMonths: number): number {
  const monthly = rateBp / 10_000 / 12
  if (monthly === 0) return Math.round(amountMinor / termMonths)
  return Math.round((amountMinor * monthly) / (1 - (1 + monthly) ** -termMonths))
}

/**
 * The annual percentage rate of charge, basis points: the rate at which the instalments are worth what was paid out
 * less the fee on that day (Directive 2008/48/EC, annex I). Found by halving; 0..1,000,000 bp.
 */
export function aprBpOf(amountMinor: number, feeMinor: number, instalmentMinor: number, termMonths: number): number {
  const worth = (yearly: number): number => {
    let sum = 0
    for (let month = 1; month <= termMonths; month++) sum += instalmentMinor / (1 + yearly) ** (month / 12)
    return sum
  }
  let low = 0
  let high = 100
  for (let halving = 0; halving < 80; halving++) {
    const middle = (low + high) / 2
    if (worth(middle) > amountMinor - feeMinor) low = middle
    else high = middle
  }
  return Math.round(low * 10_000)
}

/** Figures that contradict each other, each as what was found and what was expected. Rounding of the last instalment is allowed. */
export function wrongCreditFigures(offer: OfferDocument): { figure: string; found: number; expected: number }[] {
  const { amountMinor, rateBp, termMonths, instalmentMinor, totalMinor, aprBp, feeMinor = 0 } = offer
  if (amountMinor === undefined || rateBp === undefined || termMonths === undefined) return []
  const wrong: { figure: string; found: number; expected: number }[] = []
  const near = (figure: string, found: number | undefined, expected: number, tolerance: number): void => {
    if (found !== undefined && Math.abs(found - expected) > tolerance) wrong.push({ figure, found, expected })
  }
  const instalment = instalmentMinorOf(amountMinor, rateBp, termMonths)
  near('instalmentMinor', instalmentMinor, instalment, 1)
  near('totalMinor', totalMinor, (instalmentMinor ?? instalment) * termMonths + feeMinor, termMonths)
  near('aprBp', aprBp, aprBpOf(amountMinor, feeMinor, instalment, termMonths), 1)
  return wrong
}
