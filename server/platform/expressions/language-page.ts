import { STEPS_MAX } from './cost.ts'
import { ITEMS_MAX_DEFAULT } from './environment.ts'
import { OVERLOADS, type Overload } from './functions.ts'
import { LIST_ITEMS_MAX, NESTING_MAX, NODES_MAX, SOURCE_CHARS_MAX } from './parse.ts'
import { PATTERN_CHARS_MAX } from './patterns.ts'
import { SQL_CHARS_MAX } from './sql.ts'

const MEANING: Record<string, string> = {
  '+': 'Sum; texts and lists are joined. An int beyond ±2⁵³, an instant outside 0001–9999 or a duration beyond 292 years is an error.',
  '-': 'Difference, or the negative. Errors as for +.',
  '*': 'Product. An int beyond ±2⁵³ is an error.',
  '/': 'Of ints: rounded toward zero, an error by zero. Of doubles: IEEE, so 1.0 / 0.0 is infinite.',
  '%': 'Remainder, with the sign of the left side; an error by zero.',
  '==': 'Equality of two values of one type, or of an int and a double as numbers. NaN equals nothing. Lists are equal item by item.',
  '!=': 'The opposite of ==.',
  '<': 'Order of numbers (int beside double too), texts by code point, bools (false first), dates, instants, durations.',
  '<=': 'Less or equal.',
  '>': 'Greater.',
  '>=': 'Greater or equal.',
  in: 'Whether a list has an item that == the value.',
  '[]': 'The item at an index from 0; an error outside the list.',
  size: 'Characters (code points) of a text, or items of a list.',
  contains: 'Whether the text has the part in it. Every text contains the empty text.',
  startsWith: 'Whether the text begins with the part.',
  endsWith: 'Whether the text ends with the part.',
  matches:
    'Whether an RE2 regular expression is found anywhere in the text; the dot does not match a line break. It must be written out.',
  lowerAscii: 'A–Z made small; other letters stay.',
  upperAscii: 'a–z made large; other letters stay.',
  int: 'Of a double: cut toward zero, an error when NaN or beyond ±2⁵³. Of a text: digits with an optional minus. Of an instant: whole seconds since 1970, rounded down.',
  double: "Of an int: the same number. Of a text: a decimal number, 'NaN', 'Infinity' or '-Infinity'.",
  bool: "Of a text: 'true', 'True', 'TRUE', 't', 'T', '1' and their opposites.",
  string: 'The value as text: instants in RFC 3339, durations in seconds (5400s), dates as YYYY-MM-DD.',
  timestamp: 'Of a text: RFC 3339, to the millisecond. Of an int: seconds since 1970.',
  date: "Of a text: YYYY-MM-DD. Of an instant: its day in the bank's zone.",
  duration: "Written out: '1h30m', '90s', '-1.5s'; units h m s ms.",
  dyn: 'The value itself; accepted because CEL has it.',
  abs: 'The size without the sign.',
  min: 'The smaller; NaN when either is.',
  max: 'The greater; NaN when either is.',
  floor: 'The greatest whole number not above it.',
  ceil: 'The least whole number not below it.',
  is_nan: 'Whether it is not a number, such as 0.0 / 0.0.',
  is_finite: 'Whether it is neither NaN nor infinite.',
  sum: 'The sum of a list; an error when it passes ±2⁵³ on the way.',
  days_between: 'Days from the first date to the second; negative when the second is earlier.',
  years_between:
    'Whole years from the first date to the second, as birthdays count: born on 29 February, a year older on 1 March of a common year.',
  add_days: 'The date so many days later.',
  add_months: 'The same day so many months later, or the last day of that month when it has no such day.',
  year: 'Year of a date.',
  month: 'Month of a date, 1–12.',
  day: 'Day of the month, 1–31.',
  weekday: 'Day of the week, Monday 1 to Sunday 7.',
  getFullYear: 'Year of an instant, in UTC or in the zone written out.',
  getMonth: 'Month from 0, as CEL counts.',
  getDate: 'Day of the month from 1.',
  getDayOfMonth: 'Day of the month from 0.',
  getDayOfWeek: 'Day of the week, Sunday 0.',
  getDayOfYear: 'Day of the year from 0.',
  getHours: 'Hour of an instant, 0–23; of a duration, all its whole hours.',
  getMinutes: 'Minute of an instant, 0–59; of a duration, all its whole minutes.',
  getSeconds: 'Second of an instant, 0–59; of a duration, all its whole seconds.',
  getMilliseconds: 'Millisecond of an instant or of a duration, without its whole seconds.',
}

const HEADINGS: [Overload['style'][], string][] = [
  [['operator', 'unary'], 'Operators'],
  [['function'], 'Functions'],
  [['method'], 'Methods'],
]

function shown(name: string, { style, params, result }: Overload): string {
  const types = params.map((param) => param.replace('pattern', 'text written out').replace('zone', 'zone written out'))
  if (style === 'unary') return `-${types[0]} → ${result}`
  if (name === '[]') return `${types[0]}[${types[1]}] → ${result}`
  if (style === 'operator') return `${types[0]} ${name} ${types[1]} → ${result}`
  return style === 'method'
    ? `${types[0]}.${name}(${types.slice(1).join(', ')}) → ${result}`
    : `${name}(${types.join(', ')}) → ${result}`
}

function table(styles: Overload['style'][]): string {
  const names = [
    ...new Set(
      Object.values(OVERLOADS)
        .filter((o) => styles.includes(o.style))
        .map((o) => o.name),
    ),
  ]
  return names
    .map((name) => {
      const forms = (Object.values(OVERLOADS) as Overload[])
        .filter((o) => o.name === name && styles.includes(o.style))
        .map((o) => `\`${shown(name, o)}\``)
      return `| \`${name}\` | ${forms.join('<br>').replaceAll('|', '\\|')} | ${MEANING[name]} |`
    })
    .join('\n')
}

/** The reference page of the language, made from the table that the checker uses. */
export function languageReference(): string {
  const number = (n: number): string => n.toLocaleString('en')
  return `# The expression language

Conditions and formulas of the playbook are written in a subset of [CEL](https://cel.dev). One table of operators and
functions, below, is what the checker, the closure and the SQL are made from.

## Values
| type | holds | written |
|---|---|---|
| \`int\` | whole numbers strictly between −2⁵³ and 2⁵³; money in minor units | \`42\`, \`-7\`, \`0x2A\` |
| \`double\` | IEEE 754, with NaN and infinities | \`0.5\`, \`1e3\` |
| \`bool\` | | \`true\`, \`false\` |
| \`string\` | Unicode text | \`'…'\`, \`"…"\`, \`r'…'\`, \`'''…'''\` |
| \`date\` | a day, 0001-01-01 to 9999-12-31 | \`date('2026-01-31')\` |
| \`timestamp\` | an instant, to the millisecond, years 0001 to 9999 | \`timestamp('2026-01-31T08:00:00Z')\` |
| \`duration\` | milliseconds, at most 292 years | \`duration('1h30m')\` |
| \`list<T>\` | values of one type | \`['a', 'b']\` |

int and double are never mixed in arithmetic: write \`double(x)\` or \`2.0\`. They may be compared.

## Attributes
\`customer.age_years\` reads an attribute; an absent one reads as its default, and \`has(customer.age_years)\` tells whether
it is there.

## Logic
\`&&\`, \`||\`, \`!\` and \`condition ? one : other\`. An error is absorbed where it does not matter: \`false && error\` is
false, \`true || error\` is true, on either side. Otherwise an error is the result; in a condition that admits it admits
nobody, in one that excludes it excludes.

## Lists
\`list.all(x, condition)\`, \`list.exists(x, condition)\`, \`list.exists_one(x, condition)\`, \`list.filter(x, condition)\`,
\`list.map(x, value)\`, \`list.map(x, condition, value)\`. \`all\` and \`exists\` absorb errors as \`&&\` and \`||\` do.
${HEADINGS.map(([styles, heading]) => `\n## ${heading}\n| name | forms | meaning |\n|---|---|---|\n${table(styles)}`).join('\n')}

Zones are written out (\`'Europe/Prague'\`, \`'+01:00'\`). Their rules are known from 1970 to 2099; before and after, the
offset at the nearer end is kept.

## Limits
| what | at most |
|---|---:|
| characters of an expression | ${number(SOURCE_CHARS_MAX)} |
| parts of an expression | ${number(NODES_MAX)} |
| levels of nesting | ${NESTING_MAX} |
| items of a written list | ${number(LIST_ITEMS_MAX)} |
| items of a list attribute, unless it says otherwise | ${ITEMS_MAX_DEFAULT} |
| steps of one evaluation, at worst | ${number(STEPS_MAX)} |
| characters of a regular expression | ${PATTERN_CHARS_MAX} |
| characters of its SQL | ${number(SQL_CHARS_MAX)} |
`
}
