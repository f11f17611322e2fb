import { firstOf, monthOf } from './days.ts'
import { instalmentOf, owedShare } from './holdings.ts'
import { type Bank, type Holding, holderOf, type Person } from './model.ts'
import { mix } from './random.ts'

/**
 * What a holding stands at when a month closes. Each month's closing is known without its entries, and the entries are
 * made to lead from one closing to the next: so any month can be written first, and opening + entries = closing always.
 */
export interface Levels {
  /** The last month that has closed by the business date. */
  readonly lastClosed: number
}

export function levelsOf(bank: Bank): Levels {
  const tomorrow = monthOf(bank.today)
  return { lastClosed: tomorrow - 1 }
}

/** Whether one who uses the account did so in that month. */
export function usedIn(person: Person, month: number): boolean {
  const first = firstOf(month)
  const last = firstOf(month + 1) - 1
  if (person.sporadic) {
    return [person.activeTo, person.activeTo - 520].some((day) => day >= first && day <= last)
  }
  return person.activeFrom <= last && person.activeTo >= first
}

/** A current account's closing balance in cents: around its level while it is used, falling by its fee when not. */
export function currentClosing(
  bank: Bank,
  levels: Levels,
  account: Holding,
  users: readonly Person[],
  month: number,
): number {
  if (month < monthOf(account.opened) || (account.closed !== 0 && month >= monthOf(account.closed))) return 0
  const chain = account.levelCents + feeCents(account) * (levels.lastClosed - month)
  if (month === levels.lastClosed) return chain
  const lively = users.some((user) => usedIn(user, month)) && users.some((user) => usedIn(user, month + 1))
  if (!lively) return chain
  const noise = mix(bank.seed, account.number, month, 11) / 4294967296 - 0.5
  return Math.round(chain + Math.abs(account.levelCents) * 0.24 * noise)
}

/** The monthly fee of a current account in cents. */
export function feeCents(account: Holding): number {
  if (account.product === 'plus_account') return 890
  if (account.product === 'premier_account') return 1900
  return account.product === 'everyday_account' && account.paysFee ? 490 : 0
}

/** A loan's closing balance: what an annuity leaves owed after the instalments paid; 0 before it began and after its end. */
export function loanClosing(loan: Holding, month: number): number {
  const paid = month - monthOf(loan.opened)
  if (paid < 0 || paid >= loan.termMonths) return 0
  return -Math.round(loan.limitCents * owedShare(loan.rateBp, loan.termMonths, paid))
}

/** Sets a loan from what was lent: its instalment, and what is owed at the last closing. */
export function settleLoan(levels: Levels, loan: Holding): void {
  loan.instalmentCents = instalmentOf(loan.limitCents, loan.rateBp, loan.termMonths)
  loan.levelCents = loanClosing(loan, levels.lastClosed)
}

/** A saver's movements and closings over the months from..to, walked back from its level at the last closing. */
export interface Savings {
  readonly from: number
  /** closing[i] is that of month from − 1 + i; movement[i] and interest[i] are those of month from + i. */
  readonly closing: Float64Array
  readonly deposits: Float64Array
  readonly interest: Float64Array
}

export function savingsOf(bank: Bank, levels: Levels, saver: Holding, from: number, to: number): Savings {
  const months = to - from + 1
  const closing = new Float64Array(months + 1)
  const deposits = new Float64Array(months)
  const interest = new Float64Array(months)
  const last = Math.max(0, Math.min(months, levels.lastClosed - from + 1))
  closing[last] = saver.levelCents
  for (let at = last - 1; at >= 0; at--) stepBack(bank, saver, from + at, at, { from, closing, deposits, interest })
  for (let at = last; at < months; at++) {
    const month = from + at
    deposits[at] = depositIn(bank, saver, month)
    interest[at] = quarterEnds(month) ? Math.round((closing[at]! * saver.rateBp) / 40_000) : 0
    closing[at + 1] = closing[at]! + deposits[at]! + interest[at]!
  }
  return { from, closing, deposits, interest }
}

function stepBack(bank: Bank, saver: Holding, month: number, at: number, savings: Savings): void {
  const after = savings.closing[at + 1]!
  if (month < monthOf(saver.opened) || after === 0) return
  const deposit = depositIn(bank, saver, month)
  const yielded = quarterEnds(month) ? 1 + saver.rateBp / 40_000 : 1
  const before = Math.round((after - deposit) / yielded)
  if (month === monthOf(saver.opened) || before < 0) {
    // What is left must have come in now: the opening deposit.
    savings.deposits[at] = after
    return
  }
  savings.deposits[at] = deposit
  savings.closing[at] = before
  savings.interest[at] = after - deposit - before
}

export const quarterEnds = (month: number): boolean => month % 3 === 2

/** How much moves into a saver in a month; negative when taken out. Small savers put aside a little several times. */
function depositIn(bank: Bank, saver: Holding, month: number): number {
  if (saver.monthlyCents === 0 || saver.paidFrom === undefined || !usedIn(holderOf(saver), month)) return 0
  if (saver.kind === 'goal') return saver.monthlyCents
  const draw = mix(bank.seed, saver.number, month, 12)
  const share = (draw >>> 8) / 16_777_216
  if (saver.monthlyCents < 0) return -saver.monthlyCents * (2 + (draw % 3))
  if (share < 0.15) return 0
  if (share > 0.95) return -Math.min(saver.monthlyCents * 4, Math.max(0, saver.levelCents) >> 2)
  return Math.round((saver.monthlyCents * (0.4 + share)) / 500) * 500
}
