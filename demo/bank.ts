/**
 * Riverside Bank in miniature: what each thousand of its customers amounts to. The figures are those of the bank's
 * annual sketch (a million persons) divided by a thousand; `reconcile.ts` holds what is generated against them.
 */
export const PERSONS_PER_BLOCK = 1000
export const HOUSEHOLDS_PER_BLOCK = 620

/** Persons by age, per thousand: youngest and oldest age of the band. */
export const AGES = [
  { from: 0, to: 13, persons: 40 },
  { from: 14, to: 17, persons: 40 },
  { from: 18, to: 25, persons: 110 },
  { from: 26, to: 35, persons: 170 },
  { from: 36, to: 50, persons: 250 },
  { from: 51, to: 65, persons: 220 },
  { from: 66, to: 79, persons: 130 },
  { from: 80, to: 96, persons: 40 },
] as const

/** How persons use the bank today, per thousand. Active: a transaction of their own in 90 days. */
export const STATES = { core: 420, active: 360, quiet: 130, dormant: 90 } as const

/** A year's movement, per thousand persons today. */
export const YEAR = {
  persons: { before: 990, joined: 62, closed: 44, deceased: 8 },
  active: { before: 772, joined: 58, reactivated: 16, goneQuiet: 30, closed: 30, deceased: 6 },
} as const

export const HOUSEHOLDS = { couples: 220, singles: 400, grownChildren: 80 } as const

/** Current accounts per thousand persons: 690 sole and 130 joint; 70 persons hold both. */
export const ACCOUNTS = { sole: 690, joint: 130, both: 70, youth: 65, plus: 190, premier: 45, everyday: 520 } as const

/** Books: holdings per thousand persons and their mean in euro (credit balances for current accounts). */
export const BOOKS = {
  currentAccounts: { count: 820, mean: 3900, sigma: 1.05, marginPercent: 1.6 },
  easySaver: { count: 430, mean: 9800, sigma: 1.25, marginPercent: 0.8 },
  goalSaver: { count: 140, mean: 3200, sigma: 0.75, marginPercent: 0.35 },
  fixedTerm: { count: 85, mean: 24_000, sigma: 0.6, marginPercent: 0.3 },
  mortgage: { count: 62, mean: 112_000, sigma: 0.5, marginPercent: 1.05 },
  personalLoan: { count: 96, mean: 8900, sigma: 0.6, marginPercent: 4.4 },
  overdraft: { count: 74, mean: 640, sigma: 0.7, marginPercent: 9.4 },
  cardRevolving: { count: 54, mean: 1150, sigma: 0.6, marginPercent: 13 },
  greenHomeLoan: { count: 11, mean: 14_500, sigma: 0.4, marginPercent: 2.2 },
} as const

export const CARDS = { count: 175, revolving: 54, payingFee: 104, yearlyFeeEuro: 24 } as const
export const FUNDS = { plans: 78, advised: 14, yearlyFeeEuro: 13_000 } as const
export const INSURANCE = { home: 110, life: 60, trip: 24, yearlyCommissionEuro: 9000 } as const
export const BUSINESSES = 40

/** Consents, per cent of adults (post: not objected). */
export const CONSENTS = { email: 58, sms: 41, push: 43, call: 36, post: 84, payment_data: 62 } as const

/** Net salary in euro: median, and the standard deviation of its logarithm. */
export const SALARY = { median: 2150, sigma: 0.45 } as const

/** Prices: monthly fees in euro; rates in basis points. */
export const PRICES = {
  everyday: 4.9,
  plus: 8.9,
  premier: 19,
  everydayPayingPercent: 30,
  easySaverBp: 75,
  goalSaverBp: 175,
  fixedTerm12Bp: 210,
  fixedTerm24Bp: 225,
  mortgageBp: 345,
  greenLoanBp: 499,
  overdraftBp: 1190,
  cardBp: 1590,
} as const

/** Transactions a month on current accounts, by use: their mean over active persons is 19, 6, 6, 2 and 1. */
export const RHYTHM = {
  core: { card: 30, transfer: 8.3, debit: 9, cash: 3, income: 1.45 },
  active: { card: 6.2, transfer: 3.3, debit: 2.5, cash: 0.83, income: 0.475 },
} as const
export const MONTHLY = { card: 19, transfer: 6, debit: 6, cash: 2, income: 1, cardMeanEuro: 33 } as const

/** The rest of the yearly account, in million euro per million persons. */
export const RESULT = {
  interest: 219,
  fees: 82,
  income: 301,
  creditLosses: 22,
  servicing: 86,
  contribution: 193,
  costShare: 0.58,
  profit: 104,
  coreEach: 326,
  activeEach: 155,
  coreAttrition: 0.045,
  activeAttrition: 0.13,
  discount: 0.09,
  coreLifetime: 2307,
  activeLifetime: 614,
  customerEquity: 1190,
  /** Share of card turnover that is interchange, credit and debit cards together; and what else the bank earns. */
  interchange: 0.00196,
  foreignExchangeAndOther: 6,
} as const

/** Life events per thousand adults a year. */
export const EVENTS = {
  pay_rise: 180,
  new_employer: 90,
  pay_stops: 45,
  retirement: 14,
  moved: 80,
  home_bought: 11,
  marriage: 9,
  divorce: 4,
  child_born: 18,
  child_leaves: 14,
  partner_dies: 6,
  large_inflow: 9,
  trip_booked: 420,
  car_bought: 45,
  complaint: 24,
  missed_instalment: 12,
  scam: 6,
} as const
export type LifeEventKind = keyof typeof EVENTS

/** Look like life events and are none, per thousand adults a year. */
export const DECOYS = {
  thirteenth_salary: 160,
  bonus: 90,
  parental_leave: 12,
  big_refund: 40,
  own_transfer_in: 35,
} as const
export type DecoyKind = keyof typeof DECOYS

export const BRANCHES = 120
