import type { Node } from './ast.ts'
import type { ComparisonId, OverloadId } from './functions.ts'
import { canOverflow } from './ranges.ts'
import { civilSql, dayPart, getters, localMs, textOfDaySql, textOfInstantSql } from './sql-calendar.ts'
import { bind, i64, quoteText, type Sql, type SqlContext } from './sql-text.ts'
import {
  DATE_MAX_DAY,
  DATE_MIN_DAY,
  DURATION_MAX_MS,
  elementOf,
  INT_MAX,
  MS_PER_DAY,
  TIMESTAMP_MAX_MS,
  TIMESTAMP_MIN_MS,
} from './value-types.ts'

/** The value of a call, and its own error bit when the operation itself can fail; the arguments' errors are added by the caller. */
type Made = { value: string; error?: string }
type Make = (args: Sql[], nodes: Node[], c: SqlContext) => Made

const outside = (x: string, min: number, max: number): string => `(${x} < ${min} OR ${x} > ${max})`
const ints = (args: Sql[], nodes: Node[]): [string, string] => [
  i64(args[0]!, nodes[0]!),
  args[1] ? i64(args[1], nodes[1]!) : '',
]

/** An operator on 64-bit integers whose result must stay in a range. The range is tested on the result itself: the operands are too small to wrap. */
const ranged =
  (sign: '+' | '-', min: number, max: number): Make =>
  (args, nodes, c) => {
    const [a, b] = ints(args, nodes)
    const value = `(${a} ${sign} ${b})`
    return { value, error: bind(c, [value], (x) => outside(x!, min, max)) }
  }

const summed = ranged('+', -INT_MAX, INT_MAX)
const reduced = ranged('-', -INT_MAX, INT_MAX)

/** A written divisor that is not zero: nothing to test. */
const isDivisor = (node: Node): boolean => node.kind === 'literal' && node.value !== 0

const plain =
  (text: (a: string, b: string) => string): Make =>
  (args) => ({ value: text(args[0]!.value, args[1]?.value ?? '') })

const whole =
  (text: (a: string, b: string) => string): Make =>
  (args, nodes) => ({ value: text(...ints(args, nodes)) })

const same: Make = (args, nodes) => ({ value: i64(args[0]!, nodes[0]!) })
const size = (of: 'lengthUTF8' | 'length'): Make => plain((a) => `toInt64(${of}(${a}))`)

const match: Make = (args, nodes) => ({
  // ClickHouse lets the dot match a line break unless told otherwise; CEL's RE2 does not.
  value: `match(${args[0]!.value}, ${quoteText(`(?-s)${String((nodes[1] as { value: string }).value)}`)})`,
})

const extreme =
  (sign: '<' | '>'): Make =>
  (args, _nodes, c) => ({
    value: bind(
      c,
      [args[0]!.value, args[1]!.value],
      (a, b) => `multiIf(isNaN(${a}), ${a}, isNaN(${b}), ${b}, ${b} ${sign} ${a}, ${b}, ${a})`,
    ),
  })

const TRUE_TEXTS = "('1', 't', 'T', 'true', 'True', 'TRUE')"
const FALSE_TEXTS = "('0', 'f', 'F', 'false', 'False', 'FALSE')"

const getter =
  (name: keyof typeof getters): Make =>
  (args, nodes, c) => {
    const ms = i64(args[0]!, nodes[0]!)
    const zone = nodes[1]
    if (!zone) return { value: getters[name](ms) }
    return { value: bind(c, [localMs(c, ms, String((zone as { value: string }).value))], (x) => getters[name](x!)) }
  }

export const functionsSql: Record<Exclude<OverloadId, ComparisonId | 'dyn'>, Make> = {
  int_add: (args, nodes, c) =>
    (canOverflow('int_add', nodes[0]!, nodes[1]!) ? summed : whole((a, b) => `(${a} + ${b})`))(args, nodes, c),
  int_sub: (args, nodes, c) =>
    (canOverflow('int_sub', nodes[0]!, nodes[1]!) ? reduced : whole((a, b) => `(${a} - ${b})`))(args, nodes, c),
  int_mul: (args, nodes) => {
    const [a, b] = ints(args, nodes)
    const value = `(${a} * ${b})`
    if (!canOverflow('int_mul', nodes[0]!, nodes[1]!)) return { value }
    // Two integers below 2⁵³ are exact doubles, and their rounded product is beyond the range exactly when the true one is.
    return { value, error: `(abs(toFloat64(${a}) * toFloat64(${b})) > ${INT_MAX})` }
  },
  int_div: (args, nodes) => {
    const [a, b] = ints(args, nodes)
    return isDivisor(nodes[1]!)
      ? { value: `intDiv(${a}, ${b})` }
      : { value: `intDivOrZero(${a}, ${b})`, error: `(${b} = 0)` }
  },
  int_mod: (args, nodes) => {
    const [a, b] = ints(args, nodes)
    return isDivisor(nodes[1]!)
      ? { value: `toInt64(${a} % ${b})` }
      : { value: `toInt64(moduloOrZero(${a}, ${b}))`, error: `(${b} = 0)` }
  },
  int_neg: whole((a) => `(0 - ${a})`),
  double_add: plain((a, b) => `(${a} + ${b})`),
  double_sub: plain((a, b) => `(${a} - ${b})`),
  double_mul: plain((a, b) => `(${a} * ${b})`),
  double_div: plain((a, b) => `(${a} / ${b})`),
  double_neg: plain((a) => `negate(${a})`),
  string_add: plain((a, b) => `concat(${a}, ${b})`),
  list_add: plain((a, b) => `arrayConcat(${a}, ${b})`),
  timestamp_add_duration: ranged('+', TIMESTAMP_MIN_MS, TIMESTAMP_MAX_MS),
  duration_add_timestamp: ranged('+', TIMESTAMP_MIN_MS, TIMESTAMP_MAX_MS),
  timestamp_sub_duration: ranged('-', TIMESTAMP_MIN_MS, TIMESTAMP_MAX_MS),
  duration_add: ranged('+', -DURATION_MAX_MS, DURATION_MAX_MS),
  duration_sub: ranged('-', -DURATION_MAX_MS, DURATION_MAX_MS),
  timestamp_sub: ranged('-', -DURATION_MAX_MS, DURATION_MAX_MS),
  index: (args, nodes) => {
    const list = args[0]!.value
    const i = i64(args[1]!, nodes[1]!)
    // As an unsigned number a negative index is far beyond any list; the remainder keeps it from becoming 0, which throws.
    return { value: `(${list}[toUInt64(${i}) % 4294967296 + 1])`, error: `(toUInt64(${i}) >= length(${list}))` }
  },

  string_size: size('lengthUTF8'),
  string_size_method: size('lengthUTF8'),
  list_size: size('length'),
  list_size_method: size('length'),
  contains: plain((a, b) => `(position(${a}, ${b}) > 0)`),
  starts_with: plain((a, b) => `startsWith(${a}, ${b})`),
  ends_with: plain((a, b) => `endsWith(${a}, ${b})`),
  matches: match,
  matches_function: match,
  // ClickHouse's lower and upper change ASCII letters only, which is what these ask for.
  lower_ascii: plain((a) => `lower(${a})`),
  upper_ascii: plain((a) => `upper(${a})`),

  int_of_int: same,
  int_of_double: (args) => {
    const x = args[0]!.value
    return {
      value: `toInt64(least(greatest(ifNotFinite(${x}, 0.0), -9007199254740992.0), 9007199254740992.0))`,
      error: `(NOT (abs(${x}) < 9007199254740992))`,
    }
  },
  int_of_string: (args, _nodes, c) => ({
    value: `toInt64OrZero(${args[0]!.value})`,
    error: bind(
      c,
      [args[0]!.value],
      (s) => `(NOT match(${s}, '^-?[0-9]{1,18}$') OR ${outside(`toInt64OrZero(${s})`, -INT_MAX, INT_MAX)})`,
    ),
  }),
  int_of_timestamp: whole((ms) => `toInt64(floor(${ms} / 1000))`),
  double_of_double: plain((a) => a),
  double_of_int: whole((a) => `toFloat64(${a})`),
  double_of_string: (args, _nodes, c) => ({
    value: bind(
      c,
      [args[0]!.value],
      (s) => `multiIf(${s} = 'NaN', nan, ${s} = 'Infinity', inf, ${s} = '-Infinity', -inf, toFloat64OrZero(${s}))`,
    ),
    error: `(NOT match(${args[0]!.value}, '^(-?[0-9]{1,40}(\\\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?|NaN|-?Infinity)$'))`,
  }),
  bool_of_bool: plain((a) => a),
  bool_of_string: (args, _nodes, c) => ({
    value: `(${args[0]!.value} IN ${TRUE_TEXTS})`,
    error: bind(c, [args[0]!.value], (s) => `(${s} NOT IN ${TRUE_TEXTS} AND ${s} NOT IN ${FALSE_TEXTS})`),
  }),
  string_of_string: plain((a) => a),
  string_of_int: whole((a) => `toString(${a})`),
  string_of_double: (args, _nodes, c) => ({
    value: bind(
      c,
      [args[0]!.value],
      (x) =>
        `multiIf(isNaN(${x}), 'NaN', isInfinite(${x}), if(${x} > 0, 'Infinity', '-Infinity'), replaceRegexpOne(toString(${x}), 'e([0-9])', 'e+\\\\1'))`,
    ),
  }),
  string_of_bool: plain((a) => `if(${a}, 'true', 'false')`),
  string_of_timestamp: (args, nodes, c) => ({ value: textOfInstantSql(c, i64(args[0]!, nodes[0]!)) }),
  string_of_date: (args, nodes, c) => ({ value: textOfDaySql(c, i64(args[0]!, nodes[0]!)) }),
  string_of_duration: (args, nodes, c) => ({
    value: bind(
      c,
      [i64(args[0]!, nodes[0]!)],
      (ms) =>
        `concat(if(${ms} < 0, '-', ''), toString(intDiv(abs(${ms}), 1000)), if(abs(${ms}) % 1000 = 0, '', concat('.', replaceRegexpOne(leftPad(toString(abs(${ms}) % 1000), 3, '0'), '0+$', ''))), 's')`,
    ),
  }),
  timestamp_of_timestamp: same,
  timestamp_of_int: (args, nodes) => {
    const [seconds] = ints(args, nodes)
    return {
      value: `(${seconds} * 1000)`,
      error: outside(seconds, TIMESTAMP_MIN_MS / 1000, Math.floor(TIMESTAMP_MAX_MS / 1000)),
    }
  },
  timestamp_of_string: (args, _nodes, c) => {
    const parts = bind(
      c,
      [args[0]!.value],
      (s) =>
        `extractGroups(${s}, '^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\\\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$')`,
    )
    const part = (g: string, i: number): string => `toInt64OrZero(${g}[${i}])`
    const fraction = (g: string): string => `rightPad(${g}[7], 9, '0')`
    const msOf = (g: string): string =>
      `(${civilSql(c, part(g, 1), part(g, 2), part(g, 3))} * ${MS_PER_DAY} + ((${part(g, 4)} * 60 + ${part(g, 5)}) * 60 + ${part(g, 6)}) * 1000 + toInt64OrZero(substring(${fraction(g)}, 1, 3)) - if(${g}[8] = '-', -1, 1) * (${part(g, 9)} * 60 + ${part(g, 10)}) * 60000)`
    return {
      value: bind(c, [parts], (g) => msOf(g!)),
      error: bind(
        c,
        [parts],
        (g) =>
          `(length(${g}) != 10 OR ${dayPart.invalid(c, part(g!, 1), part(g!, 2), part(g!, 3))} OR ${part(g!, 4)} > 23 OR ${part(g!, 5)} > 59 OR ${part(g!, 6)} > 59 OR ${part(g!, 9)} > 23 OR ${part(g!, 10)} > 59 OR toInt64OrZero(substring(${fraction(g!)}, 4, 6)) != 0 OR ${bind(c, [msOf(g!)], (ms) => outside(ms!, TIMESTAMP_MIN_MS, TIMESTAMP_MAX_MS))})`,
      ),
    }
  },
  date_of_date: same,
  date_of_string: (args, _nodes, c) => {
    const parts = bind(c, [args[0]!.value], (s) => `extractGroups(${s}, '^([0-9]{4})-([0-9]{2})-([0-9]{2})$')`)
    const part = (g: string, i: number): string => `toInt64OrZero(${g}[${i}])`
    return {
      value: bind(c, [parts], (g) => civilSql(c, part(g!, 1), part(g!, 2), part(g!, 3))),
      error: bind(
        c,
        [parts],
        (g) => `(length(${g}) != 3 OR ${dayPart.invalid(c, part(g!, 1), part(g!, 2), part(g!, 3))})`,
      ),
    }
  },
  date_of_timestamp: (args, nodes, c) => ({
    value: `toInt64(least(greatest(floor(${localMs(c, i64(args[0]!, nodes[0]!), c.env.zone)} / ${MS_PER_DAY}), ${DATE_MIN_DAY}), ${DATE_MAX_DAY}))`,
  }),
  duration_of_duration: same,

  int_abs: whole((a) => `toInt64(abs(${a}))`),
  double_abs: plain((a) => `abs(${a})`),
  int_min: whole((a, b) => `least(${a}, ${b})`),
  date_min: whole((a, b) => `least(${a}, ${b})`),
  timestamp_min: whole((a, b) => `least(${a}, ${b})`),
  double_min: extreme('<'),
  int_max: whole((a, b) => `greatest(${a}, ${b})`),
  date_max: whole((a, b) => `greatest(${a}, ${b})`),
  timestamp_max: whole((a, b) => `greatest(${a}, ${b})`),
  double_max: extreme('>'),
  floor: plain((a) => `floor(${a})`),
  ceil: plain((a) => `ceil(${a})`),
  is_nan: plain((a) => `isNaN(${a})`),
  is_finite: plain((a) => `isFinite(${a})`),
  int_sum: (args, nodes, c) => {
    if (elementOf(nodes[0]!.type) === 'never') return { value: 'toInt64(0)' }
    const each = `_e${c.bound++}`
    return {
      value: `toInt64(arraySum(${args[0]!.value}))`,
      error: `arrayExists(${each} -> ${outside(each, -INT_MAX, INT_MAX)}, arrayCumSum(${args[0]!.value}))`,
    }
  },

  days_between: whole((a, b) => `(${b} - ${a})`),
  years_between: (args, nodes, c) => ({
    value: bind(c, ints(args, nodes), (a, b) => {
      const [low, high] = [`least(${a}, ${b})`, `greatest(${a}, ${b})`]
      const inYear = (d: string): string => `(${dayPart.month(d)} * 100 + ${dayPart.day(d)})`
      return `((${dayPart.year(high)} - ${dayPart.year(low)} - if(${inYear(high)} < ${inYear(low)}, 1, 0)) * if(${b} < ${a}, -1, 1))`
    }),
  }),
  add_days: ranged('+', DATE_MIN_DAY, DATE_MAX_DAY),
  add_months: (args, nodes, c) => {
    const [d, n] = ints(args, nodes)
    const value = bind(c, [d, n], (d, n) =>
      bind(c, [`(${dayPart.year(d!)} * 12 + ${dayPart.month(d!)} - 1 + ${n})`], (months) => {
        const year = `toInt64(floor(${months} / 12))`
        const month = `toInt64(positiveModulo(${months}, 12) + 1)`
        return civilSql(c, year, month, `least(${dayPart.day(d!)}, ${dayPart.lastOf(year, month)})`)
      }),
    )
    return {
      value,
      error: bind(
        c,
        [n, value],
        (n, v) => `(${outside(n!, -120_000, 120_000)} OR ${outside(v!, DATE_MIN_DAY, DATE_MAX_DAY)})`,
      ),
    }
  },
  year: whole((d) => dayPart.year(d)),
  month: whole((d) => dayPart.month(d)),
  day: whole((d) => dayPart.day(d)),
  weekday: whole((d) => `toInt64(positiveModulo(${d} + 3, 7) + 1)`),

  get_full_year: getter('getFullYear'),
  get_month: getter('getMonth'),
  get_date: getter('getDate'),
  get_day_of_month: getter('getDayOfMonth'),
  get_day_of_week: getter('getDayOfWeek'),
  get_day_of_year: getter('getDayOfYear'),
  get_hours: getter('getHours'),
  get_minutes: getter('getMinutes'),
  get_seconds: getter('getSeconds'),
  get_milliseconds: getter('getMilliseconds'),
  get_full_year_in: getter('getFullYear'),
  get_month_in: getter('getMonth'),
  get_date_in: getter('getDate'),
  get_day_of_month_in: getter('getDayOfMonth'),
  get_day_of_week_in: getter('getDayOfWeek'),
  get_day_of_year_in: getter('getDayOfYear'),
  get_hours_in: getter('getHours'),
  get_minutes_in: getter('getMinutes'),
  get_seconds_in: getter('getSeconds'),
  get_milliseconds_in: getter('getMilliseconds'),
  duration_hours: whole((ms) => `intDiv(${ms}, 3600000)`),
  duration_minutes: whole((ms) => `intDiv(${ms}, 60000)`),
  duration_seconds: whole((ms) => `intDiv(${ms}, 1000)`),
  duration_milliseconds: whole((ms) => `toInt64(${ms} % 1000)`),
}
