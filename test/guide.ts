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
