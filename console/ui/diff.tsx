import './diff.css'
import { words } from './words.ts'

const t = words('ui.diff', {
  added: 'added',
  removed: 'removed',
  same: 'unchanged lines',
  before: 'Before',
  after: 'After',
})

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Line by line what changed between two texts: the longest run of lines that both hold stays. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const [rows, columns] = [endA - start, endB - start]
  // Beyond this the table would take seconds, and no person reads such a difference line by line.
  const tooMany = rows * columns > 4_000_000
  const longest = new Uint32Array(tooMany ? 0 : (rows + 1) * (columns + 1))
  const at = (i: number, j: number): number => i * (columns + 1) + j
  if (!tooMany)
    for (let i = rows - 1; i >= 0; i--)
      for (let j = columns - 1; j >= 0; j--)
        longest[at(i, j)] =
          a[start + i] === b[start + j]
            ? longest[at(i + 1, j + 1)]! + 1
            : Math.max(longest[at(i + 1, j)]!, longest[at(i, j + 1)]!)
  const lines: DiffLine[] = a.slice(0, start).map((text) => ({ kind: 'same', text }))
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    if (!tooMany && i < rows && j < columns && a[start + i] === b[start + j]) {
      lines.push({ kind: 'same', text: a[start + i++]! })
      j++
    } else if (i < rows && (tooMany || j >= columns || longest[at(i + 1, j)]! >= longest[at(i, j + 1)]!))
      lines.push({ kind: 'removed', text: a[start + i++]! })
    else lines.push({ kind: 'added', text: b[start + j++]! })
  }
  for (const text of a.slice(endA)) lines.push({ kind: 'same', text })
  return lines
}

const CONTEXT = 3
const MARKS = { same: ' ', added: '+', removed: '−' }

/** Two texts as their difference, with a few unchanged lines around each change. */
export function Diff({ before, after, title }: { before: string; after: string; title: string }) {
  const lines = diffLines(before, after)
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same')
  const shown = lines.map((line, index) => ({ ...line, index, kept: near(index) })).filter(({ kept }) => kept)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="ui-diff" aria-label={title} tabIndex={0}>
      {shown.map(({ kind, text, index }, at) => (
        <div
          key={index}
          className="ui-diff-line"
          data-kind={kind}
          data-gap={(at > 0 && shown[at - 1]!.index !== index - 1) || undefined}
        >
          <span className="ui-diff-mark" aria-hidden="true">
            {MARKS[kind]}
          </span>
          {kind === 'same' ? null : <span className="ui-visually-hidden">{t(kind)}: </span>}
          <span>{text || ' '}</span>
        </div>
      ))}
    </section>
  )
}

/** One field's change: the old value struck, the new one beside it. */
export function Changed({ before, after }: { before: string | undefined; after: string | undefined }) {
  return (
    <span>
      {before === undefined ? null : (
        <>
          <span className="ui-visually-hidden">{t('before')}: </span>
          <del className="ui-diff-del">{before}</del>
        </>
      )}{' '}
      {after === undefined ? null : (
        <>
          <span className="ui-visually-hidden">{t('after')}: </span>
          <ins className="ui-diff-ins">{after}</ins>
        </>
      )}
    </span>
  )
}
