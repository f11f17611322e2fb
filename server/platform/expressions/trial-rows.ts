import { seededRandom } from '#platform/runtime'
import { textOfDay, textOfInstant } from './calendar-values.ts'
import type { Facts } from './closure.ts'
import { environment, type FieldSpec } from './environment.ts'
import { INT_MAX } from './value-types.ts'

/**
 * The customers on which the generated expressions are tried: every edge a type has, each beside ordinary values, and
 * every attribute absent somewhere. Used by the differential tests only.
 */
const FIELDS = {
  i1: { type: 'int', default: 3 },
  i2: { type: 'int' },
  /** Holds numbers beyond ±2⁵³ too. */
  wide: { type: 'int', sqlChecked: true },
  d1: { type: 'double', default: 0.5 },
  d2: { type: 'double' },
  b1: { type: 'bool', default: true },
  b2: { type: 'bool' },
  s1: { type: 'string', default: 'foobar' },
  s2: { type: 'string' },
  /** Texts that often look like numbers, booleans, days and instants. */
  number_text: { type: 'string', default: '12' },
  bool_text: { type: 'string', default: 'true' },
  day_text: { type: 'string', default: '2026-01-31' },
  instant_text: { type: 'string', default: '2026-01-31T08:00:00Z' },
  day1: { type: 'date', default: '2024-02-29' },
  day2: { type: 'date' },
  at1: { type: 'timestamp', default: '2026-03-29T01:00:00Z' },
  at2: { type: 'timestamp' },
  span: { type: 'duration', default: 1500 },
  span2: { type: 'duration' },
  ints: { type: 'list<int>', default: [1, 2] },
  /** Longer than itemsMax in some rows, and with numbers beyond ±2⁵³. */
  long_ints: { type: 'list<int>', itemsMax: 4, sqlChecked: true },
  doubles: { type: 'list<double>', default: [] },
  texts: { type: 'list<string>', default: ['a'] },
  flags: { type: 'list<bool>' },
  days: { type: 'list<date>' },
  instants: { type: 'list<timestamp>' },
  spans: { type: 'list<duration>' },
} satisfies Record<string, FieldSpec>

export const TRIAL_FIELDS: Record<string, FieldSpec> = FIELDS
export const trialEnvironment = environment({ customer: { fields: TRIAL_FIELDS } }, { zone: 'Europe/Prague' })

const INTS = [
  0,
  1,
  -1,
  2,
  3,
  7,
  -7,
  5,
  12,
  18,
  65,
  100,
  -100,
  1000,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  INT_MAX,
  -INT_MAX,
  INT_MAX - 1,
  94906267,
  2026,
]
const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.5,
  2.5,
  -2.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-7,
  1e21,
  5e-324,
  1.7976931348623157e308,
  0.30000000000000004,
  1 / 3,
  2 ** 53,
  -(2 ** 53),
  12,
  1e15 + 0.3,
  123456.789,
]
const TEXTS = [
  '',
  'a',
  'b',
  'A',
  'foobar',
  'bar',
  'foo',
  'é',
  'e\u0301',
  '🐱',
  '😀😛',
  'a🐱b',
  'ÿ',
  '～',
  'a b',
  'line\nbreak',
  'it\'s \\ "x"',
  'Straße',
  'İstanbul',
  'zzz',
  'tab\tnul\0end',
  'ΑΒΓ',
  '%_',
  '{x:Int}',
]
const NUMBER_TEXTS = [
  '12',
  '-7',
  '0',
  '-0',
  '007',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740993',
  '999999999999999999',
  '9999999999999999999',
  '1.5',
  '-2.50',
  '1e3',
  '1E-7',
  '.5',
  '5.',
  'NaN',
  'Infinity',
  '-Infinity',
  'nan',
  '+5',
  ' 5',
  '',
  'abc',
  '0x1F',
  '1e400',
  '5e-324',
  '123456789.123456789',
]
const BOOL_TEXTS = ['true', 'false', 'TRUE', 'False', 't', 'f', '1', '0', 'yes', '', 'tRUE', 'true ']
const DAYS = [
  '1970-01-01',
  '1969-12-31',
  '2024-02-29',
  '2023-02-28',
  '2000-02-29',
  '1900-02-28',
  '1900-01-01',
  '2299-12-31',
  '2026-03-29',
  '2026-10-25',
  '1999-12-31',
  '2024-12-31',
  '2026-01-31',
  '2025-02-28',
  '2025-03-01',
  '1994-03-30',
  '2100-02-28',
  '2026-11-21',
]
const DAY_TEXTS = [
  ...DAYS,
  '0001-01-01',
  '9999-12-31',
  '0000-01-01',
  '2023-02-29',
  '2100-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-04-31',
  '2026-1-1',
  '26-01-01',
  '2026-01-01 ',
  '',
  '2026-01-32',
  '２026-01-01',
]
const INSTANTS = [
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T00:59:59.999Z',
  '2026-10-25T01:00:00Z',
  '2024-02-29T12:00:00.5Z',
  '2024-12-31T23:30:00Z',
  '1999-12-31T23:59:59Z',
  '2000-01-01T00:00:00Z',
  '1901-06-01T00:00:00Z',
  '2298-07-01T12:34:56.789Z',
  '2026-04-04T15:00:00Z',
  '2026-04-04T14:59:59Z',
  '2026-11-01T06:00:00Z',
  '2026-11-01T05:59:59Z',
  '2026-11-21T08:00:00.123Z',
  '1980-04-06T01:00:00Z',
  '2040-03-25T01:00:00Z',
  '2026-06-30T21:59:59Z',
]
const INSTANT_TEXTS = [
  ...INSTANTS,
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-00:01',
  '2026-03-29T02:30:00+01:00',
  '2026-03-29t02:30:00z',
  '2026-03-29T24:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-03-29 02:30:00Z',
  '2026-03-29T02:30:00',
  '2026-03-29T02:30:00.1234Z',
  '2026-03-29T02:30:00.123000Z',
  '2026-03-29T02:60:00Z',
  '',
  '2026-03-29T02:30:00+24:00',
]
const SPANS = [
  0, 1, -1, 999, 1500, -1500, 3_600_000, -3_600_000, 86_400_000, 90_061_001, -90_061_001, 9_223_372_036_854,
  -9_223_372_036_854, 31_536_000_000, 120_000,
]
const WIDE = [0, 5, -5, INT_MAX, -INT_MAX, 2 ** 53, -(2 ** 53), 2 ** 60, -(2 ** 62), 12]

const ROWS = 96
const ms = (text: string): number => new Date(text).getTime()

function makeRows(): Facts[] {
  const random = seededRandom(20_261_121)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)]!
  const list = <T>(from: readonly T[], most = 5): T[] =>
    Array.from({ length: Math.floor(random.next() * (most + 1)) }, () => pick(from))
  const smallInt = (): number => Math.floor(random.next() * 21) - 4
  const smallDouble = (): number => Math.round(random.next() * 80 - 16) / 4
  const rows: Facts[] = []
  for (let n = 0; n < ROWS; n++) {
    // Each edge is met in turn; the other half of the rows are everyday values, so that conditions go both ways.
    const edge = <T>(values: readonly T[], everyday: () => T): T =>
      n % 2 === 0 ? values[(n / 2) % values.length]! : everyday()
    const customer: Record<string, unknown> = {
      i1: edge(INTS, smallInt),
      i2: n % 3 === 0 ? pick(INTS) : smallInt(),
      wide: edge(WIDE, smallInt),
      d1: edge(DOUBLES, smallDouble),
      d2: n % 3 === 0 ? pick(DOUBLES) : smallDouble(),
      b1: random.next() < 0.5,
      b2: random.next() < 0.5,
      s1: edge(TEXTS, () => pick(TEXTS)),
      s2: pick(TEXTS),
      number_text: edge(NUMBER_TEXTS, () => String(smallInt())),
      bool_text: edge(BOOL_TEXTS, () => pick(['true', 'false'])),
      day_text: edge(DAY_TEXTS, () => pick(DAYS)),
      instant_text: edge(INSTANT_TEXTS, () => pick(INSTANTS)),
      day1: edge(DAYS, () => textOfDay(20_000 + Math.floor(random.next() * 800))),
      day2: pick(DAYS),
      at1: edge(INSTANTS, () => textOfInstant(ms('2026-03-01T00:00:00Z') + Math.floor(random.next() * 3e10))),
      at2: pick(INSTANTS),
      span: edge(SPANS, () => Math.floor(random.next() * 1e7)),
      span2: pick(SPANS),
      ints: n % 7 === 0 ? [] : list(n % 4 === 0 ? INTS : [0, 1, 2, 3, 4, 5]),
      long_ints: n % 5 === 0 ? list(WIDE, 4) : list([0, 1, 2, 3], 7),
      doubles: n % 7 === 1 ? [] : list(n % 4 === 0 ? DOUBLES : [0, 0.5, 1, 2, 2.5]),
      texts: n % 7 === 2 ? [] : list(n % 4 === 0 ? TEXTS : ['a', 'b', 'foo']),
      flags: list([true, false], 3),
      days: list(DAYS, 4),
      instants: list(INSTANTS, 4),
      spans: list(SPANS, 4),
    }
    for (const name of Object.keys(FIELDS)) {
      // Absent somewhere, but not where an edge is met for the first time.
      const isEdge = n % 2 === 0 && (n < 2 * INSTANTS.length + 8 || name.endsWith('_text'))
      if (!isEdge && random.next() < 0.12) customer[name] = n % 4 < 2 ? undefined : null
    }
    rows.push({ customer })
  }
  rows.push({ customer: {} }, {})
  return rows
}

export const trialRows: readonly Facts[] = makeRows()
