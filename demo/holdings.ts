import { type Accounts, byRank, dayBetween, open, type Register, soleOwner } from './accounts.ts'
import { BOOKS, BUSINESSES, CARDS, FUNDS, INSURANCE, PRICES } from './bank.ts'
import { firstOf, monthOf, monthsLater } from './days.ts'
import type { Bank, Business, Holding, Owner, Person } from './model.ts'
import { type Chance, chance, choose, happens, oneOf, spread, whole } from './random.ts'

/** Everything that is not a current account: savings, term deposits, loans, cards, funds, insurance. */
export function openHoldings(
  bank: Bank,
  block: number,
  persons: readonly Person[],
  accounts: Accounts,
  register: Register,
): void {
  const from = chance(bank.seed, block, 7)
  const adults = persons.filter((person) => person.age >= 18)
  const scene = { from, bank, register, accounts, persons, adults }
  saveEasily(scene)
  saveForGoals(scene)
  fixTerms(scene)
  lendOnHomes(scene)
  lend(scene, 'personal_loan', BOOKS.personalLoan)
  lend(scene, 'green_home_loan', BOOKS.greenHomeLoan)
  repayLoans(scene)
  issueCards(scene)
  invest(scene)
  insure(scene)
}

interface Scene {
  from: Chance
  bank: Bank
  register: Register
  accounts: Accounts
  persons: readonly Person[]
  adults: readonly Person[]
}

/** Persons who use the bank hold more of it; the balances of those who do not weigh little in its result. */
const use = (person: Person): number =>
  ({ core: 1.9, active: 1.25, quiet: 0.35, dormant: 0.3, former: 0 })[person.state]

const pay = (scene: Scene, person: Person): Holding | undefined => scene.accounts.main.get(person)

function saveEasily(scene: Scene): void {
  const { from, bank, register } = scene
  const savers = choose(from, scene.persons, BOOKS.easySaver.count, (one) =>
    one.age < 18 ? 0.2 : use(one) * (0.6 + one.age / 70),
  )
  const amounts = spread(from, savers.length, BOOKS.easySaver.mean, BOOKS.easySaver.sigma)
  const held = byRank(from, savers, amounts, (one) => one.age / 25 + (one.state === 'core' ? 0.8 : 0), 1)
  for (const person of savers) {
    // Who no longer uses the account here, or began to only now, fills the saver from another bank.
    const saving =
      pay(scene, person) !== undefined && person.activeTo > bank.today && person.activeFrom < bank.today - 60
    const saver = open(
      register,
      'saver',
      'easy_saver',
      soleOwner(person, 0),
      dayBetween(from, saving ? person.activeFrom : person.since, bank.today - 60),
    )
    saver.owners[0]!.from = saver.opened
    saver.levelCents = Math.round(held.get(person)! * 100)
    saver.rateBp = PRICES.easySaverBp
    saver.paidFrom = saving ? pay(scene, person) : undefined
    // A third save in small sums whenever something is left; others once a month.
    const small = person.age < 40 && saver.levelCents < 600_000 && happens(from, 0.5)
    if (saving) saver.monthlyCents = small ? -whole(from, 10, 25) * 100 : whole(from, 5, 40) * 500
    for (const guardian of person.guardians) {
      saver.owners.push({
        person: guardian,
        role: 'guardian',
        authority: 'either',
        shareBp: 0,
        from: saver.opened,
        to: 0,
      })
    }
  }
}

function saveForGoals(scene: Scene): void {
  const { from, bank, register } = scene
  const users = scene.adults.filter(
    (one) => one.activeTo > bank.today && pay(scene, one) && bank.today - one.activeFrom > 120,
  )
  const savers = choose(from, users, BOOKS.goalSaver.count, (one) => (one.state === 'core' ? 2 : 0.7))
  const amounts = spread(from, savers.length, BOOKS.goalSaver.mean, BOOKS.goalSaver.sigma)
  savers.forEach((person, at) => {
    const level = Math.round(amounts[at]! * 100)
    const monthly = Math.min(40_000, Math.max(2500, Math.round(level / whole(from, 8, 40) / 500) * 500))
    const age = Math.min(Math.floor(level / monthly), Math.floor((bank.today - person.activeFrom) / 31) - 1)
    const goal = open(register, 'goal', 'goal_saver', soleOwner(person, 0), monthsLater(bank.today, -age) - 3)
    goal.owners[0]!.from = goal.opened
    goal.levelCents = level
    goal.monthlyCents = monthly
    goal.rateBp = PRICES.goalSaverBp
    goal.paidFrom = pay(scene, person)
  })
}

function fixTerms(scene: Scene): void {
  const { from, bank, register } = scene
  const savers = choose(from, scene.adults, BOOKS.fixedTerm.count, (one) => (one.age > 40 ? use(one) * one.age : 2))
  const amounts = spread(from, savers.length, BOOKS.fixedTerm.mean, BOOKS.fixedTerm.sigma)
  savers.forEach((person, at) => {
    const term = happens(from, 0.7) ? 12 : 24
    const ago = Math.min(whole(from, 0, term * 30), Math.max(1, bank.today - person.since))
    const opened = bank.today - ago
    const deposit = open(register, 'term', `fixed_term_${term}`, soleOwner(person, opened), opened)
    deposit.levelCents = Math.round(amounts[at]!) * 100
    deposit.termMonths = term
    deposit.rateBp = term === 12 ? PRICES.fixedTerm12Bp : PRICES.fixedTerm24Bp
    deposit.matures = monthsLater(opened, term)
  })
}

/** The part of an annuity still owed after `paid` of `months` instalments at a yearly rate in basis points, 0..1. */
export function owedShare(rateBp: number, months: number, paid: number): number {
  const rate = rateBp / 120_000
  const growth = (1 + rate) ** months
  return (growth - (1 + rate) ** paid) / (growth - 1)
}

/** The instalment, in cents a month, that repays `cents` in `months` (annuity in arrears). */
export function instalmentOf(cents: number, rateBp: number, months: number): number {
  const rate = rateBp / 120_000
  return Math.round((cents * rate) / (1 - (1 + rate) ** -months))
}

function owe(loan: Holding, owedCents: number, paid: number): void {
  const principal = Math.round(owedCents / owedShare(loan.rateBp, loan.termMonths, paid) / 10_000) * 10_000
  loan.limitCents = principal
  loan.instalmentCents = instalmentOf(principal, loan.rateBp, loan.termMonths)
  loan.levelCents = -Math.round(principal * owedShare(loan.rateBp, loan.termMonths, paid))
}

function lendOnHomes(scene: Scene): void {
  const { from, bank, register } = scene
  const owners = scene.adults.filter((one) => bank.today - one.since > 900 || one.age > 30)
  const buyers = choose(from, owners, BOOKS.mortgage.count, (one) =>
    one.age > 27 && one.age < 68 ? use(one) * (one.partner ? 2 : 1) : 0,
  )
  const amounts = spread(from, buyers.length, BOOKS.mortgage.mean, BOOKS.mortgage.sigma)
  buyers.forEach((person, at) => {
    const paid = Math.min(whole(from, 1, 150), Math.max(1, Math.floor((bank.today - person.since) / 31) - 2))
    const opened = firstOf(monthOf(bank.today) - 1 - paid) + whole(from, 2, 24)
    const owner = (who: Person): Owner => ({
      person: who,
      role: 'owner',
      authority: 'both',
      shareBp: 5000,
      from: opened,
      to: 0,
    })
    const owners = person.partner ? [owner(person), owner(person.partner)] : soleOwner(person, opened)
    const mortgage = open(register, 'mortgage', 'mortgage', owners, opened)
    mortgage.rateBp = PRICES.mortgageBp
    mortgage.termMonths = Math.max(180, paid + 60)
    mortgage.matures = monthsLater(opened, mortgage.termMonths)
    mortgage.paidFrom = pay(scene, person)
    owe(mortgage, amounts[at]! * 100, paid)
  })
}

function lend(scene: Scene, product: string, book: { count: number; mean: number; sigma: number }): void {
  const { from, bank, register } = scene
  const borrowers = scene.adults.filter((one) => pay(scene, one) && bank.today - one.since > 130)
  const chosen = choose(from, borrowers, book.count, (one) =>
    one.age < 68 ? use(one) * (one.age > 24 ? 1 : 0.4) : 0.1,
  )
  const amounts = spread(from, chosen.length, book.mean, book.sigma)
  chosen.forEach((person, at) => {
    const term = oneOf(from, [36, 48, 60, 60, 72, 84])
    const paid = Math.min(whole(from, 1, Math.floor(term * 0.7)), Math.floor((bank.today - person.since) / 31) - 2)
    const opened = firstOf(monthOf(bank.today) - 1 - paid) + whole(from, 2, 24)
    const loan = open(register, 'loan', product, soleOwner(person, opened), opened)
    loan.rateBp = product === 'green_home_loan' ? PRICES.greenLoanBp : whole(from, 590, 1190)
    loan.termMonths = term
    loan.matures = monthsLater(opened, term)
    loan.paidFrom = pay(scene, person)
    owe(loan, amounts[at]! * 100, paid)
  })
  for (const person of scene.adults) {
    const missed = person.life.find((event) => event.kind === 'missed_instalment' && bank.today - event.day < 90)
    const loan = missed && register.holdings.find((one) => one.kind === 'loan' && one.owners[0]!.person === person)
    if (loan) loan.arrearsSince = missed.day
  }
}

/** Loans whose last instalment was paid in these years: sixteen per thousand adults a year. */
function repayLoans(scene: Scene): void {
  const { from, bank, register, adults } = scene
  const borrowers = adults.filter(
    (one) => pay(scene, one) && one.activeTo > bank.today && bank.today - one.since > 2000,
  )
  for (const person of choose(from, borrowers, Math.round(0.016 * bank.years * adults.length), use)) {
    const term = oneOf(from, [36, 48, 60])
    const opened = monthsLater(bank.today, -term - whole(from, 1, 12 * bank.years)) + whole(from, 0, 9)
    const loan = open(register, 'loan', 'personal_loan', soleOwner(person, opened), opened)
    loan.rateBp = whole(from, 590, 1190)
    loan.termMonths = term
    loan.limitCents = whole(from, 30, 180) * 10_000
    loan.matures = monthsLater(opened, term)
    loan.closed = loan.matures
    loan.paidFrom = pay(scene, person)
  }
}

function issueCards(scene: Scene): void {
  const { from, bank, register } = scene
  const users = scene.adults.filter((one) => one.age > 20 && pay(scene, one) && bank.today - one.since > 130)
  const holders = choose(from, users, CARDS.count, (one) => use(one) * (0.5 + one.income.cents / 200_000))
  const premium = new Set(choose(from, holders, 35, (one) => one.income.cents + 1))
  const fresh = new Set(choose(from, holders, 10, () => 1))
  const older = holders.filter((one) => !fresh.has(one))
  const revolving = new Set(choose(from, older, CARDS.revolving, (one) => (premium.has(one) ? 0.1 : 1)))
  const debts = spread(from, CARDS.revolving, BOOKS.cardRevolving.mean, BOOKS.cardRevolving.sigma)
  const free = new Set(choose(from, holders, CARDS.count - CARDS.payingFee, (one) => (premium.has(one) ? 0.2 : 1)))
  for (const person of holders) {
    const opened = fresh.has(person)
      ? bank.today - whole(from, 3, 60)
      : dayBetween(from, person.since, bank.today - 110)
    const card = open(
      register,
      'card',
      premium.has(person) ? 'premium_card' : 'credit_card',
      soleOwner(person, opened),
      opened,
    )
    card.limitCents = oneOf(from, [150_000, 200_000, 300_000, 500_000])
    card.rateBp = PRICES.cardBp
    card.paidFrom = pay(scene, person)
    card.paysFee = !free.has(person)
    card.revolving = revolving.has(person)
    if (card.revolving) card.levelCents = -Math.round(debts.pop()! * 100)
    card.activated = !fresh.has(person) || happens(from, 0.5)
  }
}

function invest(scene: Scene): void {
  const { from, bank, register } = scene
  const investors = choose(from, scene.adults, FUNDS.plans, (one) =>
    pay(scene, one) ? use(one) * (0.4 + one.income.cents / 250_000) : 0,
  )
  const amounts = spread(from, investors.length, 8200, 0.9)
  investors.forEach((person, at) => {
    const opened = dayBetween(from, person.since, bank.today - 30)
    const plan = open(register, 'fund', 'fund_plan', soleOwner(person, opened), opened)
    plan.levelCents = Math.round(amounts[at]! * 100)
    plan.monthlyCents = whole(from, 5, 30) * 1000
    plan.paidFrom = pay(scene, person)
  })
  const wealthy = choose(from, scene.adults, FUNDS.advised, (one) => (one.age > 38 ? use(one) * one.age : 0))
  const portfolios = spread(from, wealthy.length, 96_000, 0.5)
  wealthy.forEach((person, at) => {
    const opened = dayBetween(from, person.since, bank.today - 90)
    open(register, 'fund', 'advised_portfolio', soleOwner(person, opened), opened).levelCents = Math.round(
      portfolios[at]! * 100,
    )
  })
}

function insure(scene: Scene): void {
  const { from, bank, register } = scene
  const cover = (product: string, count: number, weight: (one: Person) => number): void => {
    for (const person of choose(from, scene.adults, count, (one) => use(one) * weight(one))) {
      const opened =
        product === 'trip_cover'
          ? bank.today - Math.min(whole(from, 1, 300), bank.today - person.since)
          : dayBetween(from, person.since, bank.today - 1)
      const policy = open(register, 'insurance', product, soleOwner(person, opened), opened)
      policy.matures = monthsLater(opened, 12 * (1 + Math.floor((bank.today - opened) / 365)))
    }
  }
  cover('home_cover', INSURANCE.home, (one) => (one.place === 'grown' ? 0.05 : 1))
  cover('life_cover', INSURANCE.life, (one) => (one.age < 62 ? 1 : 0.1))
  cover('trip_cover', INSURANCE.trip, (one) => (one.life.some((event) => event.kind === 'trip_booked') ? 4 : 0.1))
}

const TRADES = [
  'Tischlerei',
  'Fotografie',
  'Gartenbau',
  'Physiotherapie',
  'Grafik',
  'Beratung',
  'Cafe',
  'Elektro',
  'Keramik',
  'Uebersetzungen',
]

/** Forty small businesses per thousand persons: separate customers, with an account of their own and the same human. */
export function openBusinesses(bank: Bank, block: number, persons: readonly Person[], register: Register): Business[] {
  const from = chance(bank.seed, block, 8)
  const owners = choose(from, persons, BUSINESSES, (one) => (one.age > 23 && one.age < 68 ? use(one) : 0))
  return owners.map((owner, at) => {
    const soleTrader = happens(from, 0.7)
    const since = dayBetween(from, Math.max(owner.since, owner.born + 20 * 366), bank.today - 40)
    const externalId = `B${10_000_000 + block * BUSINESSES + at}`
    const role = soleTrader ? 'owner' : 'director'
    const account = open(
      register,
      'business',
      'business_account',
      [{ person: owner, role, authority: 'sole', shareBp: 10_000, from: since, to: 0 }],
      since,
    )
    account.business = externalId
    account.levelCents = whole(from, 40_000, 2_400_000)
    return { externalId, name: `${oneOf(from, TRADES)} ${owner.family}`, soleTrader, owner, since, account }
  })
}
