import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import type { Facts } from './closure.ts'
import type { Environment, Field } from './environment.ts'
import type { Sql } from './sql-text.ts'
import { trialEnvironment, trialRows } from './trial-rows.ts'
import { elementOf, isList, type ValueType } from './value-types.ts'

/** The trial rows in a real ClickHouse, in this process; close() removes its files. */
export interface TrialLake {
  /** For each of the expressions, its value and error for each row. */
  ask(expressions: Sql[]): { value: unknown; error: boolean }[][]
  /** For each of the SQL texts, its value for each row. */
  values(texts: string[]): unknown[][]
  close(): void
}

// ClickHouse takes 256 KiB of text in one query.
const CHARS_PER_QUERY = 100_000
const COLUMNS_PER_QUERY = 150

const COLUMN: Record<string, string> = {
  int: 'Int64',
  double: 'Float64',
  bool: 'Bool',
  string: 'String',
  date: 'Date32',
  timestamp: "DateTime64(3, 'UTC')",
  duration: 'Int64',
}
const columnType = (type: ValueType): string => (isList(type) ? `Array(${columnType(elementOf(type))})` : COLUMN[type]!)

export function openTrialLake(env: Environment = trialEnvironment, trials: readonly Facts[] = trialRows): TrialLake {
  const folder = mkdtempSync(join(tmpdir(), 'expressions-'))
  const session = new Session(folder)
  const fields = [...env.namespaces.values()].flatMap((known) => [...known.values()])
  const columns = fields.flatMap((field) => [`${field.column} ${columnType(field.type)}`, `${field.presence} UInt8`])
  session.query(`create table customer (row UInt32, ${columns.join(', ')}) engine = Memory`)
  const rows = trials.map((facts, row) => `(${[row, ...fields.flatMap((field) => cell(field, facts))].join(', ')})`)
  session.query(`insert into customer values ${rows.join(', ')}`)
  const some = (texts: string[]): unknown[][] => {
    const select = texts.map((text, i) => `${text} as c${i}`).join(', ')
    const settings = 'output_format_json_quote_denormals = 1, output_format_json_quote_64bit_integers = 0'
    const reply = session.query(
      `select ${select} from customer order by row settings ${settings}`,
      'JSONCompactEachRow',
    )
    const rows = reply
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown[])
    return texts.map((_, column) => rows.map((row) => row[column]))
  }
  const values = (texts: string[]): unknown[][] => {
    const columns: unknown[][] = []
    for (let from = 0; from < texts.length; ) {
      let to = from
      for (let chars = 0; to < texts.length && to - from < COLUMNS_PER_QUERY && chars < CHARS_PER_QUERY; to++)
        chars += texts[to]!.length
      columns.push(...some(texts.slice(from, to)))
      from = to
    }
    return columns
  }
  return {
    values,
    ask: (expressions) => {
      const columns = values(expressions.flatMap(({ value, error }) => [value, error]))
      return expressions.map((_, i) =>
        columns[2 * i]!.map((value, row) => ({ value, error: Number(columns[2 * i + 1]![row]) === 1 })),
      )
    },
    close: () => {
      session.cleanup()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A fact as ClickHouse stores it: the default where it is absent, and the presence bit. */
function cell(field: Field, facts: Facts): string[] {
  const value = facts[field.namespace]?.[field.name]
  const isPresent = value !== undefined && value !== null
  return [isPresent ? literal(field.type, value) : insideLiteral(field.type, field.default), isPresent ? '1' : '0']
}

function literal(type: ValueType, value: unknown): string {
  if (isList(type)) return `[${(value as unknown[]).map((item) => literal(elementOf(type), item)).join(', ')}]`
  switch (type) {
    case 'string':
      return `'${String(value).replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`
    case 'double':
      return doubleLiteral(value as number)
    case 'int':
      return BigInt(value as number).toString()
    case 'date':
      return `toDate32('${value}')`
    case 'timestamp':
      return `fromUnixTimestamp64Milli(toInt64(${new Date(String(value)).getTime()}), 'UTC')`
    default:
      return String(value)
  }
}

function insideLiteral(type: ValueType, value: unknown): string {
  if (isList(type)) return `[${(value as unknown[]).map((item) => insideLiteral(elementOf(type), item)).join(', ')}]`
  if (type === 'date') return `addDays(toDate32('1970-01-01'), ${value})`
  if (type === 'timestamp') return `fromUnixTimestamp64Milli(toInt64(${value}), 'UTC')`
  return literal(type, value)
}

function doubleLiteral(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0.0' : String(value)
}
