import { describe, expect, test } from 'vitest'
import { complaintDue, workingDaysAfter } from './due.ts'

const calendar = { zone: 'Europe/Berlin', workingWeekdays: [1, 2, 3, 4, 5], holidays: ['2026-04-03', '2026-04-06'] }

describe('a complaint is answered within fifteen business days', () => {
  test('of one that came on a Monday, three weeks later', () => {
    expect(complaintDue('2026-03-02', '2026-03-02', calendar)).toEqual({
      replyDueOn: '2026-03-23',
      replyDueAtLastOn: '2026-04-22',
      businessDaysLeft: 15,
      overdue: false,
    })
  })
  test('the day on which it came does not count, nor do weekends and holidays', () => {
    expect(workingDaysAfter('2026-03-06', 1, calendar)).toBe('2026-03-09')
    expect(workingDaysAfter('2026-03-07', 1, calendar)).toBe('2026-03-09')
    // Good Friday and Easter Monday.
    expect(workingDaysAfter('2026-04-02', 1, calendar)).toBe('2026-04-07')
    expect(complaintDue('2026-03-16', '2026-03-16', calendar).replyDueOn).toBe('2026-04-08')
  })
  test('it is late from the day after', () => {
    expect(complaintDue('2026-03-02', '2026-03-23', calendar)).toMatchObject({ businessDaysLeft: 0, overdue: false })
    expect(complaintDue('2026-03-02', '2026-03-24', calendar)).toMatchObject({ businessDaysLeft: -1, overdue: true })
    expect(complaintDue('2026-03-02', '2026-03-28', calendar)).toMatchObject({ businessDaysLeft: -4, overdue: true })
  })
})
