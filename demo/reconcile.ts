import {
  ACCOUNTS,
  AGES,
  BOOKS,
  BUSINESSES,
  CARDS,
  CONSENTS,
  DECOYS,
  EVENTS,
  HOUSEHOLDS_PER_BLOCK,
  MONTHLY,
  RESULT,
  SALARY,
  STATES,
  YEAR,
} from './bank.ts'
import { eachBooks, type Progress } from './generate.ts'
import { type Measures, measure, settleResult } from './measure.ts'
import type { Bank } from './model.ts'

/** One line of the trial balance: the bank's figure for this size, what was generated, and whether it is near enough. */
export interface Line {
  line: string
  unit: string
  expected: number
  generated: number
  /** Generated over expected, less one. */
  difference: number
  tolerance: number
  holds: boolean
}

/** The bank's figures beside what is generated for a bank of this size. */
export function trialBalance(bank: Bank & { size: number }, progress: Progress = () => undefined): Line[] {
  const measures: Measures = new Map()
  eachBooks(bank, progress, 'trial balance', (books) => measure(books, measures))
  settleResult(measures)
  return linesOf(bank, measures)
}

function linesOf(bank: Bank & { size: number }, measures: Measures): Line[] {
  const lines: Line[] = []
  const of = (name: string): number => measures.get(name) ?? 0
  const scale = bank.size / 1000
  // What is drawn exactly per thousand differs by the people to show and by a last block that is not full; what is
  // drawn by chance differs by chance as well, less in a larger bank.
  const exact = 0.002 + 10 / bank.size
  const chance = (count: number): number => exact + 3.5 / Math.sqrt(Math.max(1, count))
  const line = (name: string, unit: string, expected: number, generated: number, tolerance = exact): void => {
    const difference = expected === 0 ? generated : generated / expected - 1
    const enough = Math.abs(difference) <= tolerance || Math.abs(generated - expected) <= (unit === 'count' ? 10 : 0)
    lines.push({ line: name, unit, expected, generated, difference, tolerance, holds: enough })
  }
  const count = (name: string, perThousand: number, key: string, tolerance = exact): void =>
    line(name, 'count', perThousand * scale, of(key), tolerance)

  count('persons', 1000, 'persons')
  count('persons a year ago', YEAR.persons.before, 'year.before')
  count('joined', YEAR.persons.joined, 'year.joined', exact + 0.01)
  count('closed', YEAR.persons.closed, 'year.closed', exact + 0.01)
  count('deceased', YEAR.persons.deceased, 'year.deceased', exact + 0.02)
  count('households', HOUSEHOLDS_PER_BLOCK, 'households')
  count('linked businesses', BUSINESSES, 'businesses', exact + 0.01)
  AGES.forEach((band, at) => {
    count(`aged ${band.from}–${band.to}`, band.persons, `age.${at}`, exact + 0.01)
  })
  for (const [state, persons] of Object.entries(STATES)) count(state, persons, `state.${state}`, exact + 0.01)
  count('active a year ago', YEAR.active.before, 'active.before', exact + 0.01)
  count('new and active', YEAR.active.joined, 'active.joined', exact + 0.02)
  count('reactivated', YEAR.active.reactivated, 'active.reactivated', exact + 0.03)
  const lost = YEAR.active.goneQuiet + YEAR.active.closed + YEAR.active.deceased
  const leftActive = of('active.before') + of('active.joined') + of('active.reactivated') - of('active.now')
  line('no longer active', 'count', lost * scale, leftActive, exact + 0.03)
  count('current accounts', BOOKS.currentAccounts.count, 'accounts')
  count('sole accounts', ACCOUNTS.sole, 'accounts.sole')
  count('joint accounts', ACCOUNTS.joint, 'accounts.joint', exact + 0.01)
  count('links of owners', ACCOUNTS.sole + 2 * ACCOUNTS.joint, 'accounts.links')
  count('people with an account', 880, 'accounts.people')
  count('people with both', ACCOUNTS.both, 'accounts.both', exact + 0.02)
  for (const [product, accounts] of [
    ['everyday_account', ACCOUNTS.everyday],
    ['plus_account', ACCOUNTS.plus],
    ['premier_account', ACCOUNTS.premier],
    ['youth_account', ACCOUNTS.youth],
  ] as const) {
    count(product.replace('_', ' '), accounts, `product.${product}`, exact + 0.02)
  }
  line(
    'credit cards',
    'count',
    CARDS.count * scale,
    of('product.credit_card') + of('product.premium_card'),
    exact + 0.01,
  )
  booksLines(line, of, scale, exact)
  resultLines(line, of, scale)
  rhythmLines(line, of, measures)
  const adults = of('adults')
  for (const [consent, percent] of Object.entries(CONSENTS))
    line(`consent: ${consent}`, '% of adults', percent, (100 * of(`consent.${consent}`)) / adults, 0.02)
  for (const [event, rate] of Object.entries({ ...EVENTS, ...DECOYS })) {
    const expected = (rate * adults * bank.years) / 1000
    const seen = of(`event.${event}`)
    // A few of those who die leave nobody behind who is a customer.
    line(
      `event: ${event.replaceAll('_', ' ')}`,
      'per 1,000 adults a year',
      rate,
      (1000 * seen) / adults / bank.years,
      event === 'partner_dies' ? 0.15 : chance(expected),
    )
  }
  return lines
}

type Put = (name: string, unit: string, expected: number, generated: number, tolerance?: number) => void
type Of = (name: string) => number

/** Current accounts in debit stand among the overdrafts, but count as accounts. */
function booksLines(line: Put, of: Of, scale: number, exact: number): void {
  for (const [book, { count, mean, marginPercent }] of Object.entries(BOOKS)) {
    const accounts = book === 'currentAccounts' ? of('accounts') : of(`book.${book}.count`)
    const cents = of(`book.${book}.cents`)
    line(`book: ${book}, number`, 'count', count * scale, accounts, exact + 0.01)
    line(`book: ${book}, mean`, '€', mean, cents / 100 / Math.max(1, accounts), 0.02)
    line(`book: ${book}, balance`, '€m', (count * mean * scale) / 1e6, cents / 1e8, 0.025)
    line(
      `book: ${book}, margin`,
      '€m a year',
      (count * mean * scale * marginPercent) / 1e8,
      (cents * marginPercent) / 1e10,
      0.025,
    )
  }
}

function resultLines(line: Put, of: Of, scale: number): void {
  const million = (name: string): number => of(name) / 1e8
  const expected = (yearly: number): number => (yearly * scale) / 1000
  line('interest', '€m a year', expected(RESULT.interest), million('result.interest'), 0.02)
  line('account fees', '€m a year', expected(39.7), million('result.accountFees'), 0.03)
  line('interchange', '€m a year', expected(11.5), million('result.interchange'), 0.05)
  line('fees', '€m a year', expected(RESULT.fees), million('result.fees'), 0.03)
  const income = million('result.interest') + million('result.fees')
  line('income', '€m a year', expected(RESULT.income), income, 0.02)
  line('credit losses', '€m a year', expected(RESULT.creditLosses), million('result.losses'), 0.03)
  line('profit', '€m a year', expected(RESULT.profit), income * (1 - RESULT.costShare) - million('result.losses'), 0.04)
  line(
    'contribution',
    '€m a year',
    expected(RESULT.contribution),
    income - million('result.losses') - million('result.servicing'),
    0.03,
  )
  const core = of('contribution.core') / 100 / Math.max(1, of('state.core'))
  const active = of('contribution.active') / 100 / Math.max(1, of('state.active'))
  line('contribution of a core customer', '€ a year', RESULT.coreEach, core, 0.1)
  line('contribution of another active customer', '€ a year', RESULT.activeEach, active, 0.15)
  const coreLifetime = lifetimeValue(core, RESULT.coreAttrition, RESULT.discount)
  const activeLifetime = lifetimeValue(active, RESULT.activeAttrition, RESULT.discount)
  line('lifetime value, core', '€', RESULT.coreLifetime, coreLifetime, 0.1)
  line('lifetime value, other active', '€', RESULT.activeLifetime, activeLifetime, 0.15)
  const equity = (coreLifetime * of('state.core') + activeLifetime * of('state.active')) / 1e6
  line('customer equity', '€m', expected(RESULT.customerEquity), equity, 0.06)
}

/**
 * Present value of a yearly contribution for as long as the customer stays, in the same unit: contribution × r ÷ (1 + d − r)
 * with r the share who stay a year and d the yearly discount; the first year's contribution comes at its end.
 */
export const lifetimeValue = (yearly: number, attrition: number, discount: number): number =>
  (yearly * (1 - attrition)) / (discount + attrition)

function rhythmLines(line: Put, of: Of, measures: Measures): void {
  const months = 4 * of('rhythm.active')
  for (const kind of ['card', 'transfer', 'debit', 'cash', 'income'] as const) {
    line(`a month per active: ${kind}`, 'transactions', MONTHLY[kind], of(`rhythm.${kind}`) / months, 0.08)
  }
  line(
    'mean card purchase',
    '€',
    MONTHLY.cardMeanEuro,
    of('rhythm.cardCents') / 100 / Math.max(1, of('rhythm.card')),
    0.06,
  )
  line('net salary, median', '€', SALARY.median, medianSalary(measures), 0.05)
}

function medianSalary(measures: Measures): number {
  const tens = [...measures]
    .filter(([name]) => name.startsWith('salary.'))
    .map(([name, people]) => ({ at: Number(name.slice(7)), people }))
  tens.sort((a, b) => a.at - b.at)
  const half = tens.reduce((sum, one) => sum + one.people, 0) / 2
  let seen = 0
  for (const { at, people } of tens) {
    seen += people
    if (seen >= half) return at * 10 + 5
  }
  return 0
}

/** The trial balance as text, one line each. */
export function printed(lines: readonly Line[]): string {
  const number = (value: number): string =>
    Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
  const rows = lines.map((one) =>
    [
      one.line.padEnd(42),
      number(one.expected).padStart(14),
      number(one.generated).padStart(14),
      `${(one.difference * 100).toFixed(1)} %`.padStart(9),
      `±${(one.tolerance * 100).toFixed(1)} %`.padStart(9),
      one.holds ? 'holds' : 'DOES NOT HOLD',
      one.unit,
    ].join('  '),
  )
  const head = [
    'line'.padEnd(42),
    'bank'.padStart(14),
    'generated'.padStart(14),
    'differs'.padStart(9),
    'may'.padStart(9),
  ].join('  ')
  return [head, ...rows].join('\n')
}
