/**
 * A failure: its kind decides the HTTP status and who should act, its code is stable for programs, its facts are
 * what was found and expected, and its message says what happened and what to do next. An expected "no" of the bank
 * (not eligible, capped) is never a Problem: it is a value with reasons.
 */
export type ProblemKind =
  | 'invalid' // the request itself is wrong: mend it
  | 'unauthenticated' // say who you are
  | 'forbidden' // you may not
  | 'not_found'
  | 'conflict' // the state has moved on: read again
  | 'mismatch' // the same idempotency key with another body
  | 'too_many' // slow down
  | 'unavailable' // a store or a dependency is away: try again
  | 'fault' // ours

export const STATUS: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  mismatch: 422,
  too_many: 429,
  unavailable: 503,
  fault: 500,
}

/** What a failure is made of: JSON values only, never personal data. */
export type Facts = Record<string, unknown>

export class Problem extends Error {
  readonly kind: ProblemKind
  readonly code: string
  readonly facts: Facts
  /** What the reader can do about it, one sentence. */
  readonly next: string
  constructor(kind: ProblemKind, code: string, facts: Facts, message: string, next = '', cause?: unknown) {
    super(message, { cause })
    this.name = 'Problem'
    this.kind = kind
    this.code = code
    this.facts = facts
    this.next = next
  }
  /** The one HTTP shape of every failure. */
  toJSON(): { error: { kind: ProblemKind; code: string; message: string; facts: Facts; next: string } } {
    return { error: { kind: this.kind, code: this.code, message: this.message, facts: this.facts, next: this.next } }
  }
}

const make =
  (kind: ProblemKind) =>
  (code: string, facts: Facts, message: string, next = '', cause?: unknown): Problem =>
    new Problem(kind, code, facts, message, next, cause)

export const invalid = make('invalid')
export const unauthenticated = make('unauthenticated')
export const forbidden = make('forbidden')
export const notFound = make('not_found')
export const conflict = make('conflict')
export const mismatch = make('mismatch')
export const tooMany = make('too_many')
export const unavailable = make('unavailable')
export const fault = make('fault')

export const isProblem = (e: unknown): e is Problem => e instanceof Problem
