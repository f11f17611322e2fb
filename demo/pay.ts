import { daysIn, firstOf, workingDay } from './days.ts'
import { type Entries, enter, labelOf } from './entries.ts'
import { payGap, payThen } from './life.ts'
import type { Bank, Person } from './model.ts'
import { mix } from './random.ts'

const SALARY = labelOf('salary')
const THIRTEENTH = labelOf('thirteenth_salary')
const BONUS = labelOf('bonus')
const PENSION = labelOf('pension')
const FAMILY = labelOf('family_benefit')
const UNEMPLOYMENT = labelOf('unemployment_benefit')
const PARENTAL = labelOf('parental_allowance')
const GRANT = labelOf('student_grant')

export const EMPLOYER_PAYEES = 60_000

/** The day in this month on which pay arrives: late in a month it comes before a weekend, early in one after it. */
export function paydayIn(month: number, payday: number): number {
  const first = firstOf(month)
  if (payday <= 3) return workingDay(first + payday - 1, 1)
  return workingDay(first + Math.min(payday, daysIn(month)) - 1, -1)
}

/** Salary, pension or grant with what life did to it; and the second small income that half of the core users have. */
export function earn(bank: Bank, person: Person, month: number, to: Entries): void {
  const day = paydayIn(month, person.income.payday)
  const used = day >= person.activeFrom && day <= person.activeTo
  if (used && person.income.kind !== 'none') main(person, month, day, to)
  const draw = mix(bank.seed, person.block, 10_000 + person.slot, 13) / 4294967296
  const second = person.state === 'core' ? 0.61 : person.state === 'active' && person.age > 17 ? 0.22 : 0
  const other = firstOf(month) + 4 + (person.slot % 9)
  if (draw < second && other >= person.activeFrom && other <= person.activeTo) {
    enter(to, other, 300, 11_000 + Math.floor(draw * 30_000), FAMILY, 61_000)
  }
}

function main(person: Person, month: number, day: number, to: Entries): void {
  const { income } = person
  const cents = Math.round(income.cents * payThen(person, day))
  const retired = person.life.find((event) => event.kind === 'retirement')
  if (income.kind === 'student') {
    enter(to, day, 240, cents, GRANT, 61_001)
    return
  }
  if (income.kind === 'pension' ? !retired || retired.day < day : retired && retired.day < day) {
    enter(to, day, 240, income.kind === 'pension' ? cents : Math.round(cents * 0.66), PENSION, 61_002)
    return
  }
  const gap = payGap(person, day)
  if (gap) {
    const parental = gap.kind === 'parental_leave'
    enter(to, day, 240, Math.round(cents * (parental ? 0.65 : 0.55)), parental ? PARENTAL : UNEMPLOYMENT, 61_003)
    return
  }
  const pay = income.kind === 'pension' ? Math.round(cents * 1.5) : cents
  enter(to, day, 240, pay, SALARY, EMPLOYER_PAYEES + employerThen(person, day))
  extras(person, month, day, pay, to)
}

/** A thirteenth salary in November (for half of its months in June) and bonuses: they look like a rise, and are none. */
function extras(person: Person, month: number, day: number, pay: number, to: Entries): void {
  for (const event of person.life) {
    const recent = Math.abs(event.day - day) < 366
    if (event.kind === 'thirteenth_salary' && recent && month % 12 === (person.slot % 2 ? 10 : 5)) {
      enter(to, day, 245, Math.round(pay * 0.9), THIRTEENTH, EMPLOYER_PAYEES + employerThen(person, day))
      return
    }
    if (event.kind === 'bonus' && event.day >= firstOf(month) && event.day < firstOf(month + 1)) {
      enter(to, day, 246, Math.round(pay * event.size), BONUS, EMPLOYER_PAYEES + employerThen(person, day))
    }
  }
}

function employerThen(person: Person, day: number): number {
  let employer = person.income.employer
  for (const event of person.life) if (event.kind === 'new_employer' && event.day > day) employer += 7
  return employer % 30
}
