import type { Node } from './ast.ts'
import type { implementations } from './closure-functions.ts'
import { dayPart, getters } from './sql-calendar.ts'
import type { functionsSql } from './sql-functions.ts'
import { i64, quoteText } from './sql-text.ts'
import { INT_MAX } from './value-types.ts'

/** One way in which a backend could be wrong, planted to see that the differential test would notice. */
export interface Fault {
  sentence: string
  sql?: Partial<typeof functionsSql>
  closure?: Partial<ReturnType<typeof implementations>>
  /** Changes the tree before it becomes SQL. */
  ast?: (node: Node) => Node
  /** Changes the SQL itself. */
  text?: (sql: string) => string
  /** Changes what SQL reads for an attribute. */
  column?: (name: string, column: string) => string
}

const swapped =
  (from: string, to: string) =>
  (node: Node): Node =>
    node.kind === 'call' && node.id === from ? ({ ...node, id: to } as Node) : node
const macroSwapped =
  (from: string, to: string) =>
  (node: Node): Node =>
    node.kind === 'walk' && node.macro === from ? ({ ...node, macro: to } as Node) : node

export const FAULTS: Fault[] = [
  // Numbers
  {
    sentence: 'division by zero has no error',
    sql: { int_div: ([a, b]) => ({ value: `intDivOrZero(toInt64(${a!.value}), toInt64(${b!.value}))` }) },
  },
  {
    sentence: 'integer division rounds down, not toward zero',
    sql: {
      int_div: ([a, b]) => ({
        value: `toInt64(ifNotFinite(floor(${a!.value} / ${b!.value}), 0))`,
        error: `(${b!.value} = 0)`,
      }),
    },
  },
  {
    sentence: 'the remainder is never negative',
    sql: {
      int_mod: ([a, b]) => ({
        value: `toInt64(positiveModuloOrNull(toInt64(${a!.value}), toInt64(${b!.value})) ?? 0)`.replace(
          /\(positiveModuloOrNull\((.*)\) \?\? 0\)/,
          '(ifNull(positiveModuloOrNull($1), 0))',
        ),
        error: `(${b!.value} = 0)`,
      }),
    },
  },
  {
    sentence: 'a sum beyond 2⁵³ has no error',
    sql: { int_add: ([a, b]) => ({ value: `(toInt64(${a!.value}) + toInt64(${b!.value}))` }) },
  },
  {
    sentence: 'a product is tested for overflow after it wrapped',
    sql: {
      int_mul: ([a, b]) => ({
        value: `(toInt64(${a!.value}) * toInt64(${b!.value}))`,
        error: `(abs(toInt64(${a!.value}) * toInt64(${b!.value})) > ${INT_MAX})`,
      }),
    },
  },
  {
    sentence: 'int() rounds',
    sql: {
      int_of_double: ([x]) => ({
        value: `toInt64(round(least(greatest(ifNotFinite(${x!.value}, 0.0), -9007199254740992.0), 9007199254740992.0)))`,
        error: `(NOT (abs(${x!.value}) < 9007199254740992))`,
      }),
    },
  },
  {
    sentence: 'int() of NaN is 0',
    sql: {
      int_of_double: ([x]) => ({
        value: `toInt64(least(greatest(ifNotFinite(${x!.value}, 0.0), -9007199254740992.0), 9007199254740992.0))`,
        error: `(abs(${x!.value}) >= 9007199254740992)`,
      }),
    },
  },
  {
    sentence: 'min() forgets NaN',
    sql: {
      double_min: ([a, b]) => ({
        value: `if(isNaN(${a!.value}), ${b!.value}, if(isNaN(${b!.value}), ${a!.value}, least(${a!.value}, ${b!.value})))`,
      }),
    },
  },
  {
    sentence: 'doubles are written as ClickHouse writes them',
    sql: { string_of_double: ([x]) => ({ value: `toString(${x!.value})` }) },
  },
  {
    sentence: "int('+5') is 5",
    sql: {
      int_of_string: ([s]) => ({
        value: `toInt64OrZero(${s!.value})`,
        error: `(NOT match(${s!.value}, '^[+-]?[0-9]{1,18}$') OR abs(toInt64OrZero(${s!.value})) > ${INT_MAX})`,
      }),
    },
  },
  {
    sentence: 'in the closure, a difference beyond 2⁵³ has no error',
    closure: { int_sub: (a: number, b: number) => a - b },
  },
  { sentence: 'in the closure, minus nothing is −0', closure: { int_neg: (a: number) => -a } },
  // Texts and lists
  { sentence: 'size() counts bytes', sql: { string_size: ([s]) => ({ value: `toInt64(length(${s!.value}))` }) } },
  { sentence: 'in the closure, size() counts UTF-16 units', closure: { string_size_method: (s: string) => s.length } },
  {
    sentence: 'the dot of a regular expression matches a line break',
    sql: {
      matches: ([s], nodes) => ({
        value: `match(${s!.value}, ${quoteText(String((nodes[1] as { value: unknown }).value))})`,
      }),
    },
  },
  {
    sentence: 'contains() reads % as anything',
    sql: { contains: ([a, b]) => ({ value: `like(${a!.value}, concat('%', ${b!.value}, '%'))` }) },
  },
  {
    sentence: 'lowerAscii() lowers every letter',
    sql: { lower_ascii: ([s]) => ({ value: `lowerUTF8(${s!.value})` }) },
  },
  {
    sentence: 'an index counts from 1',
    sql: {
      index: ([list, i]) => ({
        value: `(${list!.value}[if(toInt64(${i!.value}) < 1, toInt64(9999), toInt64(${i!.value}))])`,
        error: `(toUInt64(toInt64(${i!.value})) >= length(${list!.value}))`,
      }),
    },
  },
  {
    sentence: 'a negative index has no error',
    sql: {
      index: ([list, i]) => ({
        value: `(${list!.value}[toUInt64(toInt64(${i!.value})) % 4294967296 + 1])`,
        error: `(toInt64(${i!.value}) >= toInt64(length(${list!.value})))`,
      }),
    },
  },
  {
    sentence: 'NaN equals itself inside lists',
    text: (sql) =>
      sql.replace(
        /arrayAll\(\(_e(\d+), _e(\d+)\) -> _e\d+ = _e\d+,/g,
        'arrayAll((_e$1, _e$2) -> ifNull(_e$1 = _e$2 OR (isNaN(_e$1) AND isNaN(_e$2)), 0),',
      ),
  },
  // Times
  {
    sentence: 'the date of an instant is the date in UTC',
    sql: { date_of_timestamp: ([t]) => ({ value: `toInt64(floor(toInt64(${t!.value}) / 86400000))` }) },
  },
  {
    sentence: 'a zone has no summer time',
    sql: {
      get_hours_in: ([t], nodes) => ({
        value: getters.getHours(
          `(toInt64(${t!.value}) + ${(nodes[1] as { value: unknown }).value === 'Europe/Prague' ? 3_600_000 : 0})`,
        ),
      }),
    },
  },
  {
    sentence: 'seconds before 1970 round toward 1970',
    sql: { int_of_timestamp: ([t]) => ({ value: `intDiv(toInt64(${t!.value}), 1000)` }) },
  },
  {
    sentence: 'months are 30 days',
    sql: {
      add_months: ([d, n]) => ({
        value: `(toInt64(${d!.value}) + 30 * toInt64(${n!.value}))`,
        error: `(abs(toInt64(${n!.value})) > 120000)`,
      }),
    },
  },
  {
    sentence: 'a day that does not exist becomes the next month',
    sql: {
      date_of_string: ([s]) => ({
        value: `toInt64(toInt32(toDate32OrZero(${s!.value})))`,
        error: `(NOT match(${s!.value}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'))`,
      }),
    },
  },
  {
    sentence: 'the week begins on Sunday',
    sql: { weekday: ([d]) => ({ value: `toInt64(positiveModulo(toInt64(${d!.value}) + 4, 7) + 1)` }) },
  },
  {
    sentence: 'years between days ignore the birthday',
    sql: {
      years_between: ([a, b], nodes) => ({
        value: `(${dayPart.year(i64(b!, nodes[1]!))} - ${dayPart.year(i64(a!, nodes[0]!))})`,
      }),
    },
  },
  {
    sentence: 'an instant may leave the calendar',
    sql: { timestamp_add_duration: ([a, b]) => ({ value: `(toInt64(${a!.value}) + toInt64(${b!.value}))` }) },
  },
  // Logic
  { sentence: '< is compiled as <=', ast: swapped('lt', 'le') },
  { sentence: '!= is compiled as ==', ast: swapped('ne', 'eq') },
  { sentence: 'exists_one is compiled as exists', ast: macroSwapped('exists_one', 'exists') },
  { sentence: 'all over an empty list is false', text: (sql) => sql.replace(/arrayAll\((_v\d+)/g, 'arrayExists($1') },
  { sentence: 'an error in a condition counts as false', text: (sql) => sql.replaceAll(' = 0), 1, ', ' = 0), 0, ') },
  { sentence: 'an error at the root is lost', text: (sql) => sql.replace(/ = 1\)$/, ' = 3)') },
  {
    sentence: 'an error in one part of && wins over a false in another',
    ast: (node) =>
      node.kind === 'and'
        ? {
            kind: 'choose',
            condition: node.parts[0]!,
            whenTrue: node.parts[1]!,
            whenFalse: { kind: 'literal', value: false, type: 'bool', start: 0, end: 0 },
            type: 'bool',
            start: 0,
            end: 0,
          }
        : node,
  },
  {
    sentence: 'an absent value reads as zero, not as its default',
    column: (name, column) => (name === 'i1' ? 'if(has_i1 = 1, i1, 0)' : column),
  },
  {
    sentence: 'a list beyond its greatest length is read',
    column: (name, column) => (name === 'long_ints' ? 'arraySlice(long_ints, 1, 4)' : column),
  },
]
