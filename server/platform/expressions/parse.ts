import { type ASTNode, Environment as CelParser, ParseError } from '@marcbachmann/cel-js'
import { Refusal } from './errors.ts'

/** How much text, how many parts and how deep: enough for any rule a person writes, too little for a bomb. */
export const SOURCE_CHARS_MAX = 10_000
export const NODES_MAX = 2_000
export const NESTING_MAX = 40
export const LIST_ITEMS_MAX = 1_000

const parser = new CelParser({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: NODES_MAX,
    maxDepth: NESTING_MAX,
    maxListElements: LIST_ITEMS_MAX,
    maxMapEntries: 100,
    maxCallArguments: 20,
  },
})

const TOKENS: Record<string, string> = {
  EOF: 'the end of the expression',
  NUMBER: 'a number',
  STRING: 'a text',
  BYTES: 'bytes',
  BOOLEAN: 'true or false',
  NULL: 'null',
  IDENTIFIER: 'a name',
  PLUS: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  MODULO: '%',
  EQ: '==',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  AND: '&&',
  OR: '||',
  NOT: '!',
  IN: 'in',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  DOT: '.',
  COMMA: ',',
  COLON: ':',
  QUESTION: '?',
}

const SLIPS: [RegExp, string][] = [
  [/^=/, 'Write == to compare.'],
  [/^&/, 'Write && for "and".'],
  [/^\|/, 'Write || for "or".'],
  [/^>/, 'Write != for "not equal" and >= for "at least".'],
  [/^and\b/i, 'Write && for "and".'],
  [/^or\b/i, 'Write || for "or".'],
  [/^not\b/i, 'Write ! for "not".'],
  [/^is\b/i, 'Write == to compare.'],
  [/^between\b/i, 'Write low <= x && x <= high.'],
  [/^like\b/i, "Write x.contains('…') or x.matches('…')."],
  [/^[“”‘’]/, 'Write straight quotes: \'…\' or "…".'],
  [/^\?\?/, 'An absent value reads as its default; has(…) tells whether it is there.'],
]

/** The parsed tree of a source; throws a Refusal that names the place. */
export function parse(source: string): ASTNode {
  if (source.length > SOURCE_CHARS_MAX) {
    throw new Refusal({
      code: 'too_large',
      start: SOURCE_CHARS_MAX,
      end: source.length,
      found: `${source.length} characters`,
      expected: `at most ${SOURCE_CHARS_MAX}`,
    })
  }
  if (source.trim() === '') {
    throw new Refusal({ code: 'syntax', start: 0, end: source.length, found: 'nothing', expected: 'an expression' })
  }
  try {
    return parser.parse(withoutFormFeeds(source)).ast
  } catch (error) {
    if (error instanceof ParseError) throw refused(source, error)
    if (error instanceof RangeError) {
      throw new Refusal({
        code: 'too_large',
        start: 0,
        end: source.length,
        found: 'too many nested parts',
        expected: `at most ${NESTING_MAX}`,
      })
    }
    throw error
  }
}

/** CEL counts form feeds as white space and the parser does not; those inside quotes stay. Offsets stay too. */
function withoutFormFeeds(source: string): string {
  if (!source.includes('\f')) return source
  return source.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\f/g, (part) => (part === '\f' ? ' ' : part))
}

function refused(source: string, error: ParseError): Refusal {
  const start = error.range?.start ?? 0
  const end = Math.max(error.range?.end ?? start, start)
  const rest = source.slice(start)
  const slip = SLIPS.find(([pattern]) => pattern.test(rest))?.[1]
  const suggestion = slip ? { suggestion: slip } : {}
  if (error.code === 'limit_exceeded') {
    const limit = /\((\d+)\)/.exec(error.summary)?.[1] ?? ''
    const what = error.summary.includes('maxDepth')
      ? 'levels of nesting'
      : error.summary.includes('Ast')
        ? 'parts'
        : 'items'
    return new Refusal({
      code: 'too_large',
      start,
      end,
      found: `more than ${limit} ${what}`,
      expected: `at most ${limit}`,
    })
  }
  const tokens = /^Expected (\w+), got (\w+)/.exec(error.summary)
  if (tokens) {
    return new Refusal({
      code: 'syntax',
      start,
      end,
      found: seen(source, start, end),
      expected: TOKENS[tokens[1]!] ?? tokens[1]!,
      ...suggestion,
    })
  }
  if (error.code === 'unexpected_token') {
    return new Refusal({
      code: 'syntax',
      start,
      end,
      found: seen(source, start, end),
      expected: 'a value, a name or (',
      ...suggestion,
    })
  }
  if (error.code === 'unexpected_character') {
    const word = /^[A-Za-z_]\w*/.exec(rest)?.[0]
    const found = word ?? [...rest][0] ?? ''
    return new Refusal({
      code: 'syntax',
      start,
      end: start + found.length,
      found: `'${found}'`,
      expected: 'an operator or the end of the expression',
      ...suggestion,
    })
  }
  if (error.code === 'reserved_identifier') {
    return new Refusal({
      code: 'syntax',
      start,
      end,
      found: `the reserved word '${source.slice(start, end)}'`,
      expected: 'a name',
    })
  }
  return new Refusal({
    code: 'syntax',
    start,
    end,
    found: lowered(error.summary),
    expected: EXPECTED[error.code] ?? 'valid CEL',
    ...suggestion,
  })
}

const EXPECTED: Record<string, string> = {
  unterminated_string: 'a closing quote',
  unterminated_triple_quoted_string: 'three closing quotes',
  newline_in_string: 'a closing quote on the same line, or \\n',
  invalid_escape_sequence: 'one of \\n \\t \\r \\" \\\' \\\\ \\uXXXX',
  invalid_macro_argument: 'a name for the item, then an expression, or has(customer.name)',
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
const seen = (source: string, start: number, end: number): string =>
  start >= source.length ? 'the end of the expression' : `'${source.slice(start, Math.max(end, start + 1))}'`
