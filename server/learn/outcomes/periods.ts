import { addDays, dayNumber } from '#platform/clock'

/**
 * The weeks (from Monday) or months that meet [from, to), cut to it, the earliest first; one more than `periodsMax` where
 * there are more. Dates 'YYYY-MM-DD'; none before a date that no calendar has.
 */
export function periodsOf(
  by: 'week' | 'month',
  from: string,
  to: string,
  periodsMax = 10_000,
): { from: string; to: string }[] {
  const periods: { from: string; to: string }[] = []
  for (let at = from; at < to && periods.length <= periodsMax; ) {
    const next = by === 'week' ? addDays(at, 7 - ((dayNumber(at) + 3) % 7)) : nextMonth(at)
    const end = [next, to].sort()[0]!
    // Past the last day of the year 9999 a date is no longer ten characters, and no longer in order.
    if (end <= at) break
    periods.push({ from: at, to: end })
    at = end
  }
  return periods
}

const nextMonth = (date: string): string => {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  return month === 12
    ? `${String(year + 1).padStart(4, '0')}-01-01`
    : `${date.slice(0, 4)}-${String(month + 1).padStart(2, '0')}-01`
}
