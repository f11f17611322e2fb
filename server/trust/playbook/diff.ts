import { canonical, documentHash } from './canonical.ts'
import { pathText, shown } from './document.ts'
import { compare, type Document, type DocumentSet, each, type Path } from './kind.ts'

/** One field that differs; `before` or `after` is undefined when it is not there. */
export interface FieldChange {
  path: string
  before?: unknown
  after?: unknown
}

/** One document that differs. */
export interface DocumentChange {
  kind: string
  id: string
  title: string
  change: 'added' | 'removed' | 'changed'
  fields: FieldChange[]
}

/** What turns one set of documents into another, ordered by kind and id. */
export function diffSets(before: DocumentSet, after: DocumentSet): DocumentChange[] {
  const changes: DocumentChange[] = []
  for (const document of each(after)) {
    const was = before.get(document.kind)?.get(document.id)
    if (was && documentHash(was) === documentHash(document)) continue
    const { kind, id, title } = document
    changes.push({ kind, id, title, change: was ? 'changed' : 'added', fields: was ? diffFields(was, document) : [] })
  }
  for (const { kind, id, title } of each(before)) {
    if (!after.get(kind)?.has(id)) changes.push({ kind, id, title, change: 'removed', fields: [] })
  }
  return changes.sort((a, b) => compare(a.kind, b.kind) || compare(a.id, b.id))
}

/** The fields in which two versions of a document differ, deepest first to differ, in the order of the document. */
export function diffFields(before: Document, after: Document): FieldChange[] {
  const changes: FieldChange[] = []
  diffValue([], before, after, changes)
  return changes
}

/** The difference for a person to read. */
export function diffText(changes: readonly DocumentChange[]): string {
  if (changes.length === 0) return 'No difference.\n'
  const sign = { added: '+', removed: '-', changed: '~' }
  return changes
    .map(({ kind, id, title, change, fields }) => {
      const lines = fields.flatMap(({ path, before, after }) => [
        `    ${path}`,
        ...(before === undefined ? [] : [`      - ${long(before)}`]),
        ...(after === undefined ? [] : [`      + ${long(after)}`]),
      ])
      return [`${sign[change]} ${kind} ${id} (${title})`, ...lines].join('\n')
    })
    .join('\n')
    .concat('\n')
}

const long = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? shown(value)))

const isMapping = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function diffValue(path: Path, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (canonical(before) === canonical(after) && (before === undefined) === (after === undefined)) return
  if (isMapping(before) && isMapping(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      diffValue([...path, key], before[key], after[key], changes)
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    diffList(path, before, after, changes)
  } else changes.push({ path: pathText(path), before, after })
}

// Items that carry an id are the same item wherever they stand; others are compared place by place.
function diffList(path: Path, before: unknown[], after: unknown[], changes: FieldChange[]): void {
  const idsBefore = idsOf(before)
  const idsAfter = idsOf(after)
  if (!idsBefore || !idsAfter) {
    for (let at = 0; at < Math.max(before.length, after.length); at++) {
      diffValue([...path, at], before[at], after[at], changes)
    }
    return
  }
  const named = (id: string): Path => [...path.slice(0, -1), `${String(path.at(-1) ?? '')}[${id}]`]
  for (const id of new Set([...idsBefore, ...idsAfter])) {
    diffValue(named(id), before[idsBefore.indexOf(id)], after[idsAfter.indexOf(id)], changes)
  }
  const kept = idsAfter.filter((id) => idsBefore.includes(id))
  if (canonical(kept) !== canonical(idsBefore.filter((id) => idsAfter.includes(id)))) {
    changes.push({ path: `${pathText(path)} (order)`, before: idsBefore, after: idsAfter })
  }
}

function idsOf(list: unknown[]): string[] | undefined {
  const ids = list.map((item) => (isMapping(item) && typeof item.id === 'string' ? item.id : undefined))
  return ids.length > 0 && ids.every((id) => id !== undefined) && new Set(ids).size === ids.length
    ? (ids as string[])
    : undefined
}
