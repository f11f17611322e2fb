import { describe, expect, test } from 'vitest'
import { dueDate } from './due.ts'

const calendar = { zone: 'Europe/Berlin', workingWeekdays: [1, 2, 3, 4, 5], holidays: ['2026-04-03', '2026-04-06'] }

describe('a nightly feed, due at six', () => {
  test('on Tuesday at seven tells of Monday', () =>
    expect(dueDate('2026-03-03', '07:00:00', '06:00', calendar)).toBe('2026-03-02'))
  test('on Tuesday at five it may still tell of Friday', () =>
    expect(dueDate('2026-03-03', '05:00:00', '06:00', calendar)).toBe('2026-02-27'))
  test('on Monday at seven tells of Friday', () =>
    expect(dueDate('2026-03-02', '07:00:00', '06:00', calendar)).toBe('2026-02-27'))
  test('over the weekend, what came on Friday is enough', () =>
    expect(dueDate('2026-03-08', '12:00:00', '06:00', calendar)).toBe('2026-03-05'))
  test('after Easter tells of Maundy Thursday', () =>
    expect(dueDate('2026-04-07', '07:00:00', '06:00', calendar)).toBe('2026-04-02'))
})
