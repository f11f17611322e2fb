import { firstOf, monthOf, workingDay } from './days.ts'
import { type Entries, enter } from './entries.ts'
import { loanClosing } from './levels.ts'
import { type Holding, holderOf } from './model.ts'

/** Whether a purchase of somebody with a credit card was made with it: about half of them, always the same ones. */
export const byCard = (payee: number): boolean => (payee & 1) === 1

/** Copies the purchases that were paid this way, reversals with their originals. */
export function copyPurchases(source: Entries, to: Entries, paidSo: (payee: number) => boolean): void {
  const first = to.count
  for (let at = 0; at < source.count; at++) {
    if (!paidSo(source.payee[at]!)) continue
    const copy = enter(to, source.day[at]!, source.minute[at]!, source.cents[at]!, source.label[at]!, source.payee[at]!)
    to.lag[copy] = source.lag[at]!
    to.currency[copy] = source.currency[at]!
    to.original[copy] = source.original[at]!
    const reversed = source.reverses[at]!
    if (reversed < 0) continue
    for (let back = first; back < copy; back++) {
      if (
        to.day[back] === source.day[reversed] &&
        to.cents[back] === source.cents[reversed] &&
        to.payee[back] === source.payee[reversed]
      ) {
        to.reverses[copy] = back
      }
    }
  }
}

/** The transfers that a month's saving is made of: several small ones for those who save so, else one. */
export function partsOf(saver: Holding, month: number, deposit: number): { day: number; cents: number }[] {
  if (deposit === 0) return []
  const first = firstOf(month)
  const earliest = Math.max(saver.opened, holderOf(saver).activeFrom)
  const on = (day: number): number => Math.max(earliest, first + day)
  if (saver.kind === 'goal') return [{ day: on(saver.number % 5), cents: deposit }]
  if (
    saver.monthlyCents < 0 &&
    deposit > 0 &&
    deposit <= -saver.monthlyCents * 4 &&
    deposit % saver.monthlyCents === 0
  ) {
    const parts = Math.round(deposit / -saver.monthlyCents)
    return Array.from({ length: parts }, (_, i) => ({
      day: on((saver.number * 7 + i * 8) % 27),
      cents: -saver.monthlyCents,
    }))
  }
  return [{ day: on(saver.number % 27), cents: deposit }]
}

export const instalmentDay = (loan: Holding, month: number): number =>
  workingDay(firstOf(month) + 1 + (loan.number % 20), 1)

/** What is paid off a loan in a month: the instalment; in the last month whatever is left. */
export function instalmentIn(loan: Holding, month: number): number {
  const paid = month - monthOf(loan.opened)
  if (paid < 1 || paid > loan.termMonths) return 0
  if (paid < loan.termMonths) return loan.instalmentCents
  const owed = -loanClosing(loan, month - 1)
  return owed + Math.round((owed * loan.rateBp) / 120_000)
}
