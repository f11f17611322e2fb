import { amountOf } from './amounts.ts'
import type { FieldSpec } from './contract.ts'
import { allCurrencies } from './currency.ts'
import { literal, text, texts } from './quote.ts'
import type { Holds, TargetField } from './targets.ts'

/** Something that may be wrong with a row: SQL that is true when it is, SQL of what was found, what was expected. */
export interface RowCheck {
  field: string | null
  reason: string
  bad: string
  found: string
  expected: string
}

/** A value as ClickHouse computes it, and what may be wrong with it. */
export interface Value {
  sql: string
  holds: Holds
  checks: Omit<RowCheck, 'field'>[]
}

export interface ColumnTools {
  /** SQL of a column's text. */
  column(name: string): string
  /** SQL of our numbers for a source's own id: 0 when there is none. */
  lookup(kind: 'customer' | 'holding', namespace: string, of: string): { customerId: string; holdingId: string }
  /** IANA zone in which instants without an offset are read. */
  zone: string
  /** Currency of amounts that name none. */
  currency: string
}

const plain = (sql: string): Value => ({ sql, holds: 'text', checks: [] })

const TOKENS = ['YYYY', 'YY', 'MMM', 'MM', 'M', 'DD', 'D', 'hh', 'mm', 'ss']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const twoDigits = (nth: number): string => String(nth).padStart(2, '0')

/** A date or instant whose parts have no fixed width (1.3.2026, 02-Mar-2026) as SQL: read by a pattern. */
function readLooseForm(x: string, format: string, century: number) {
  const at = new Map<string, number>()
  let pattern = ''
  for (let from = 0; from < format.length; ) {
    const token = TOKENS.find((each) => format.startsWith(each, from))
    if (token) {
      at.set(token[0] === 'M' ? 'M' : token[0] === 'D' ? 'D' : token, at.size + 1)
      pattern += token === 'MMM' ? '([A-Za-z]{3})' : token.length === 1 ? '(\\d{1,2})' : `(\\d{${token.length}})`
    } else pattern += literal(format[from]!)
    from += token?.length ?? 1
  }
  const whole = text(`^${pattern}$`)
  const part = (token: string): string | undefined =>
    at.has(token) ? `extractGroups(${x}, ${whole})[${at.get(token)}]` : undefined
  const padded = (token: string): string => `leftPad(${part(token)}, 2, '0')`
  const named = `transform(lower(${part('M')}), ${texts(MONTHS)}, ${texts(MONTHS.map((_, nth) => twoDigits(nth + 1)))}, '00')`
  const year = part('YYYY') ?? `concat(${text(String(century / 100))}, ${part('YY')})`
  const date = `concat(${year}, '-', ${format.includes('MMM') ? named : padded('M')}, '-', ${padded('D')})`
  return {
    matches: `match(${x}, ${whole})`,
    good: `(match(${x}, ${whole}) and ${isReal(date)})`,
    date,
    time: `concat(${part('hh') ?? "'00'"}, ':', ${part('mm') ?? "'00'"}, ':', ${part('ss') ?? "'00'"})`,
  }
}

/** A date or instant of fixed form as SQL: whether the text has the form, and its parts as YYYY-MM-DD and hh:mm:ss. */
function readForm(x: string, format: string, century: number) {
  if (format.includes('MMM') || !format.includes('MM') || !format.includes('DD'))
    return readLooseForm(x, format, century)
  const at = new Map<string, { from: number; size: number }>()
  const literals: string[] = []
  let pattern = ''
  for (let from = 0; from < format.length; ) {
    const token = ['YYYY', 'YY', 'MM', 'DD', 'hh', 'mm', 'ss'].find((each) => format.startsWith(each, from))
    if (token) {
      at.set(token, { from: from + 1, size: token.length })
      pattern += `\\d{${token.length}}`
      from += token.length
    } else {
      pattern += literal(format[from]!)
      literals.push(`substring(${x}, ${from + 1}, 1) = ${text(format[from]!)}`)
      from += 1
    }
  }
  const part = (token: string): string | undefined => {
    const found = at.get(token)
    return found && `substring(${x}, ${found.from}, ${found.size})`
  }
  const year = part('YYYY') ?? `concat(${text(String(century / 100))}, ${part('YY')})`
  const matches = `match(${x}, ${text(`^${pattern}$`)})`
  const plainDate = format === 'YYYY-MM-DD'
  const date = plainDate ? x : `concat(${year}, '-', ${part('MM')}, '-', ${part('DD')})`
  // Without a time of day the digits are proved by the date that comes back as it went in; no pattern is needed.
  const timed = at.has('hh') || at.has('mm') || at.has('ss')
  const shaped = timed ? matches : [`length(${x}) = ${format.length}`, ...(plainDate ? [] : literals)].join(' and ')
  return {
    matches,
    good: `(${shaped} and ${isReal(date)})`,
    date,
    time: `concat(${part('hh') ?? "'00'"}, ':', ${part('mm') ?? "'00'"}, ':', ${part('ss') ?? "'00'"})`,
  }
}

/** Whether a format names a whole date; two-digit years need a century beside them. */
export const isDateForm = (format: string, century?: number): boolean =>
  /M/.test(format) && /D/.test(format) && (/YYYY/.test(format) || (/YY/.test(format) && century !== undefined))

/** toDate32 moves 31 February into March; the text must come back as it went in. */
const isReal = (iso: string): string => `ifNull(toString(toDate32OrNull(${iso})) = ${iso}, 0)`

// Patterns are tried only on texts that a cheaper test has failed: they then only tell which reason to give.

function dateOf(x: string, format: string, century: number): Value {
  const { matches, good, date } = readForm(x, format, century)
  const bad = `${x} != '' and not ${good}`
  return {
    sql: `if(${good}, toDate32OrNull(${date}), null)`,
    holds: 'date',
    checks: [
      { reason: 'malformed_date', bad: `${bad} and not ${matches}`, found: x, expected: `a date as ${format}` },
      { reason: 'impossible_date', bad, found: x, expected: 'a date of the calendar, 1900 to 2299' },
    ],
  }
}

function instantOf(x: string, format: string, zone: string): Value {
  const iso = format === 'iso'
  const form = iso ? undefined : readForm(x, format, 1900)
  const matches =
    form?.matches ??
    `match(${x}, ${text('^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:?\\d{2})?$')})`
  const date = form?.date ?? `substring(${x}, 1, 10)`
  const whole = form ? `concat(${form.date}, ' ', ${form.time})` : x
  const instant = `toTimeZone(parseDateTime64BestEffortOrNull(${whole}, 3, ${text(zone)}), 'UTC')`
  return {
    sql: `if(${x} != '' and ${matches} and ${isReal(date)}, ${instant}, null)`,
    holds: 'instant',
    checks: [
      {
        reason: 'malformed_instant',
        bad: `${x} != '' and not ${matches}`,
        found: x,
        expected: iso ? 'an instant as 2026-03-02T08:00:00Z' : `an instant as ${format}`,
      },
      {
        reason: 'impossible_date',
        bad: `${x} != '' and (not ${isReal(date)} or isNull(${instant}))`,
        found: x,
        expected: 'an instant of the calendar',
      },
    ],
  }
}

/** The date, or the day in the bank's zone of an instant: what Parquet's timestamps and many exports hold. */
function dayOf(x: string, zone: string, bankZone: string): Value {
  const isDate = `(length(${x}) = 10 and ${isReal(x)})`
  const at = instantOf(x, 'iso', zone)
  const sql = `if(${isDate}, toDate32OrNull(${x}), toDate32(toTimeZone(${at.sql}, ${text(bankZone)})))`
  const expected = 'a date as 2026-03-02, or an instant as 2026-03-02T08:00:00Z'
  return {
    sql,
    holds: 'date',
    checks: [{ reason: 'malformed_date', bad: `${x} != '' and isNull(${sql})`, found: x, expected }],
  }
}

/** No text of a file contains this: it stands for "not in the list". */
const NOT_LISTED = '\u0001'

function mapOf(spec: Extract<FieldSpec, { map: string | string[] }>, tools: ColumnTools): Value {
  const columns = (Array.isArray(spec.map) ? spec.map : [spec.map]).map((name) => tools.column(name))
  const x = columns.length === 1 ? columns[0]! : `concat(${columns.join(", '|', ")})`
  const keys = Object.keys(spec.to)
  const given = spec.otherwise === undefined ? NOT_LISTED : spec.otherwise === null ? '' : flat(spec.otherwise)
  const mapped = `transform(${x}, ${texts(keys)}, ${texts(Object.values(spec.to).map((to) => flat(to as string)))}, ${text(given)})`
  if (spec.otherwise !== undefined) return plain(mapped)
  const empty = columns.map((column) => `${column} = ''`).join(' and ')
  const absent = keys.includes('') ? '0' : `(${empty})`
  return {
    sql: `if(${absent}, '', ${mapped})`,
    holds: 'text',
    checks: [
      {
        reason: 'unknown_value',
        bad: `not ${absent} and ${mapped} = ${text(NOT_LISTED)}`,
        found: x,
        expected: `one of ${keys.slice(0, 40).join(', ')}`,
      },
    ],
  }
}

const flat = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? String(Number(value)) : String(value)

function birthOf(x: string, gives: 'birth_on' | 'sex'): Value {
  const form = `match(${x}, '^\\\\d{6}(/?\\\\d{3,4})?$')`
  const month = `toUInt8OrZero(substring(${x}, 3, 2))`
  // Women have 50 added to the month; since 2004, when a day's numbers run out, 20 more.
  const real = `multiIf(${month} > 70, ${month} - 70, ${month} > 50, ${month} - 50, ${month} > 20, ${month} - 20, ${month})`
  const modern = `(length(replaceAll(${x}, '/', '')) = 10 and substring(${x}, 1, 2) < '54')`
  const iso = `concat(if(${modern}, '20', '19'), substring(${x}, 1, 2), '-', leftPad(toString(${real}), 2, '0'), '-', substring(${x}, 5, 2))`
  const good = `${form} and ${isReal(iso)}`
  return {
    sql:
      gives === 'sex'
        ? `if(${x} != '' and ${good}, if(${month} > 50, 'female', 'male'), '')`
        : `if(${x} != '' and ${good}, toDate32OrNull(${iso}), null)`,
    holds: gives === 'sex' ? 'text' : 'date',
    checks: [
      {
        reason: 'malformed_birth_number',
        bad: `${x} != '' and not (${good})`,
        found: x,
        expected: 'YYMMDD, women with month + 50',
      },
    ],
  }
}

/** The value of a field and what may be wrong with it, before it is fitted to what the target needs. */
export function fieldValue(spec: FieldSpec, tools: ColumnTools): Value {
  if (typeof spec === 'string') return plain(tools.column(spec))
  if ('value' in spec) return plain(text(flat(spec.value)))
  if ('text' in spec) {
    const x = tools.column(spec.text)
    return plain(spec.change ? `${spec.change}UTF8(${x})` : x)
  }
  if ('join' in spec) {
    const columns = spec.join.map((name) => tools.column(name)).join(', ')
    return plain(`arrayStringConcat(arrayFilter(x -> x != '', [${columns}]), ${text(spec.with ?? ' ')})`)
  }
  if ('date' in spec && spec.format === 'iso')
    return dayOf(tools.column(spec.date), spec.zone ?? tools.zone, tools.zone)
  if ('date' in spec) return dateOf(tools.column(spec.date), spec.format, spec.century ?? 1900)
  if ('instant' in spec) return instantOf(tools.column(spec.instant), spec.format, spec.zone ?? tools.zone)
  if ('integer' in spec) {
    const x = tools.column(spec.integer)
    const bad = `${x} != '' and not match(${x}, '^[+-]?\\\\d{1,15}$')`
    return {
      sql: `toInt64OrNull(${x})`,
      holds: 'integer',
      checks: [{ reason: 'malformed_number', bad, found: x, expected: 'a whole number' }],
    }
  }
  if ('amount' in spec) return amountOf(spec, tools)
  if ('map' in spec) return mapOf(spec, tools)
  if ('birthNumber' in spec) return birthOf(tools.column(spec.birthNumber), spec.gives)
  if ('lookup' in spec) {
    const x = tools.column(spec.of)
    const key = tools.lookup(spec.lookup, spec.namespace, x)
    const kind = spec.lookup === 'holding' && spec.gives !== 'owner' ? 'holding' : 'customer'
    return {
      sql: kind === 'holding' ? key.holdingId : key.customerId,
      holds: kind,
      checks: [
        {
          reason: 'unknown_key',
          bad: `${x} != '' and ${key.customerId} = 0`,
          found: x,
          expected: `a ${spec.lookup} known as ${spec.namespace}`,
        },
      ],
    }
  }
  const base = dateOf(tools.column(spec.to.date), spec.to.format, spec.to.century ?? 1900)
  const months = tools.column(spec.addMonths)
  const bad = `${months} != '' and not match(${months}, '^\\\\d{1,4}$')`
  return {
    sql: `if(${bad} or ${months} = '', null, addMonths(${base.sql}, toInt32OrZero(${months})))`,
    holds: 'date',
    checks: [...base.checks, { reason: 'malformed_number', bad, found: months, expected: 'a whole number of months' }],
  }
}

/** Whether a value that holds one thing can fill a field that holds another. */
export function fits(from: Holds, to: Holds): boolean {
  if (from === to) return true
  if (to === 'text') return from === 'integer'
  return from === 'text' && (to === 'integer' || to === 'flag' || to === 'money')
}

/** The value as the target's field needs it, with the checks that belong to the field: presence, list, length. */
export function fitted(value: Value, field: TargetField): { sql: string; checks: RowCheck[] } {
  const checks: RowCheck[] = value.checks.map((check) => ({ ...check, field: field.name }))
  const add = (reason: string, bad: string, found: string, expected: string) =>
    checks.push({ field: field.name, reason, bad, found, expected })
  let sql = value.sql
  if (field.holds === 'text') {
    if (value.holds === 'integer') sql = `ifNull(toString(${sql}), '')`
    if (field.required) add('missing_value', `${sql} = ''`, "''", 'a value')
    if (field.among)
      add(
        'unknown_value',
        `${sql} != '' and ${sql} not in (${field.among.map(text).join(', ')})`,
        sql,
        `one of ${field.among.join(', ')}`,
      )
    if (field.name === 'currency')
      add('unknown_value', `${sql} not in (${allCurrencies().map(text).join(', ')})`, sql, 'a currency of ISO 4217')
    else if (field.charsMax && !field.among)
      add(
        'too_long',
        `length(${sql}) > ${field.charsMax} and lengthUTF8(${sql}) > ${field.charsMax}`,
        `toString(lengthUTF8(${sql}))`,
        `at most ${field.charsMax} characters`,
      )
    return { sql, checks }
  }
  if (value.holds === 'text') {
    if (field.holds === 'flag') sql = `multiIf(${sql} = 'true', '1', ${sql} = 'false', '0', ${sql})`
    const number = `toInt64OrNull(${sql})`
    add(
      'malformed_number',
      `${sql} != '' and isNull(${number})`,
      sql,
      field.holds === 'flag' ? '0 or 1' : 'a whole number',
    )
    if (field.holds === 'flag') add('unknown_value', `${sql} not in ('', '0', '1')`, sql, '0 or 1')
    sql = number
  }
  if (field.required) {
    const absent = field.holds === 'customer' || field.holds === 'holding' ? `${sql} = 0` : `isNull(${sql})`
    add('missing_value', absent, "''", 'a value')
  }
  return { sql, checks }
}
