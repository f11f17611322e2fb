/** What the generator knows of the bank's people. Money is in cents of a euro, dates are day numbers (`days.ts`). */
import type { DecoyKind, LifeEventKind } from './bank.ts'

/** Which bank is made: the same three give the same bank, whatever its size and whoever generates it. */
export interface Bank {
  readonly seed: number
  /** The day on which the bank is looked at; its books are closed for the day before. */
  readonly today: number
  readonly years: number
}

export interface LifeEvent {
  kind: LifeEventKind | DecoyKind
  day: number
  /** Growth of pay, cents of an amount, or days until a trip begins, by kind; 0 where there is none. */
  size: number
  /** Day on which it ends, where it lasts: a trip, a pay gap, a complaint. */
  until: number
}

export interface Income {
  kind: 'salary' | 'pension' | 'student' | 'none'
  /** Net, a month, as it is today. */
  cents: number
  employer: number
  /** 25..31 this month or 1..3 of the next. */
  payday: number
}

export interface Person {
  externalId: string
  block: number
  slot: number
  household: number
  born: number
  age: number
  sex: 'f' | 'm'
  given: string
  family: string
  language: 'en' | 'de'
  town: number
  street: string
  branch: number
  email: string
  phone: string
  since: number
  left: number
  leaving: '' | 'closed' | 'deceased'
  state: 'core' | 'active' | 'quiet' | 'dormant' | 'former'
  /** Own transactions begin and end here (`activeTo` may lie after today); `sporadic`: one every few months. */
  activeFrom: number
  activeTo: number
  sporadic: boolean
  place: 'couple' | 'single' | 'grown' | 'child'
  partner: Person | undefined
  guardians: Person[]
  income: Income
  /** 0 careful … 1 spends freely; drives purchases, not the answers to offers. */
  spending: number
  life: LifeEvent[]
  consents: ConsentAnswer[]
  standings: Standing[]
}

export interface ConsentAnswer {
  purpose: 'marketing' | 'profiling' | 'payment_data'
  channel: string
  given: boolean
  day: number
}

export interface Standing {
  standing: string
  from: number
  to: number
}

export interface Owner {
  person: Person
  role: 'owner' | 'guardian' | 'attorney' | 'user' | 'director'
  authority: 'sole' | 'either' | 'both' | 'limited'
  shareBp: number
  from: number
  to: number
}

export type Kind =
  | 'current'
  | 'saver'
  | 'goal'
  | 'term'
  | 'mortgage'
  | 'loan'
  | 'card'
  | 'fund'
  | 'insurance'
  | 'business'

export interface Holding {
  number: number
  kind: Kind
  product: string
  owners: Owner[]
  business: string
  opened: number
  closed: number
  /** At the last month's end, the customer's view: deposits +, debts −. */
  levelCents: number
  limitCents: number
  rateBp: number
  termMonths: number
  instalmentCents: number
  matures: number
  arrearsSince: number
  /** A monthly own transfer into this holding, for savings and funds. */
  monthlyCents: number
  /** The current account from which it is paid. */
  paidFrom: Holding | undefined
  revolving: boolean
  paysFee: boolean
  activated: boolean
}

export interface Business {
  externalId: string
  name: string
  soleTrader: boolean
  owner: Person
  since: number
  account: Holding
}

export interface Block {
  index: number
  persons: Person[]
  /** Persons who left in the two years. */
  former: Person[]
  holdings: Holding[]
  businesses: Business[]
}

/** The person who answers for a holding's use: its first owner. */
export const holderOf = (holding: Holding): Person => holding.owners[0]!.person
