import { PRICES, RHYTHM } from './bank.ts'
import { daysIn, firstOf, monthOf, workingDay } from './days.ts'
import { ENTRIES_MAX, type Entries, enter, entries, labelOf, sumOf } from './entries.ts'
import type { Household } from './habits.ts'
import { cardBill } from './ledgers.ts'
import { currentClosing, feeCents, type Levels, type Savings, usedIn } from './levels.ts'
import type { Bank, Holding, Person } from './model.ts'
import { byCard, copyPurchases, instalmentDay, instalmentIn, partsOf } from './parts.ts'
import { earn } from './pay.ts'
import { buy } from './purchases.ts'
import { bits, type Chance, chance, uniform, whole } from './random.ts'

const CASH = labelOf('cash')
const TO_PERSON = labelOf('to_person')
const FROM_PERSON = labelOf('from_person')
const INHERITANCE = labelOf('inheritance')
const CAR = labelOf('car')
const ODD_PAYEE = labelOf('odd_payee')
const REFUND = labelOf('online', 'card_refund')
const OUT_SAVINGS = labelOf('own_savings', 'order')
const IN_SAVINGS = labelOf('own_savings', 'credit_transfer')
const OUT_ELSEWHERE = labelOf('own_account_elsewhere', 'order')
const IN_ELSEWHERE = labelOf('own_account_elsewhere', 'credit_transfer')
const ORDERED_ELSEWHERE = labelOf('own_account_elsewhere', 'standing_order')
const INVESTMENT = labelOf('own_investment')
const SETTLEMENT = labelOf('own_card')
const CLOSED = labelOf('account_closed')
const INSTALMENT = labelOf('instalment')
const DISBURSEMENT = labelOf('disbursement')
const FEE = labelOf('account_fee')
const DEBIT_INTEREST = labelOf('debit_interest')
const RETURNED = labelOf('returned_debit')
const THANKS = labelOf('loyalty_bonus')
/** What the bank gives when a loan is repaid to the end: see the action `loan_repaid`. */
const THANKS_CENTS = 2500

const bought = entries()

/** All entries of a current account in a month, leading from its last closing to this one; returns the opening balance. */
export function fillCurrent(
  bank: Bank,
  levels: Levels,
  home: Household,
  month: number,
  savings: ReadonlyMap<Holding, Savings>,
  to: Entries,
): number {
  to.count = 0
  const { account, users } = home
  const persons = users.map((user) => user.person)
  const opening = currentClosing(bank, levels, account, persons, month - 1)
  const closing = currentClosing(bank, levels, account, persons, month)
  if (opening === 0 && closing === 0 && (month < monthOf(account.opened) || account.closed !== 0)) return 0
  const active = users.filter((user) => usedIn(user.person, month))
  for (const user of active) {
    spend(bank, user.person, user.card, month, to)
    if (user.person.sporadic) continue
    earn(bank, user.person, month, to)
    for (const habit of user.habits) regular(user.person, habit, month, to)
    move(bank, user.person, month, to)
    happen(user.person, month, to)
  }
  save(home, month, savings, to)
  for (const card of home.cards) pay(bank, levels, card, month, account, to)
  for (const loan of home.loans) repay(loan, month, account, to)
  charge(account, opening, month, to)
  balance(account, persons, month, closing - opening - sumOf(to), active.length > 0, to)
  return opening
}

function spend(bank: Bank, person: Person, card: Holding | undefined, month: number, to: Entries): void {
  buy(bank, person, month, bought)
  const carded = card !== undefined && monthOf(card.opened) < month
  copyPurchases(bought, to, (payee) => !(carded && byCard(payee)))
}

function regular(
  person: Person,
  habit: { day: number; cents: number; label: number; payee: number },
  month: number,
  to: Entries,
): void {
  const day = workingDay(firstOf(month) + habit.day - 1, 1)
  if (day < person.activeFrom || day > person.activeTo) return
  enter(to, day, 120, -habit.cents, habit.label, habit.payee)
}

/** Cash, and transfers between people, on days of their own. */
function move(bank: Bank, person: Person, month: number, to: Entries): void {
  const from = chance(bank.seed, person.block, 30_000 + person.slot, month)
  const core = person.state === 'core' || person.state === 'former'
  const rhythm = core ? RHYTHM.core : RHYTHM.active
  const low = Math.max(firstOf(month), person.activeFrom)
  const high = Math.min(firstOf(month) + daysIn(month) - 1, person.activeTo)
  const share = (high - low + 1) / daysIn(month)
  const times = (mean: number): number => Math.floor(mean * share * (0.6 + 0.8 * uniform(from)) + uniform(from))
  const day = (): number => low + (bits(from) % (high - low + 1))
  for (let i = times(person.age < 12 ? 0.1 : rhythm.cash); i > 0; i--) {
    enter(
      to,
      day(),
      500 + whole(from, 0, 600),
      -whole(from, 2, 15) * 1000 * (core ? 1 : 0.5),
      CASH,
      13_000 + (bits(from) % 300),
    )
  }
  // Rent, savings and the month's balancing transfer are transfers as well: these are the rest of the six.
  const others = times(core ? rhythm.transfer - 2.6 : rhythm.transfer - 1.3)
  for (let i = 0; i < others; i++) {
    const cents = amongPeople(from, core)
    const incoming = bits(from) % 5 < 2
    enter(
      to,
      day(),
      480 + whole(from, 0, 780),
      incoming ? cents : -cents,
      incoming ? FROM_PERSON : TO_PERSON,
      40_000 + (bits(from) % 9000),
    )
  }
}

const amongPeople = (from: Chance, core: boolean): number =>
  Math.round(whole(from, 4, 90) * (core ? 100 : 60) * (0.5 + uniform(from)))

/** What a life event leaves on the account. */
function happen(person: Person, month: number, to: Entries): void {
  const first = firstOf(month)
  for (const event of person.life) {
    const { day, size } = event
    if (day < first || day >= first + daysIn(month) || day < person.activeFrom || day > person.activeTo) continue
    if (event.kind === 'large_inflow') enter(to, day, 600, size, INHERITANCE, 62_001)
    else if (event.kind === 'own_transfer_in') enter(to, day, 600, size, IN_ELSEWHERE, 63_000)
    else if (event.kind === 'big_refund') enter(to, day, 600, size, REFUND, 2600 + (size % 300))
    else if (event.kind === 'car_bought') enter(to, day, 800, -size, CAR, 64_000 + (size % 40))
    else if (event.kind === 'scam')
      enter(to, day, 1150, -(90_000 + (day % 7) * 30_000), ODD_PAYEE, 65_000 + (day % 500))
    else if (event.kind === 'missed_instalment') returned(day, to)
  }
}

/** A debit that came back unpaid: booked, and reversed two working days later. */
function returned(day: number, to: Entries): void {
  const back = workingDay(day + 1, 1)
  if (monthOf(back) !== monthOf(day)) return
  const original = enter(to, day, 130, -8900, labelOf('electricity'), 35_009)
  const at = enter(to, back, 130, 8900, RETURNED, 35_009)
  to.reverses[at] = original
}

function save(home: Household, month: number, savings: ReadonlyMap<Holding, Savings>, to: Entries): void {
  for (const saver of home.savers) {
    const moved = savings.get(saver)
    if (!moved) continue
    const deposit = moved.deposits[month - moved.from] ?? 0
    for (const part of partsOf(saver, month, deposit)) {
      enter(to, part.day, 540, -part.cents, part.cents > 0 ? OUT_SAVINGS : IN_SAVINGS, saver.number)
    }
  }
  for (const fund of home.funds) {
    const day = workingDay(firstOf(month) + 14, 1)
    if (day > fund.opened) enter(to, day, 125, -fund.monthlyCents, INVESTMENT, fund.number)
  }
}

function pay(bank: Bank, levels: Levels, card: Holding, month: number, account: Holding, to: Entries): void {
  const bill = cardBill(bank, levels, card, month)
  if (bill > 0 && account.closed === 0)
    enter(to, workingDay(firstOf(month) + 4, 1), 135, -bill, SETTLEMENT, card.number)
}

function repay(loan: Holding, month: number, account: Holding, to: Entries): void {
  if (account.closed !== 0) return
  if (month === monthOf(loan.opened)) enter(to, loan.opened, 610, loan.limitCents, DISBURSEMENT, loan.number)
  const cents = instalmentIn(loan, month)
  if (cents > 0) enter(to, instalmentDay(loan, month), 115, -cents, INSTALMENT, loan.number)
  const repaid = loan.kind === 'loan' && loan.closed !== 0 && loan.closed === loan.matures
  if (repaid && monthOf(loan.closed) === month) enter(to, loan.closed, 720, THANKS_CENTS, THANKS, 50_000)
}

function charge(account: Holding, opening: number, month: number, to: Entries): void {
  const last = workingDay(firstOf(month + 1) - 1, -1)
  if (account.closed !== 0 && last >= account.closed) return
  if (last >= account.opened) enter(to, last, 1410, -feeCents(account), FEE, 50_000)
  if (opening < 0) enter(to, last, 1415, Math.round((opening * PRICES.overdraftBp) / 120_000), DEBIT_INTEREST, 50_000)
}

/**
 * What is left over goes to the customer's account at another bank, or comes from it: their own money, neither income
 * nor spending. Nothing moves of itself on an account that nobody uses, apart from its payout when it closes.
 */
function balance(
  account: Holding,
  persons: readonly Person[],
  month: number,
  cents: number,
  used: boolean,
  to: Entries,
): void {
  if (to.count >= ENTRIES_MAX) throw new RangeError(`account ${account.number} is too lively in month ${month}`)
  const first = firstOf(month)
  if (account.closed !== 0 && monthOf(account.closed) === month) {
    enter(to, account.closed, 1420, cents, CLOSED, 66_000)
    return
  }
  if (!used && month !== monthOf(account.opened)) {
    // An unused account moves by fees and instalments only; these are met from elsewhere, by nobody's act here.
    enter(to, first + 3, 200, cents, cents < 0 ? ORDERED_ELSEWHERE : IN_ELSEWHERE, 63_000)
    return
  }
  const from = Math.min(...persons.map((person) => person.activeFrom))
  const until = Math.max(...persons.map((person) => person.activeTo))
  const day = cents > 0 ? first + (account.number % 4) : first + 25 + (account.number % 3)
  const when = Math.max(account.opened, Math.min(until, Math.max(from, day)))
  enter(
    to,
    Math.min(when, first + daysIn(month) - 1),
    640,
    cents,
    cents > 0 ? IN_ELSEWHERE : OUT_ELSEWHERE,
    63_000 + (account.number % 500),
  )
}
