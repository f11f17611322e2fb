import { Liquid, type LiquidError, type Template } from 'liquidjs'
import type { Format } from './contract.ts'
import { dayText, moneyText, percentText } from './words.ts'

/** Characters of one source, and of one rendered text. */
export const SOURCE_MAX = 20_000
export const TEXT_MAX = 60_000
/** By the clock on the wall: generous, since a machine that is busy must not keep a good text from its reader. */
const RENDER_MS_MAX = 250
const PARSED_KEPT = 2000

/** A text, or why there is none and where in the source (0-based, when it is known). */
export type Rendered = { ok: true; text: string } | { ok: false; error: string; at?: number }

// What is listed is all there is: no files, no includes, no chance, no machine's clock, no way round escaping.
const TAGS = [
  'assign',
  'capture',
  'case',
  'comment',
  'cycle',
  'echo',
  'for',
  'if',
  'unless',
  'break',
  'continue',
  'raw',
  '#',
]
const FILTERS = [
  'abs',
  'append',
  'at_least',
  'at_most',
  'capitalize',
  'ceil',
  'compact',
  'concat',
  'default',
  'divided_by',
  'downcase',
  'first',
  'floor',
  'join',
  'last',
  'lstrip',
  'map',
  'minus',
  'modulo',
  'plus',
  'prepend',
  'remove',
  'replace',
  'replace_first',
  'reverse',
  'round',
  'rstrip',
  'size',
  'slice',
  'sort',
  'split',
  'strip',
  'sum',
  'times',
  'truncate',
  'truncatewords',
  'uniq',
  'upcase',
  'url_encode',
  'where',
]

const HTML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const plain = (value: unknown): string =>
  value === null || value === undefined ? '' : String(value).replace(CONTROL, '')

const escapes: Record<Format, (value: unknown) => string> = {
  text: plain,
  // A line break in a subject would begin a header of its own.
  line: (value) => plain(value).replace(/\s+/g, ' '),
  html: (value) => plain(value).replace(/[&<>"'`]/g, (character) => HTML[character]!),
}

function engineFor(format: Format): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    outputEscape: escapes[format],
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    parseLimit: SOURCE_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: 1_000_000,
  })
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag]
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.includes(filter)) delete engine.filters[filter]
  engine.registerFilter('money', function (minor: unknown, currency: unknown) {
    return moneyText(minor, currency, languageOf(this.context))
  })
  engine.registerFilter('percent', function (basisPoints: unknown) {
    return percentText(basisPoints, languageOf(this.context))
  })
  engine.registerFilter('day', function (date: unknown) {
    return dayText(date, languageOf(this.context))
  })
  return engine
}

const languageOf = (context: { globals: object }): string =>
  String((context.globals as { language?: string }).language ?? 'en')

const engines: Record<Format, Liquid> = { text: engineFor('text'), html: engineFor('html'), line: engineFor('line') }

// Sources come from the playbook, so there are few; the oldest is dropped when there are not.
const parsed = new Map<string, Template[]>()

function parse(source: string, format: Format): Template[] {
  const key = `${format}\n${source}`
  let template = parsed.get(key)
  if (!template) {
    template = engines[format].parse(source)
    if (parsed.size >= PARSED_KEPT) parsed.delete(parsed.keys().next().value!)
    parsed.set(key, template)
  }
  return template
}

/**
 * Fills a Liquid source with data. A name that the data doesn't have is an error, never an empty gap in a sentence to
 * a customer; values are escaped for the format. Filters: Liquid's harmless ones, and `money` (minor units, with a
 * currency), `percent` (basis points) and `day` (a date), in the words of `language`. Never throws.
 */
export function render(source: string, data: object, options: { format: Format; language?: string }): Rendered {
  try {
    const { format, language = 'en' } = options
    const text = String(engines[format].renderSync(parse(source, format), data, { globals: { language } }))
    if (text.length > TEXT_MAX)
      return { ok: false, error: `the text has ${text.length} characters; at most ${TEXT_MAX}` }
    return { ok: true, text: format === 'line' ? text.replace(/\s+/g, ' ').trim() : text }
  } catch (error) {
    return failure(error)
  }
}

/** The names that a source needs: ['variables.times', 'offer.rateBp'], or why it can't be read. */
export function namesIn(source: string): { ok: true; names: string[] } | { ok: false; error: string; at?: number } {
  try {
    const segments = engines.text.globalVariableSegmentsSync(parse(source, 'text'), { partials: false })
    return { ok: true, names: segments.map((path) => path.filter((step) => typeof step === 'string').join('.')) }
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown): { ok: false; error: string; at?: number } {
  const { message, token } = error as LiquidError
  const at = typeof token?.begin === 'number' ? { at: token.begin } : {}
  // The first line names the fault; the library's drawing of the source follows it.
  return {
    ok: false,
    error: String(message)
      .split('\n')[0]!
      .replace(/, line:\d+, col:\d+$/, ''),
    ...at,
  }
}
