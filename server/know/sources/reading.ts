import type { FileFormat } from './contract.ts'
import { text } from './quote.ts'

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
 * Parts a delimited line in ClickHouse. Rows whose fields are plain or wholly quoted, nearly all, are split at the
 * delimiter; the others are read by a regular expression, whose matches must cover the line exactly. A line is a row:
 * a stray quote spoils its own row and no other.
 */
export function delimitedFields({ delimiter = ',', quote = '"' }: FileFormat): Fields {
  const split = `splitByChar(${text(delimiter)}, raw)`
  if (quote === 'none') return { array: split, brokenQuotes: '0' }
  const plain = `arrayAll(x -> position(x, '"') = 0 or (length(x) > 1 and startsWith(x, '"') and endsWith(x, '"') and countSubstrings(x, '"') = 2), ${split})`
  const d = delimiter === '\t' ? '\\t' : delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const matches = `extractAll(concat(${text(delimiter)}, raw), ${text(`${d}("(?:[^"]|"")*"|[^${d}"]*)`)})`
  const unquoted = `if(startsWith(x, '"'), replaceAll(substring(x, 2, length(x) - 2), '""', '"'), x)`
  return {
    array: `arrayMap(x -> ${unquoted}, if(${plain}, ${split}, ${matches}))`,
    brokenQuotes: `(not ${plain} and arraySum(x -> length(x) + 1, ${matches}) != length(raw) + 1)`,
  }
}

/** SQL of a column's text, blanks around it taken off. */
export function columnText(format: FileFormat, positions: Positions, name: string): string {
  if (format.type === 'delimited') return `trimBoth(f[${positions.get(name) ?? 0}])`
  const key = text(name)
  return `trimBoth(multiIf(JSONType(raw, ${key}) = 'String', JSONExtractString(raw, ${key}), JSONType(raw, ${key}) in ('Null', ''), '', JSONExtractRaw(raw, ${key})))`
}
