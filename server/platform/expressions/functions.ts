/**
 * Every operator and function of the language with the types it takes. T is any one type; `pattern` and `zone` are
 * strings that must be written out, so that a bad regular expression or zone is found when the rule is written.
 */
export interface Overload {
  name: string
  style: 'operator' | 'unary' | 'function' | 'method'
  params: readonly string[]
  result: string
}

const operator = (name: string, left: string, right: string, result: string): Overload => ({
  name,
  style: 'operator',
  params: [left, right],
  result,
})
const unary = (name: string, of: string, result: string): Overload => ({ name, style: 'unary', params: [of], result })
const func = (name: string, params: string[], result: string): Overload => ({ name, style: 'function', params, result })
const method = (name: string, params: string[], result: string): Overload => ({ name, style: 'method', params, result })

export const OVERLOADS = {
  int_add: operator('+', 'int', 'int', 'int'),
  double_add: operator('+', 'double', 'double', 'double'),
  string_add: operator('+', 'string', 'string', 'string'),
  list_add: operator('+', 'list<T>', 'list<T>', 'list<T>'),
  timestamp_add_duration: operator('+', 'timestamp', 'duration', 'timestamp'),
  duration_add_timestamp: operator('+', 'duration', 'timestamp', 'timestamp'),
  duration_add: operator('+', 'duration', 'duration', 'duration'),
  int_sub: operator('-', 'int', 'int', 'int'),
  double_sub: operator('-', 'double', 'double', 'double'),
  timestamp_sub_duration: operator('-', 'timestamp', 'duration', 'timestamp'),
  timestamp_sub: operator('-', 'timestamp', 'timestamp', 'duration'),
  duration_sub: operator('-', 'duration', 'duration', 'duration'),
  int_mul: operator('*', 'int', 'int', 'int'),
  double_mul: operator('*', 'double', 'double', 'double'),
  int_div: operator('/', 'int', 'int', 'int'),
  double_div: operator('/', 'double', 'double', 'double'),
  int_mod: operator('%', 'int', 'int', 'int'),
  int_neg: unary('-', 'int', 'int'),
  double_neg: unary('-', 'double', 'double'),

  // The comparisons take two of one type or int beside double; check.ts says which types have an order.
  eq: operator('==', 'comparable', 'comparable', 'bool'),
  ne: operator('!=', 'comparable', 'comparable', 'bool'),
  lt: operator('<', 'ordered', 'ordered', 'bool'),
  le: operator('<=', 'ordered', 'ordered', 'bool'),
  gt: operator('>', 'ordered', 'ordered', 'bool'),
  ge: operator('>=', 'ordered', 'ordered', 'bool'),
  in: operator('in', 'comparable', 'list of comparable', 'bool'),
  index: operator('[]', 'list<T>', 'int', 'T'),

  string_size: func('size', ['string'], 'int'),
  list_size: func('size', ['list<T>'], 'int'),
  string_size_method: method('size', ['string'], 'int'),
  list_size_method: method('size', ['list<T>'], 'int'),
  contains: method('contains', ['string', 'string'], 'bool'),
  starts_with: method('startsWith', ['string', 'string'], 'bool'),
  ends_with: method('endsWith', ['string', 'string'], 'bool'),
  matches: method('matches', ['string', 'pattern'], 'bool'),
  matches_function: func('matches', ['string', 'pattern'], 'bool'),
  lower_ascii: method('lowerAscii', ['string'], 'string'),
  upper_ascii: method('upperAscii', ['string'], 'string'),

  int_of_int: func('int', ['int'], 'int'),
  int_of_double: func('int', ['double'], 'int'),
  int_of_string: func('int', ['string'], 'int'),
  int_of_timestamp: func('int', ['timestamp'], 'int'),
  double_of_double: func('double', ['double'], 'double'),
  double_of_int: func('double', ['int'], 'double'),
  double_of_string: func('double', ['string'], 'double'),
  bool_of_bool: func('bool', ['bool'], 'bool'),
  bool_of_string: func('bool', ['string'], 'bool'),
  string_of_string: func('string', ['string'], 'string'),
  string_of_int: func('string', ['int'], 'string'),
  string_of_double: func('string', ['double'], 'string'),
  string_of_bool: func('string', ['bool'], 'string'),
  string_of_timestamp: func('string', ['timestamp'], 'string'),
  string_of_date: func('string', ['date'], 'string'),
  string_of_duration: func('string', ['duration'], 'string'),
  timestamp_of_timestamp: func('timestamp', ['timestamp'], 'timestamp'),
  timestamp_of_int: func('timestamp', ['int'], 'timestamp'),
  timestamp_of_string: func('timestamp', ['string'], 'timestamp'),
  date_of_date: func('date', ['date'], 'date'),
  date_of_string: func('date', ['string'], 'date'),
  date_of_timestamp: func('date', ['timestamp'], 'date'),
  duration_of_duration: func('duration', ['duration'], 'duration'),
  dyn: func('dyn', ['T'], 'T'),

  int_abs: func('abs', ['int'], 'int'),
  double_abs: func('abs', ['double'], 'double'),
  int_min: func('min', ['int', 'int'], 'int'),
  double_min: func('min', ['double', 'double'], 'double'),
  date_min: func('min', ['date', 'date'], 'date'),
  timestamp_min: func('min', ['timestamp', 'timestamp'], 'timestamp'),
  int_max: func('max', ['int', 'int'], 'int'),
  double_max: func('max', ['double', 'double'], 'double'),
  date_max: func('max', ['date', 'date'], 'date'),
  timestamp_max: func('max', ['timestamp', 'timestamp'], 'timestamp'),
  floor: func('floor', ['double'], 'double'),
  ceil: func('ceil', ['double'], 'double'),
  is_nan: func('is_nan', ['double'], 'bool'),
  is_finite: func('is_finite', ['double'], 'bool'),
  int_sum: func('sum', ['list<int>'], 'int'),

  days_between: func('days_between', ['date', 'date'], 'int'),
  years_between: func('years_between', ['date', 'date'], 'int'),
  add_days: func('add_days', ['date', 'int'], 'date'),
  add_months: func('add_months', ['date', 'int'], 'date'),
  year: func('year', ['date'], 'int'),
  month: func('month', ['date'], 'int'),
  day: func('day', ['date'], 'int'),
  weekday: func('weekday', ['date'], 'int'),

  get_full_year: method('getFullYear', ['timestamp'], 'int'),
  get_month: method('getMonth', ['timestamp'], 'int'),
  get_date: method('getDate', ['timestamp'], 'int'),
  get_day_of_month: method('getDayOfMonth', ['timestamp'], 'int'),
  get_day_of_week: method('getDayOfWeek', ['timestamp'], 'int'),
  get_day_of_year: method('getDayOfYear', ['timestamp'], 'int'),
  get_hours: method('getHours', ['timestamp'], 'int'),
  get_minutes: method('getMinutes', ['timestamp'], 'int'),
  get_seconds: method('getSeconds', ['timestamp'], 'int'),
  get_milliseconds: method('getMilliseconds', ['timestamp'], 'int'),
  get_full_year_in: method('getFullYear', ['timestamp', 'zone'], 'int'),
  get_month_in: method('getMonth', ['timestamp', 'zone'], 'int'),
  get_date_in: method('getDate', ['timestamp', 'zone'], 'int'),
  get_day_of_month_in: method('getDayOfMonth', ['timestamp', 'zone'], 'int'),
  get_day_of_week_in: method('getDayOfWeek', ['timestamp', 'zone'], 'int'),
  get_day_of_year_in: method('getDayOfYear', ['timestamp', 'zone'], 'int'),
  get_hours_in: method('getHours', ['timestamp', 'zone'], 'int'),
  get_minutes_in: method('getMinutes', ['timestamp', 'zone'], 'int'),
  get_seconds_in: method('getSeconds', ['timestamp', 'zone'], 'int'),
  get_milliseconds_in: method('getMilliseconds', ['timestamp', 'zone'], 'int'),
  duration_hours: method('getHours', ['duration'], 'int'),
  duration_minutes: method('getMinutes', ['duration'], 'int'),
  duration_seconds: method('getSeconds', ['duration'], 'int'),
  duration_milliseconds: method('getMilliseconds', ['duration'], 'int'),
} satisfies Record<string, Overload>

export type OverloadId = keyof typeof OVERLOADS

/** The comparisons, whose operands check.ts judges itself. */
export const COMPARISONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in'] as const
export type ComparisonId = (typeof COMPARISONS)[number]

/** The overloads of a name written in a style. */
export function overloadsOf(name: string, style: Overload['style']): [OverloadId, Overload][] {
  return (Object.entries(OVERLOADS) as [OverloadId, Overload][]).filter(([, o]) => o.name === name && o.style === style)
}

export const namesOf = (style: Overload['style']): string[] => [
  ...new Set(
    Object.values(OVERLOADS)
      .filter((o) => o.style === style)
      .map((o) => o.name),
  ),
]
