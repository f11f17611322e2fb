import {
  CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  stringify,
  visit,
  type Document as YamlDocument,
} from 'yaml'
import type { Complaint, Document, Finding, Path } from './kind.ts'

/** Characters of one document's text. */
export const TEXT_MAX = 256 * 1024
/** Levels of lists and mappings in one document. */
export const DEPTH_MAX = 24
/** Pieces of YAML in one document: keys, values, signs and line ends; a line `key: value` has seven. */
export const PIECES_MAX = 12_000

/** A document as written: its text, what it says when it can be read, and where each of its parts stands. */
export interface Written {
  file: string
  text: string
  document: Document | undefined
  findings: Finding[]
  /** The place (1-based) of a path, or of its nearest parent; `at` counts characters into the value's text. */
  place(path: Path, at?: number): { line: number; column: number } | undefined
}

/** 'treatments[0].title' */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text ? `.${step}` : step
  return text
}

/** A value as a finding shows it: short, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** Reads one YAML text. It never throws: what is wrong is in `findings`, and then `document` is undefined. */
export function readDocument(file: string, text: string): Written {
  const none = { file, text, document: undefined, place: () => undefined }
  const whole = (complaint: Complaint): Written => ({ ...none, findings: [findingAt(none, '', '', [], complaint)] })
  if (text.length > TEXT_MAX) {
    return whole({
      found: `${text.length} characters`,
      expected: `at most ${TEXT_MAX}`,
      message: 'The document is too long: split it.',
    })
  }
  const bomb = bombIn(text)
  if (bomb) return whole(bomb)
  const lines = new LineCounter()
  let yaml: YamlDocument.Parsed
  try {
    yaml = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      prettyErrors: false,
      // Checked below in one pass: the library compares every key with every other.
      uniqueKeys: false,
      merge: false,
    })
  } catch (error) {
    // The parser is recursive, so nesting of tens of thousands of levels ends its stack.
    return whole({ found: String(error), expected: 'YAML', message: 'The text is nested too deeply to be read.' })
  }
  const written: Written = { file, text, document: undefined, findings: [], place: placeIn(yaml, text, lines) }
  const complain = (offset: number | undefined, complaint: Complaint): void => {
    const finding = findingAt(written, '', '', [], complaint)
    if (offset !== undefined) Object.assign(finding, lineAndColumn(lines, offset))
    written.findings.push(finding)
  }
  for (const problem of [...yaml.errors, ...yaml.warnings].slice(0, 20)) {
    complain(problem.pos[0], {
      found: problem.message,
      expected: 'YAML 1.2',
      message: `The text is not YAML at this place: ${problem.message}.`,
    })
  }
  if (written.findings.length > 0) return written
  const unsafe = unsafePart(yaml)
  if (unsafe) {
    complain(unsafe.offset, unsafe.complaint)
    return written
  }
  const value: unknown = yaml.toJS({ maxAliasCount: 0 })
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    complain(0, {
      found: shown(value),
      expected: 'a mapping with kind, id and title',
      message: 'A document is a mapping of fields: begin it with kind, id and title.',
    })
    return written
  }
  written.document = value as Document
  return written
}

/**
 * A document that was read before, with the text it was read from: the text is read again only if a finding needs a
 * place in it.
 */
export function readBefore(file: string, document: Document, text: string): Written {
  let again: Written | undefined
  const place: Written['place'] = (path, at) => {
    again ??= readDocument(file, text)
    return again.place(path, at)
  }
  return { file, text, document, findings: [], place }
}

/** A document as YAML text, kind, id and title first, long text folded as blocks. */
export function writeDocument(document: Document): string {
  const { kind, id, title, ...rest } = document
  return stringify(
    { kind, id, title, ...rest },
    { lineWidth: 110, version: '1.2', schema: 'core', aliasDuplicateObjects: false },
  )
}

/** A finding with its place filled in. */
export function findingAt(
  written: Pick<Written, 'file' | 'place'>,
  kind: string,
  id: string,
  path: Path,
  complaint: Complaint,
): Finding {
  const { at, severity = 'error', found, expected, message } = complaint
  return {
    severity,
    file: written.file,
    kind,
    id,
    path: pathText(path),
    ...written.place(path, at),
    found,
    expected,
    message,
  }
}

function lineAndColumn(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

// Reading costs time by the piece and stack by the level, so both are counted before anything is built.
function bombIn(text: string): Complaint | undefined {
  let pieces = 0
  let level = 0
  let indicators = 0
  for (const piece of new Lexer().lex(text)) {
    const type = CST.tokenType(piece)
    if (type === 'flow-seq-start' || type === 'flow-map-start') level++
    else if (type === 'flow-seq-end' || type === 'flow-map-end') level = Math.max(level - 1, 0)
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') indicators++
    else if (type === 'newline') indicators = 0
    if (level > DEPTH_MAX || indicators > DEPTH_MAX) {
      return {
        found: `more than ${DEPTH_MAX} levels`,
        expected: `at most ${DEPTH_MAX}`,
        message: 'The document is nested too deeply.',
      }
    }
    if (++pieces > PIECES_MAX) {
      return {
        found: `more than ${PIECES_MAX} keys, values and signs`,
        expected: `at most ${PIECES_MAX}`,
        message: 'The document is too big: split it.',
      }
    }
  }
  return undefined
}

// Aliases and tags make a text mean more than it shows (and a few bytes mean millions of values); numbers that JSON
// cannot hold would change when they are stored.
function unsafePart(yaml: YamlDocument.Parsed): { offset: number | undefined; complaint: Complaint } | undefined {
  let worst: { offset: number | undefined; complaint: Complaint } | undefined
  visit(yaml, (_key, node, ancestors) => {
    if (!isNode(node)) return undefined
    const complain = (found: string, expected: string, message: string, offset = node.range?.[0]) => {
      worst = { offset, complaint: { found, expected, message } }
      return visit.BREAK
    }
    if (isAlias(node) || ('anchor' in node && node.anchor)) {
      return complain(
        'an anchor or alias',
        'the value itself',
        'Anchors and aliases are not read: write the value out.',
      )
    }
    if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:')) {
      return complain(`the tag ${node.tag}`, 'no tag', 'Tags are not read: remove it.')
    }
    if (ancestors.length > DEPTH_MAX * 2) {
      return complain(`more than ${DEPTH_MAX} levels`, `at most ${DEPTH_MAX}`, 'The document is nested too deeply.')
    }
    if (isMap(node)) {
      const keys = new Set<string>()
      for (const { key } of node.items) {
        const name = isScalar(key) ? key.value : undefined
        const offset = isNode(key) ? key.range?.[0] : undefined
        if (typeof name !== 'string' || name === '__proto__') {
          complain(`the key ${String(key)}`, 'a text key', "Keys are text: put it in quotes ('2026': ...).", offset)
          return visit.BREAK
        }
        if (keys.has(name)) {
          complain(`the key ${name} twice`, 'each key once', 'This key is written twice: keep one.', offset)
          return visit.BREAK
        }
        keys.add(name)
      }
    }
    if (isScalar(node) && typeof node.value === 'number') {
      const whole = Number.isInteger(node.value)
      if (!Number.isFinite(node.value) || (whole && !Number.isSafeInteger(node.value))) {
        return complain(
          String(node.source ?? node.value),
          'a finite number within ±2⁵³',
          'This number cannot be kept exactly.',
        )
      }
    }
    if (isScalar(node) && typeof node.value === 'string' && (node.value.includes('\0') || !node.value.isWellFormed())) {
      return complain(
        shown(node.value),
        'text of whole Unicode characters',
        'This text cannot be stored: remove the NUL or half character.',
      )
    }
    if (isScalar(node) && typeof node.value === 'bigint') {
      return complain(String(node.value), 'a number within ±2⁵³', 'This number cannot be kept exactly.')
    }
    return undefined
  })
  return worst
}

function placeIn(yaml: YamlDocument.Parsed, text: string, lines: LineCounter): Written['place'] {
  return (path, at) => {
    let node: unknown = yaml.contents
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
    let reached = 0
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step)
        if (!pair) break
        offset =
          isNode(pair.value) && pair.value.range
            ? pair.value.range[0]
            : isNode(pair.key)
              ? (pair.key.range?.[0] ?? offset)
              : offset
        node = pair.value
      } else if (isSeq(node) && typeof step === 'number' && node.items[step] !== undefined) {
        node = node.items[step]
        offset = isNode(node) && node.range ? node.range[0] : offset
      } else break
      reached++
    }
    if (at !== undefined && reached === path.length && isScalar(node) && typeof node.value === 'string') {
      return within(text, lines, offset, node.type, node.value, at)
    }
    return lineAndColumn(lines, offset)
  }
}

/** The place of the at-th character of a scalar that starts at `offset`; exact for plain, quoted and literal text. */
function within(
  text: string,
  lines: LineCounter,
  offset: number,
  type: string | undefined,
  value: string,
  at: number,
): { line: number; column: number } {
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const start = lineAndColumn(lines, offset)
    const before = value.slice(0, at).split('\n')
    const line = start.line + before.length
    const indent = /^ */.exec(text.split('\n')[line - 1] ?? '')?.[0].length ?? 0
    return { line, column: indent + (before.at(-1)?.length ?? 0) + 1 }
  }
  return lineAndColumn(lines, offset + (type === 'PLAIN' ? 0 : 1) + at)
}
