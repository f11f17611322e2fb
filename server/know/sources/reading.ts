import type { FileFormat } from './contract.ts'
import { literal, text } from './quote.ts'

/** Where each column of a file stands, as found in its header; names to 1-based positions. */
export type Positions = ReadonlyMap<string, number>

export type HeaderFound =
  | { ok: true; positions: Positions }
  | {
      ok: false
      reason: 'wrong_header' | 'wrong_delimiter'
      found: string[]
      expected: readonly string[]
      missing: string[]
      extra: string[]
    }

/** One line's fields as the file's format parts them, quotes taken off; undefined when its quotes are broken. */
export function splitLine(line: string, { delimiter = ',', quote = '"' }: FileFormat): string[] | undefined {
  if (quote === 'none' || !line.includes('"')) return line.split(delimiter)
  const fields: string[] = []
  const d = delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const field = new RegExp(`${d}(?:"((?:[^"]|"")*)"|([^${d === '\\t' ? '\\t' : d}"]*))`, 'y')
  const whole = delimiter + line
  let at = 0
  while (at < whole.length) {
    field.lastIndex = at
    const found = field.exec(whole)
    if (!found) return undefined
    fields.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'))
    at = field.lastIndex
  }
  return fields
}

/** Compares a file's header with the columns a mapping needs: all must be there, in any order. */
export function readHeader(
  line: string,
  expected: readonly string[],
  format: FileFormat,
  others: 'refuse' | 'ignore',
): HeaderFound {
  const found = (splitLine(line.replace(/^\uFEFF/, '').replace(/\r$/, ''), format) ?? [line]).map((name) => name.trim())
  const missing = expected.filter((name) => !found.includes(name))
  const extra = found.filter((name) => !expected.includes(name))
  const reason = found.length === 1 && expected.length > 1 ? 'wrong_delimiter' : 'wrong_header'
  if (missing.length > 0 || (extra.length > 0 && others === 'refuse') || new Set(found).size < found.length) {
    return { ok: false, reason, found, expected, missing, extra }
  }
  return { ok: true, positions: new Map(found.map((name, at) => [name, at + 1])) }
}

/** SQL that yields the fields of `raw` as an array, and SQL that is true when they cannot be trusted. */
export interface Fields {
  array: string
  brokenQuotes: string
}

/**
 * Parts a delimited line in ClickHouse. A line without quotes is split at its delimiter. In one with quotes, what stands
 * between them is hidden while the line is split (delimiters as \x01, doubled quotes as \x02). The few lines with three
 * quotes in a row, or with such signs of their own, are read by a regular expression, thirty times slower, whose
 * matches must cover the line exactly. A line is a row: a stray quote spoils its own row and no other.
 */
export function delimitedFields({ delimiter = ',', quote = '"' }: FileFormat): Fields {
  const d = text(delimiter)
  const split = `splitByChar(${d}, raw)`
  if (quote === 'none') return { array: split, brokenQuotes: '0' }
  const quoted = `position(raw, '"') > 0`
  const odd = `(position(raw, '"""') > 0 or position(raw, '\\x01') > 0 or position(raw, '\\x02') > 0)`
  const parts = `splitByChar('"', replaceAll(raw, '""', '\\x02'))`
  const hidden = `arrayStringConcat(arrayMap((s, i) -> if(i % 2 = 0, replaceAll(s, ${d}, '\\x01'), s), ${parts}, arrayEnumerate(${parts})))`
  const shown = `arrayMap(x -> if(x = '\\x02', '', replaceAll(replaceAll(x, '\\x01', ${d}), '\\x02', '"')), splitByChar(${d}, ${hidden}))`
  const whole = `arrayAll((s, i) -> i % 2 = 0
    or ((i = 1 or startsWith(s, ${d}) or (i = length(${parts}) and s = '')) and (i = length(${parts}) or endsWith(s, ${d}) or (i = 1 and s = ''))
      and (position(s, '\\x02') = 0 or arrayAll(x -> x = '\\x02' or position(x, '\\x02') = 0, splitByChar(${d}, s)))), ${parts}, arrayEnumerate(${parts}))`
  const e = delimiter === '\t' ? '\\t' : delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const matches = `extractAll(concat(${d}, raw), ${text(`${e}("(?:[^"]|"")*"|[^${e}"]*)`)})`
  const unquoted = `arrayMap(x -> if(startsWith(x, '"'), replaceAll(substring(x, 2, length(x) - 2), '""', '"'), x), ${matches})`
  return {
    array: `multiIf(not ${quoted}, ${split}, ${odd}, ${unquoted}, ${shown})`,
    brokenQuotes: `multiIf(not ${quoted}, 0, ${odd}, arraySum(x -> length(x) + 1, ${matches}) != length(raw) + 1, length(${parts}) % 2 = 0 or not ${whole})`,
  }
}

/** SQL of a column's text, blanks around it taken off. */
export function columnText(format: FileFormat, positions: Positions, name: string): string {
  if (format.type === 'delimited') return `trimBoth(f[${positions.get(name) ?? 0}])`
  const key = text(name)
  const isNumber = `JSONType(raw, ${key}) in ('Int64', 'UInt64', 'Double')`
  // A number is read as it is written: passed through a binary fraction, a sum beyond 15 digits would lose its cents.
  const written = `extractAll(raw, ${text(`"${literal(name)}"\\s*:\\s*(-?\\d+(?:\\.\\d+)?)\\s*[,}]`)})`
  const number = `arrayFirst(x -> toFloat64OrZero(x) = JSONExtractFloat(raw, ${key}), ${written})`
  return `trimBoth(multiIf(JSONType(raw, ${key}) = 'String', JSONExtractString(raw, ${key}), JSONType(raw, ${key}) in ('Null', ''), '', ${isNumber} and ${number} != '', ${number}, JSONExtractRaw(raw, ${key})))`
}
