import { RE2JS } from 're2js'

/** A regular expression's own limits: RE2 never backtracks, but a big automaton still costs memory in both engines. */
export const PATTERN_CHARS_MAX = 500
const PROGRAM_SIZE_MAX = 40_000

const compiled = new Map<string, RE2JS>()

/** The compiled form of a pattern that patternProblem accepted. Compiled once per process and text. */
export function re2(pattern: string): RE2JS {
  let regex = compiled.get(pattern)
  if (!regex) {
    if (compiled.size > 2_000) compiled.clear()
    regex = RE2JS.compile(pattern)
    compiled.set(pattern, regex)
  }
  return regex
}

/** What is wrong with a pattern, undefined when nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if ([...pattern].length > PATTERN_CHARS_MAX)
    return `a regular expression of ${[...pattern].length} characters (at most ${PATTERN_CHARS_MAX})`
  const repeats = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map((m) =>
    Math.max(Number(m[1]), Number(m[2] || 0), 1),
  )
  if (repeats.reduce((a, b) => a * b, 1) > 1_000) return 'repetitions that multiply to more than 1,000'
  // \C matches a byte, which has no meaning in a text; the two engines also differ on it.
  if (/\\C/.test(pattern)) return '\\C, a single byte'
  try {
    const size = RE2JS.compile(pattern).programSize()
    // ClickHouse's RE2 works on bytes: a class of all letters is hundreds of its instructions, any character a dozen.
    const weight = /\\[pP]/.test(pattern) ? 300 : /[^\x20-\x7e]|\[\^|\.|\(\?i/.test(pattern) ? 15 : 1
    return size * weight > PROGRAM_SIZE_MAX ? 'a regular expression whose automaton is too large' : undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
