/** What the chapters of the guide show, read from their text, so that tests can do it and compare. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const GUIDE = join(import.meta.dirname, '../docs/guide')

/** A fenced block of a chapter: what stands after the fence, and its lines. */
export interface Block {
  readonly info: string
  readonly text: string
  /** The line of the chapter where the block's text begins, counted from 1. */
  readonly line: number
}

/** The fenced blocks of a chapter of the guide, in order. */
export function blocksOf(chapter: string): Block[] {
  const blocks: Block[] = []
  let open: { info: string; lines: string[]; line: number } | undefined
  for (const [index, line] of readFileSync(join(GUIDE, chapter), 'utf8').split('\n').entries()) {
    if (open && line === '```') {
      blocks.push({ info: open.info, text: open.lines.join('\n'), line: open.line })
      open = undefined
    } else if (open) open.lines.push(line)
    else if (line.startsWith('```')) open = { info: line.slice(3).trim(), lines: [], line: index + 2 }
  }
  return blocks
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Ids differ from run to run: what the chapter calls one stands for the run's own, wherever it comes again. */
export class Ids {
  private readonly ours = new Map<string, string>()

  /** A command of the chapter with the ids of this run. */
  into(text: string): string {
    return text.replace(UUID, (id) => this.ours.get(id) ?? id)
  }

  /** What was answered, with the chapter's ids in the places of this run's; '…' of the chapter stands for any text. */
  back(shown: string, found: string): string {
    const pieces = shown.split(/(…|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|age_years = \d+)/)
    const pattern = pieces.map((piece, index) => {
      if (index % 2 === 0) return escaped(piece)
      if (piece === '…') return '[^\\n]*?'
      return piece.startsWith('age') ? 'age_years = \\d+' : '([0-9a-f-]{36})'
    })
    const match = new RegExp(`^${pattern.join('')}$`).exec(found)
    if (!match) return found
    for (const [index, id] of (shown.match(UUID) ?? []).entries()) {
      const known = this.ours.get(id)
      if (known !== undefined && known !== match[index + 1]) return found
      this.ours.set(id, match[index + 1]!)
    }
    return shown
  }
}

/** Answers with no blanks at the ends of lines and no empty lines around. */
export const trimmed = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

/** A request as a chapter writes it: a line with method and path, headers, an empty line, the body. */
export interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function requestOf(text: string): Request {
  const [head = '', ...rest] = text.split('\n\n')
  const [first = '', ...lines] = head.split('\n')
  const [method = '', path = ''] = first.split(' ')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { method, path, headers, body: rest.join('\n\n') }
}

/**
 * An answer as the chapter shows it: where the chapter leaves something out ('…' for a value, a key '…' for more fields,
 * a last '…' in a list for more items), and where it has an id, this run's is replaced by the chapter's. What is left
 * different is different.
 */
export function shownAs(shown: unknown, found: unknown, ids: Ids): unknown {
  if (shown === '…') return found === undefined ? undefined : '…'
  if (typeof shown === 'string' && typeof found === 'string') return ids.back(shown, found)
  if (Array.isArray(shown) && Array.isArray(found)) {
    const more = shown.at(-1) === '…' && found.length >= shown.length - 1
    const items = more ? shown.slice(0, -1) : shown
    const kept = more ? found.slice(0, items.length) : found
    return [...kept.map((item, at) => shownAs(items[at], item, ids)), ...(more ? ['…'] : [])]
  }
  if (isRecord(shown) && isRecord(found)) {
    const names = '…' in shown ? Object.keys(shown).filter((name) => name in found) : Object.keys(found)
    return Object.fromEntries([
      ...names.map((name) => [name, shownAs(shown[name], found[name], ids)]),
      ...('…' in shown ? [['…', shown['…']]] : []),
    ])
  }
  return found
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
