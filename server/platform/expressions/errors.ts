/** Why an expression was refused. */
export type CompileErrorCode =
  | 'syntax'
  | 'unknown_name'
  | 'unknown_function'
  | 'wrong_type'
  | 'not_in_subset'
  | 'needs_literal'
  | 'bad_literal'
  | 'too_large'

/** A mistake in the text of an expression, with its place: `at` and `end` are offsets, `line` and `column` count from 1. */
export interface CompileError {
  code: CompileErrorCode
  /** For not_in_subset: which part of CEL the bank's language leaves out. */
  feature?: string
  at: number
  end: number
  line: number
  column: number
  found: string
  expected: string
  /** One sentence, with a suggestion when there is one. */
  message: string
  suggestion?: string
  /** The line and a caret under the place. */
  excerpt: string
}

export interface Complaint {
  code: CompileErrorCode
  start: number
  end: number
  found: string
  expected: string
  suggestion?: string
  feature?: string
}

/** Adds line, column, excerpt and the whole sentence to a complaint. */
export function place(source: string, complaint: Complaint): CompileError {
  const { code, found, expected, suggestion, feature } = complaint
  const at = Math.max(0, Math.min(complaint.start, source.length))
  const end = Math.max(at, Math.min(complaint.end, source.length))
  const before = source.slice(0, at)
  const line = before.split('\n').length
  const lineStart = before.lastIndexOf('\n') + 1
  const lineEnd = source.indexOf('\n', at) < 0 ? source.length : source.indexOf('\n', at)
  // Columns count characters as a reader does, so that the caret stands right after an emoji too.
  const column = [...source.slice(lineStart, at)].length + 1
  const carets = Math.max(1, [...source.slice(at, Math.min(end, lineEnd))].length)
  const sentence = `Line ${line}, column ${column}: found ${found}, expected ${expected}.`
  return {
    code,
    ...(feature ? { feature } : {}),
    at,
    end,
    line,
    column,
    found,
    expected,
    message: suggestion ? `${sentence} ${suggestion}` : sentence,
    ...(suggestion ? { suggestion } : {}),
    excerpt: `${source.slice(lineStart, lineEnd)}\n${' '.repeat(column - 1)}${'^'.repeat(Math.min(carets, 80))}`,
  }
}

/** Carries a complaint out of the parser's and checker's recursion; never leaves the module. */
export class Refusal extends Error {
  readonly complaint: Complaint
  constructor(complaint: Complaint) {
    super(complaint.found)
    this.complaint = complaint
  }
}

interface Span {
  start: number
  end: number
}

export const refuse = (
  at: Span,
  code: Exclude<CompileErrorCode, 'not_in_subset' | 'syntax'>,
  found: string,
  expected: string,
  suggestion?: string,
): Refusal =>
  new Refusal({ code, start: at.start, end: at.end, found, expected, ...(suggestion ? { suggestion } : {}) })

/** A refusal of what CEL has and the bank's language leaves out. */
export const outside = (at: Span, feature: string, found: string, expected: string): Refusal =>
  new Refusal({ code: 'not_in_subset', feature, start: at.start, end: at.end, found, expected })

/** Why an evaluation has no value. */
export type ExpressionErrorCode =
  | 'overflow'
  | 'division_by_zero'
  | 'bad_conversion'
  | 'index_out_of_range'
  | 'out_of_range'
  | 'bad_fact'

const SENTENCES: Record<ExpressionErrorCode, string> = {
  overflow: 'the result is outside ±2⁵³',
  division_by_zero: 'division by zero',
  bad_conversion: 'the value cannot be converted',
  index_out_of_range: 'there is no element at this index',
  out_of_range: 'the date, instant or duration is outside what a calendar can hold',
  bad_fact: 'the fact does not have the type or size its attribute declares',
}

/**
 * The value of an expression that has none. A class only so that one test tells it from every value; it is not thrown,
 * it travels up as CEL's errors do, and it carries the place in the source where it arose.
 */
export class ExpressionError {
  readonly code: ExpressionErrorCode
  readonly at: number
  readonly end: number
  constructor(code: ExpressionErrorCode, at: number, end: number) {
    this.code = code
    this.at = at
    this.end = end
  }
  get message(): string {
    return SENTENCES[this.code]
  }
}

export const isError = (value: unknown): value is ExpressionError => value instanceof ExpressionError

/** The nearest known name, if it is near enough to be a slip of the fingers or an abbreviation. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const other = candidate.toLowerCase()
    const isBeginning = wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other))
    const distance = isBeginning ? 1 : editDistance(wanted, other)
    if (distance < bestDistance && distance < name.length) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** How many letters to add, drop, change or swap with their neighbour (Damerau–Levenshtein, adjacent swaps only). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1)
      row[j] = least
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
