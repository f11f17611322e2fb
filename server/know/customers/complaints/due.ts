import { addDays, type BankCalendar, isWorkingDay, nextWorkingDay } from '#platform/clock'

/** Business days within which a complaint about payments is answered in full (directive 2015/2366, article 101). */
export const REPLY_BUSINESS_DAYS = 15
/** Where that cannot be done for reasons beyond the bank, which a first reply must then give: the last day of all. */
export const REPLY_BUSINESS_DAYS_MAX = 35

/** The n-th working day after a date; the date itself does not count. */
export function workingDaysAfter(date: string, days: number, calendar: BankCalendar): string {
  let day = date
  for (let passed = 0; passed < days; passed++) day = nextWorkingDay(addDays(day, 1), calendar)
  return day
}

/** Working days from `today` to the due date: 0 on the day itself, negative after it. */
export function workingDaysLeft(today: string, dueOn: string, calendar: BankCalendar): number {
  const [from, to] = today <= dueOn ? [today, dueOn] : [dueOn, today]
  let days = 0
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkingDay(day, calendar)) days++
  return today <= dueOn ? days : -days
}

/** Until when a complaint received on a date is answered, and how much of that is left. */
export function complaintDue(receivedOn: string, today: string, calendar: BankCalendar) {
  const replyDueOn = workingDaysAfter(receivedOn, REPLY_BUSINESS_DAYS, calendar)
  return {
    replyDueOn,
    replyDueAtLastOn: workingDaysAfter(receivedOn, REPLY_BUSINESS_DAYS_MAX, calendar),
    businessDaysLeft: workingDaysLeft(today, replyDueOn, calendar),
    overdue: today > replyDueOn,
  }
}
