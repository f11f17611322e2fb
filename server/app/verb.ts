import { invalid, Problem } from '#platform/errors'
import { isDate } from '#platform/http'
import { isId } from '#platform/runtime'

/** What a verb of the command line gets. */
export interface Call {
  dataDir: string
  json: boolean
  positionals: string[]
  options: Record<string, string | boolean | undefined>
  /** Progress and remarks, to standard error. */
  say: (sentence: string) => void
  /** The answer: as JSON when asked, else as text. */
  answer: (value: unknown, text: string) => void
}

export interface Verb {
  name: string
  usage: string
  sentence: string
  options: Record<string, { type: 'string' | 'boolean'; sentence: string }>
  /** Answers the exit status. */
  run: (call: Call) => Promise<number>
}

/** The positional argument at `index`, or a complaint that names it. */
export function argument(call: Call, index: number, name: string, verb: string): string {
  const value = call.positionals[index]
  if (!value)
    throw new Problem(
      'invalid',
      'argument_missing',
      { argument: name },
      `${verb} needs ${name}.`,
      `See ./clientele ${verb} --help.`,
    )
  return value
}

/** A string option, or undefined. */
export const optionOf = (call: Call, name: string): string | undefined => {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}

/** A positive number option, or its default. */
export function numberOf(call: Call, name: string, byDefault: number): number {
  const text = optionOf(call, name)
  if (text === undefined) return byDefault
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0)
    throw new Problem(
      'invalid',
      'option_number',
      { option: name, found: text },
      `--${name} takes a number above 0.`,
      'Give a number.',
    )
  return value
}

/** A day, YYYY-MM-DD, or undefined when the option was not given. */
export function dayOf(call: Call, name: string): string | undefined {
  const text = optionOf(call, name)
  if (text === undefined || isDate(text)) return text
  throw invalid(
    'option_day',
    { option: name, found: text },
    `--${name} takes a day of the calendar.`,
    'Write it as YYYY-MM-DD, 2026-03-02 for example.',
  )
}

/** An id as Clientele gives them; `what` it is the id of. */
export function idOf(text: string, what: string): string {
  if (isId(text)) return text
  throw invalid(
    'id_malformed',
    { found: text.slice(0, 200) },
    `"${text.slice(0, 200)}" is not the id of ${what}.`,
    'Copy the whole id: 36 letters, digits and hyphens.',
  )
}

/** Rows as an aligned table; numbers to the right; the last column is as long as its text. */
export function table(headers: string[], rows: (string | number)[][]): string {
  const text = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)))
  const last = headers.length - 1
  const widths = headers.map((header, i) =>
    i === last ? header.length : Math.max(header.length, ...text.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: string[], source?: (string | number)[]) =>
    cells
      .map((cell, i) => (typeof source?.[i] === 'number' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  const rule = line(widths.map((width) => '─'.repeat(width)))
  return [line(headers), rule, ...text.map((row, i) => line(row, rows[i]))].join('\n')
}
