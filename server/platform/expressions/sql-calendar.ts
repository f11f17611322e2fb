import { bind, type SqlContext } from './sql-text.ts'
import { MS_PER_DAY } from './value-types.ts'
import { fixedOffsetMs, SLOT_SECONDS, ZONE_END_SECONDS, zoneTable } from './zones.ts'

// ClickHouse's own calendar goes from 1900 to 2299. That is exactly one Gregorian cycle of 400 years or 146,097 days,
// so any day of any year has a twin in it with the same month, day and weekday.
const CYCLE_DAYS = 146_097
const EPOCH_1900 = 25_567

const twin = (day: string): string =>
  `addDays(toDate32('1900-01-01'), positiveModulo(${day} + ${EPOCH_1900}, ${CYCLE_DAYS}))`

const year = (day: string): string =>
  `(toInt64(toYear(${twin(day)})) + 400 * toInt64(floor((${day} + ${EPOCH_1900}) / ${CYCLE_DAYS})))`
const twinYear = (y: string): string => `(1900 + positiveModulo(${y} - 1900, 400))`
const twinDay = (y: string, month: string, day: string): string => `makeDate32(${twinYear(y)}, ${month}, ${day})`

/** The parts of a day number, each an Int64. */
export const dayPart = {
  year,
  month: (day: string): string => `toInt64(toMonth(${twin(day)}))`,
  day: (day: string): string => `toInt64(toDayOfMonth(${twin(day)}))`,
  /** The number of days in a month. */
  lastOf: (y: string, month: string): string =>
    `[31, if((${y} % 4 = 0 AND ${y} % 100 != 0) OR ${y} % 400 = 0, 29, 28), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][${month}]`,
  /** From 0. Counted from the first of January, because ClickHouse's toDayOfYear gives 364 for the last day of its calendar. */
  ofYear: (day: string): string => `toInt64(toInt32(${twin(day)}) - toInt32(makeDate32(toYear(${twin(day)}), 1, 1)))`,
  /** Whether year, month and day do not name a day of the years 1 to 9999: ClickHouse then makes some other day of them. */
  invalid: (c: SqlContext, y: string, month: string, day: string): string =>
    bind(
      c,
      [y, month, day],
      (y, m, d) =>
        `(${y} < 1 OR ${m} < 1 OR ${m} > 12 OR toMonth(${twinDay(y!, m!, d!)}) != ${m} OR toDayOfMonth(${twinDay(y!, m!, d!)}) != ${d})`,
    ),
}

/** The day number of year, month and day. */
export const civilSql = (c: SqlContext, y: string, month: string, day: string): string =>
  bind(
    c,
    [y, month, day],
    (y, m, d) => `(toInt64(toInt32(${twinDay(y!, m!, d!)})) + ${CYCLE_DAYS} * toInt64(floor((${y} - 1900) / 400)))`,
  )

/** An instant moved to the wall clock of a zone, in milliseconds. */
export function localMs(c: SqlContext, ms: string, zone: string): string {
  const fixed = fixedOffsetMs(zone)
  if (fixed === 0) return ms
  if (fixed !== undefined) return `(${ms} + ${fixed})`
  return bind(c, [ms], (x) => `(${x} + ${offsetSql(c, x!, zone)} * 1000)`)
}

/** The offset in seconds, looked up in the zone's table: the slot's row, then the column after the last change. */
function offsetSql(c: SqlContext, ms: string, zone: string): string {
  const { offsets, changes } = zoneTable(zone)
  const most = Math.max(...changes.map((each) => each.length))
  if (most === 0) return String(offsets[0]![0])
  // Nearly every zone changes on the quarter of an hour and by quarters: written in quarters the table is a third shorter.
  const unit = [...offsets, ...changes].every((each) => each.every((seconds) => seconds % 900 === 0)) ? 900 : 1
  const seconds = `toInt64(least(greatest(floor(${ms} / 1000), 0), ${ZONE_END_SECONDS - 1}))`
  return bind(c, [seconds], (s) => {
    const slot = `[intDiv(${s}, ${SLOT_SECONDS}) + 1]`
    // As a text that is cast, since ClickHouse takes a written array for a hundred expressions.
    const row = (of: number[][], column: number, otherwise: number): string => {
      const entries = of.map((each) => (each[column] ?? otherwise) / unit)
      return entries.every((entry) => entry === entries[0])
        ? String(entries[0])
        : `CAST('[${entries.join(',')}]', 'Array(Int64)')${slot}`
    }
    const now = unit === 1 ? s : `intDiv(${s}, ${unit})`
    const cases = Array.from(
      { length: most },
      (_, n) => `${now} < ${row(changes, n, ZONE_END_SECONDS)}, ${row(offsets, n, 0)}`,
    )
    return `(multiIf(${cases.join(', ')}, ${row(offsets, most, 0)}) * ${unit})`
  })
}

const dayOfMs = (ms: string): string => `toInt64(floor(${ms} / ${MS_PER_DAY}))`
const restOfDay = (ms: string): string => `positiveModulo(${ms}, ${MS_PER_DAY})`

/** CEL's accessors on a wall clock in milliseconds. */
export const getters = {
  getFullYear: (ms: string) => dayPart.year(dayOfMs(ms)),
  getMonth: (ms: string) => `(${dayPart.month(dayOfMs(ms))} - 1)`,
  getDate: (ms: string) => dayPart.day(dayOfMs(ms)),
  getDayOfMonth: (ms: string) => `(${dayPart.day(dayOfMs(ms))} - 1)`,
  getDayOfWeek: (ms: string) => `toInt64(positiveModulo(${dayOfMs(ms)} + 4, 7))`,
  getDayOfYear: (ms: string) => dayPart.ofYear(dayOfMs(ms)),
  getHours: (ms: string) => `toInt64(intDiv(${restOfDay(ms)}, 3600000))`,
  getMinutes: (ms: string) => `toInt64(intDiv(${restOfDay(ms)}, 60000) % 60)`,
  getSeconds: (ms: string) => `toInt64(intDiv(${restOfDay(ms)}, 1000) % 60)`,
  getMilliseconds: (ms: string) => `toInt64(${restOfDay(ms)} % 1000)`,
} satisfies Record<string, (ms: string) => string>

const padded = (number: string, width: number): string => `leftPad(toString(${number}), ${width}, '0')`

export const textOfDaySql = (c: SqlContext, day: string): string =>
  bind(
    c,
    [day],
    (d) =>
      `concat(${padded(dayPart.year(d!), 4)}, '-', ${padded(dayPart.month(d!), 2)}, '-', ${padded(dayPart.day(d!), 2)})`,
  )

export const textOfInstantSql = (c: SqlContext, instant: string): string =>
  bind(c, [instant], (ms) => {
    const fraction = getters.getMilliseconds(ms!)
    const clock = [getters.getHours, getters.getMinutes, getters.getSeconds]
      .map((get) => padded(get(ms!), 2))
      .join(", ':', ")
    return `concat(${textOfDaySql(c, dayOfMs(ms!))}, 'T', ${clock}, if(${fraction} = 0, '', concat('.', replaceRegexpOne(${padded(fraction, 3)}, '0+$', ''))), 'Z')`
  })
