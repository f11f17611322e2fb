import type { Value } from './columns.ts'
import type { FieldSpec } from './contract.ts'
import { exponentOf, oddExponents } from './currency.ts'
import { literal, text, texts } from './quote.ts'

export type AmountSpec = Extract<FieldSpec, { amount: string }>

/** Amounts stay within ±2⁵³, where every program counts exactly. */
const MONEY_MAX = '9007199254740992'

/** A blank between thousands is often one that does not break the line. */
const BLANKS = '[ \\x{00A0}\\x{202F}]'

/** An amount of the form a reader would be shown, such as 1.234,50- */
function sample({ decimal = '.', thousands, sign }: AmountSpec): string {
  return `1${thousands ?? ''}234${decimal}50${sign === 'behind' ? '-' : ''}`
}

/** The text of an amount as SQL, with one point and a sign before it, and whether it has the form that was promised. */
function readAmount(raw: string, { decimal = '.', thousands, sign }: AmountSpec): { x: string; form: string } {
  const before = sign === 'behind' ? '' : '[+-]?'
  const behind = sign === 'behind' ? '[+-]?' : ''
  const tail = `(${literal(decimal)}\\d*)?${behind}$`
  const gap = thousands === ' ' ? BLANKS : thousands && literal(thousands)
  const pattern = gap ? `^${before}(\\d{1,3}(${gap}\\d{3})+|\\d+)${tail}` : `^${before}\\d+${tail}`
  const bare = gap ? `replaceRegexpAll(${raw}, ${text(gap)}, '')` : raw
  const pointed = decimal === ',' ? `replaceOne(${bare}, ',', '.')` : bare
  const x =
    sign === 'behind'
      ? `if(right(${raw}, 1) in ('-', '+'), concat(right(${raw}, 1), substring(${pointed}, 1, length(${pointed}) - 1)), ${pointed})`
      : pointed
  return { x, form: `match(${raw}, ${text(pattern)})` }
}

type Told = Omit<Value, 'holds'> & { holds: 'money' }

/** Money in one column, or money in and money out in two: one of the two is empty or nought. */
export function amountOf(spec: AmountSpec, tools: { column(name: string): string; currency: string }): Told {
  const { less, ...more } = spec
  const into = oneAmountOf(more, tools)
  if (less === undefined) return into
  const out = oneAmountOf({ ...more, amount: less }, tools)
  const [a, b] = [tools.column(spec.amount), tools.column(less)]
  return {
    sql: `if(${a} = '' and ${b} = '', null, ifNull(${into.sql}, 0) - ifNull(${out.sql}, 0))`,
    holds: 'money',
    checks: [
      ...into.checks,
      ...out.checks,
      {
        reason: 'two_amounts',
        bad: `ifNull(${into.sql} != 0 and ${out.sql} != 0, 0)`,
        found: `concat(${a}, ' and ', ${b})`,
        expected: `either ${spec.amount} or ${less}`,
      },
    ],
  }
}

/**
 * An amount in minor units. Digits are joined, never multiplied: no amount passes through a binary fraction. What is
 * written otherwise than the mapping says is never guessed: 1.200 is no 1.20 where the comma is the decimal sign.
 */
function oneAmountOf(spec: Omit<AmountSpec, 'less'>, tools: { column(name: string): string; currency: string }): Told {
  const raw = tools.column(spec.amount)
  const { decimal = '.', thousands, sign } = spec
  const currency = spec.currency ?? tools.currency
  const exponent =
    typeof currency === 'string'
      ? String(exponentOf(currency))
      : `transform(${tools.column(currency.column)}, ${texts(oddExponents().map(([code]) => code))}, [${oddExponents()
          .map(([, size]) => size)
          .join(', ')}], 2)`
  const minor = spec.in === 'minor'
  const read = readAmount(raw, spec)
  const x = minor ? raw : read.x
  const form = minor ? `match(${raw}, ${text('^[+-]?\\d+$')})` : read.form
  const dot = `position(${x}, '.')`
  const whole = `if(${dot} = 0, ${x}, substring(${x}, 1, ${dot} - 1))`
  const decimals = `if(${dot} = 0, '', substring(${x}, ${dot} + 1))`
  const digits = minor ? x : `concat(${whole}, substring(rightPad(${decimals}, 12, '0'), 1, ${exponent}))`
  const size = `toInt64OrNull(${digits})`
  const short = minor
    ? '1'
    : `(length(${decimals}) <= ${exponent} or length(trim(trailing '0' from ${decimals})) <= ${exponent})`
  // The plain form is proved by the number that comes out; a pattern is needed only where signs could change their sense.
  const formed = minor
    ? '1'
    : thousands || sign === 'behind'
      ? form
      : decimal === ','
        ? `position(${raw}, '.') = 0`
        : '1'
  // A sign or a point alone, or nothing, is no nought.
  const told = minor ? '1' : `isNotNull(toInt64OrNull(${whole}))`
  const good = `(${told} and ${formed} and ifNull(abs(${size}) <= ${MONEY_MAX}, 0) and ${short})`
  const by = typeof sign === 'object' ? sign : undefined
  const turned = by?.negative === 'turns' ? size : `abs(${size})`
  const signed = by
    ? `if(${tools.column(by.by)} in (${by.minus.map(text).join(', ')}), negate(${turned}), ${turned})`
    : sign === 'opposite'
      ? `negate(${size})`
      : size
  const bad = `${raw} != '' and not ${good}`
  const checks: Value['checks'] = [
    {
      reason: 'malformed_amount',
      bad: `${bad} and not ${form}`,
      found: raw,
      expected: minor ? 'a whole number of minor units' : `a decimal number such as ${sample(spec)}`,
    },
    {
      reason: 'too_many_decimals',
      bad: `${bad} and not ${short}`,
      found: raw,
      expected: 'no more decimals than the currency has',
    },
    { reason: 'amount_overflow', bad, found: raw, expected: `at most ${MONEY_MAX} minor units` },
  ]
  if (by) {
    const known = [...by.plus, ...by.minus]
    const column = tools.column(by.by)
    checks.push({
      reason: 'unknown_value',
      bad: `${column} not in (${known.map(text).join(', ')})`,
      found: column,
      expected: `one of ${known.join(', ')}`,
    })
    if (by.negative !== 'turns')
      checks.push({
        reason: 'signed_twice',
        bad: `${good} and ifNull(${size} < 0, 0)`,
        found: raw,
        expected: `an amount without a minus, since ${by.by} says which way it goes; if a minus means the opposite way, say negative: turns`,
      })
  }
  return { sql: `if(${good}, ${signed}, null)`, holds: 'money', checks }
}
