import { daysIn, firstOf, monthOf, workingDay } from './days.ts'
import { type Entries, enter, entries, labelOf, sumOf } from './entries.ts'
import { type Levels, loanClosing, quarterEnds, type Savings } from './levels.ts'
import { type Bank, type Holding, holderOf } from './model.ts'
import { byCard, copyPurchases, instalmentDay, instalmentIn, partsOf } from './parts.ts'
import { buy } from './purchases.ts'
import { chance, mix, whole } from './random.ts'

const IN_SAVINGS = labelOf('own_savings', 'credit_transfer')
const OUT_SAVINGS = labelOf('own_savings', 'order')
const INTEREST = labelOf('credit_interest')
const LOAN_INTEREST = labelOf('loan_interest')
const CARD_INTEREST = labelOf('card_interest')
const INSTALMENT = labelOf('instalment')
const DISBURSEMENT = labelOf('disbursement')
const SETTLEMENT = labelOf('own_card')
const CARD_FEE = labelOf('card_fee')
const SALES = labelOf('sales')
const SUPPLIERS = labelOf('suppliers')
const TAX = labelOf('tax')
const DRAWINGS = labelOf('owner_drawings')
const OWNER_DEPOSIT = labelOf('owner_deposit')

/** A saver's month: what was put aside or taken out, and the interest of a quarter. Returns the opening balance. */
export function fillSaver(saver: Holding, savings: Savings, month: number, to: Entries): number {
  to.count = 0
  const at = month - savings.from
  const from = saver.paidFrom?.number ?? 63_000
  for (const part of partsOf(saver, month, savings.deposits[at]!)) {
    enter(to, part.day, 541, part.cents, part.cents > 0 ? IN_SAVINGS : OUT_SAVINGS, from)
  }
  enter(to, firstOf(month) + daysIn(month) - 1, 1430, savings.interest[at]!, INTEREST, 50_001)
  return savings.closing[at]!
}

/** A loan's month: what was lent, the instalment, and the interest that makes the rest. Returns the opening balance. */
export function fillLoan(loan: Holding, month: number, to: Entries): number {
  to.count = 0
  const opening = loanClosing(loan, month - 1)
  const from = loan.paidFrom?.number ?? 63_000
  if (month === monthOf(loan.opened)) {
    enter(to, loan.opened, 610, -loan.limitCents, DISBURSEMENT, from)
    return opening
  }
  enter(to, instalmentDay(loan, month), 116, instalmentIn(loan, month), INSTALMENT, from)
  const interest = loanClosing(loan, month) - opening - sumOf(to)
  enter(to, firstOf(month) + daysIn(month) - 1, 1431, interest, LOAN_INTEREST, 50_002)
  return opening
}

const bought = entries()
const billed = entries()

/** The purchases on a card booked in a month, and its yearly fee. */
function charges(bank: Bank, card: Holding, month: number, to: Entries): void {
  to.count = 0
  if (!card.activated || month <= monthOf(card.opened)) return
  buy(bank, holderOf(card), month, bought)
  copyPurchases(bought, to, byCard)
  if (card.paysFee && (month - monthOf(card.opened)) % 12 === 1)
    enter(to, workingDay(firstOf(month) + 1, 1), 1432, -2400, CARD_FEE, 50_003)
}

/** What a card stands at when a month closes: a full payer owes the month's purchases, a revolver about the same always. */
function cardClosing(bank: Bank, levels: Levels, card: Holding, month: number, chargesOfMonth: number): number {
  if (month <= monthOf(card.opened)) return 0
  if (!card.revolving) return chargesOfMonth
  const noise = month === levels.lastClosed ? 0 : mix(bank.seed, card.number, month, 14) / 4294967296 - 0.5
  return Math.round(card.levelCents * (1 + 0.05 * noise))
}

/** What is taken from the current account for a card in a month, in cents; 0 when nothing is due. */
export function cardBill(bank: Bank, levels: Levels, card: Holding, month: number): number {
  if (month <= monthOf(card.opened)) return 0
  charges(bank, card, month - 1, billed)
  const before = cardClosing(bank, levels, card, month - 1, sumOf(billed))
  if (!card.revolving) return -before
  charges(bank, card, month, billed)
  const spent = sumOf(billed) + interestOn(card, before)
  return Math.max(0, cardClosing(bank, levels, card, month, 0) - before - spent)
}

const interestOn = (card: Holding, before: number): number => Math.round((before * card.rateBp) / 120_000)

/** A card's month, in the customer's view: purchases and interest out, the settlement in. Returns the opening balance. */
export function fillCard(bank: Bank, levels: Levels, card: Holding, month: number, to: Entries): number {
  if (month <= monthOf(card.opened)) {
    to.count = 0
    return 0
  }
  const from = card.paidFrom?.number ?? 63_000
  const bill = cardBill(bank, levels, card, month)
  charges(bank, card, month - 1, billed)
  const opening = cardClosing(bank, levels, card, month - 1, sumOf(billed))
  charges(bank, card, month, to)
  enter(to, workingDay(firstOf(month) + 4, 1), 136, bill, SETTLEMENT, from)
  if (!card.revolving) return opening
  const closing = cardClosing(bank, levels, card, month, 0)
  enter(to, firstOf(month) + daysIn(month) - 1, 1433, closing - opening - sumOf(to), CARD_INTEREST, 50_003)
  return opening
}

/** A small business's month: sales in, suppliers and tax out, and what the owner takes or puts in. */
export function fillBusiness(bank: Bank, levels: Levels, account: Holding, month: number, to: Entries): number {
  to.count = 0
  const closing = (of: number): number => {
    if (of < monthOf(account.opened)) return 0
    const noise = of === levels.lastClosed ? 0 : mix(bank.seed, account.number, of, 15) / 4294967296 - 0.5
    return Math.round(account.levelCents * (1 + 0.3 * noise))
  }
  if (month < monthOf(account.opened)) return 0
  const from = chance(bank.seed, account.number, month, 16)
  const length = daysIn(month)
  const first = Math.max(firstOf(month), account.opened)
  const day = (): number => Math.min(first + whole(from, 0, length - 1), firstOf(month) + length - 1)
  for (let i = whole(from, 6, 14); i > 0; i--)
    enter(to, day(), 560, whole(from, 9000, 95_000), SALES, 70_000 + whole(from, 0, 800))
  for (let i = whole(from, 3, 7); i > 0; i--)
    enter(to, day(), 570, -whole(from, 4000, 60_000), SUPPLIERS, 71_000 + whole(from, 0, 300))
  if (quarterEnds(month)) enter(to, workingDay(firstOf(month) + 14, 1), 118, -whole(from, 40_000, 160_000), TAX, 71_999)
  const rest = closing(month) - closing(month - 1) - sumOf(to)
  enter(to, firstOf(month) + length - 2, 650, rest, rest < 0 ? DRAWINGS : OWNER_DEPOSIT, 63_000)
  return closing(month - 1)
}
