/** Values that fit a JSON Schema: the plainest one, and any with whatever text people and attackers type. */
import fc from 'fast-check'

type Schema = Record<string, unknown>

/** Texts that have broken systems before; here each must be a text like any other. */
export const NASTY_TEXTS = [
  "'; drop table trust.person; --",
  "' or '1'='1",
  '$$; select pg_sleep(10) --',
  '1; SELECT sleep(3)',
  '{x:Int64}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an attack on somebody else's templates.
  '${7*7}',
  '{{7*7}}',
  '{% for i in (1..9999999) %}x{% endfor %}',
  '<script>alert(1)</script>',
  "=cmd|'/c calc'!A1",
  '../../../../etc/passwd',
  '%2e%2e%2f',
  '\\',
  '"',
  '`',
  '\u202Egnp.exe',
  'İstanbul',
  'ﬀ',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(50),
  'a'.repeat(5000),
  '1e309',
  'NaN',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '0x10',
  '-0',
  '9007199254740993',
  '(a+)+$',
  '[[[[[[[[',
  `${'1 + '.repeat(300)}1`,
  `${'!'.repeat(300)}true`,
  '(('.repeat(200),
  'customer.'.repeat(100),
  '0000-00-00',
  '2026-02-30',
  '9999-12-31T23:59:59.999999999Z',
  ' ',
  '\t\r\n',
]

const CANDIDATES = [
  'abc',
  'a_b',
  'a.b',
  '2026-03-02',
  '08:00',
  'know.customers:read',
  'EUR',
  'en',
  'AB12',
  '12',
  '+49',
  'a@b.cd',
  'A',
  'a',
  '0',
  'clk_x',
  'a-b',
  'customer',
  'name',
  'ABCDEFGH',
  '/a',
  'https://a.example',
  'a'.repeat(64),
]
const FORMATS: Record<string, string> = {
  date: '2026-03-02',
  'date-time': '2026-03-02T08:00:00Z',
  uuid: '00000000-0000-8000-8000-000000000000',
  email: 'a@b.cd',
  uri: 'https://example.org/',
}

/** The plainest value that fits: required fields only, smallest lists and numbers. `named`: values by field name. */
export function sampleOf(schema: unknown, named: Readonly<Record<string, unknown>> = {}, name = ''): unknown {
  const node = schema as Schema
  if (name in named) return named[name]
  if ('const' in node) return node.const
  if (Array.isArray(node.enum)) return node.enum[0]
  for (const union of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(node[union])) return sampleOf((node[union] as Schema[])[0], named, name)
  if (Array.isArray(node.allOf))
    return Object.assign({}, ...(node.allOf as Schema[]).map((part) => sampleOf(part, named, name)))
  switch (node.type) {
    case 'object': {
      const properties = (node.properties ?? {}) as Record<string, Schema>
      const wanted = Object.keys(properties).filter(
        (key) => ((node.required ?? []) as string[]).includes(key) || key in named,
      )
      return Object.fromEntries(wanted.map((key) => [key, sampleOf(properties[key] ?? {}, named, key)]))
    }
    case 'array':
      return Array.from({ length: Number(node.minItems ?? 0) }, () => sampleOf(node.items ?? {}, named))
    case 'integer':
    case 'number':
      return Number(node.minimum ?? (node.exclusiveMinimum === undefined ? 1 : Number(node.exclusiveMinimum) + 1))
    case 'boolean':
      return true
    case 'null':
      return null
    case 'string': {
      if (typeof node.format === 'string') return FORMATS[node.format] ?? 'abc'
      const pattern = typeof node.pattern === 'string' ? new RegExp(node.pattern, 'u') : /^/
      const min = Number(node.minLength ?? 0)
      const found = [...CANDIDATES, 'x'.repeat(Math.max(min, 1))].find(
        (text) => pattern.test(text) && text.length >= min,
      )
      if (found === undefined)
        throw new Error(`no sample fits the pattern ${String(node.pattern)}: add one to CANDIDATES`)
      return found
    }
    default:
      return {}
  }
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, -(2 ** 53), 1e308, '', [], {}, [[]], [null], {
    a: { b: {} },
  }),
  fc.constantFrom<unknown>(...NASTY_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 4 }),
)

/** Values by field name that mean something to the bank under test, so that requests get further than the door. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Any value that nearly always fits the schema, at its edges and with nasty texts. */
export function likeOf(schema: unknown, known: Known = {}, name = ''): fc.Arbitrary<unknown> {
  const fitting = any(schema as Schema, known)
  const meant = known[name]
  return meant ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...meant) }, fitting) : fitting
}

function any(node: Schema, known: Known): fc.Arbitrary<unknown> {
  if ('const' in node) return fc.constant(node.const)
  if (Array.isArray(node.enum)) return fc.constantFrom(...(node.enum as unknown[]))
  for (const union of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(node[union])) return fc.oneof(...(node[union] as Schema[]).map((part) => likeOf(part, known)))
  const min = Number(node.minimum ?? node.exclusiveMinimum ?? -Number.MAX_SAFE_INTEGER)
  const max = Number(node.maximum ?? node.exclusiveMaximum ?? Number.MAX_SAFE_INTEGER)
  switch (node.type) {
    case 'object': {
      const properties = (node.properties ?? {}) as Record<string, Schema>
      const required = new Set((node.required ?? []) as string[])
      return fc.record(
        Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, likeOf(value, known, key)])),
        {
          requiredKeys: [...required],
        },
      )
    }
    case 'array':
      return fc.array(likeOf(node.items ?? {}, known), {
        minLength: Number(node.minItems ?? 0),
        maxLength: Math.min(Number(node.maxItems ?? 3), 3),
      })
    case 'integer':
      return fc.oneof(
        fc.constantFrom(min, max, Math.max(min, Math.min(max, 1))),
        fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }),
      )
    case 'number':
      return fc.oneof(fc.constantFrom(min, max), fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string': {
      if (typeof node.format === 'string')
        return fc.constantFrom(
          FORMATS[node.format] ?? 'abc',
          ...(node.format === 'date'
            ? ['0001-01-01', '9999-12-31']
            : node.format === 'date-time'
              ? ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999+14:00']
              : []),
        )
      const limit = Number(node.maxLength ?? 10_000)
      const texts = NASTY_TEXTS.map((text) => text.slice(0, limit))
      if (typeof node.pattern === 'string') return fc.oneof(fc.constant(sampleOf(node)), fc.constantFrom(...texts))
      return fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: Math.min(limit, 60) }))
    }
    default:
      return anything
  }
}

/** Values that mostly do not fit: the right ones with a part replaced, left out or added, or something else altogether. */
export const unlike = (schema: unknown, known: Known = {}): fc.Arbitrary<unknown> =>
  fc.oneof(
    anything,
    fc
      .tuple(likeOf(schema, known), anything, fc.nat(), fc.constantFrom('replace', 'remove', 'add'))
      .map(([value, other, at, how]) => {
        if (value === null || typeof value !== 'object' || Array.isArray(value)) return other
        const keys = Object.keys(value)
        const copy: Record<string, unknown> = { ...value }
        const key = keys[at % Math.max(1, keys.length)] ?? 'extra'
        if (how === 'remove') delete copy[key]
        else copy[how === 'add' ? 'unexpected' : key] = other
        return copy
      }),
  )
