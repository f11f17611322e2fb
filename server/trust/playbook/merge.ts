import { documentHash } from './canonical.ts'
import { compare, type Document, type DocumentSet, each } from './kind.ts'

/** One document written, or (undefined) removed. */
export interface Change {
  kind: string
  id: string
  document: Document | undefined
}

/** Both sides changed the same document since the base, and differently. */
export interface Conflict {
  kind: string
  id: string
  mine: 'written' | 'removed'
  theirs: 'written' | 'removed'
}

const get = (set: DocumentSet, { kind, id }: { kind: string; id: string }): Document | undefined =>
  set.get(kind)?.get(id)

const same = (a: Document | undefined, b: Document | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && documentHash(a) === documentHash(b))

/** What turns `before` into `after`, document by document, ordered by kind and id. */
export function changesBetween(before: DocumentSet, after: DocumentSet): Change[] {
  const changes: Change[] = []
  for (const document of each(after)) {
    if (!same(get(before, document), document)) changes.push({ kind: document.kind, id: document.id, document })
  }
  for (const { kind, id } of each(before)) {
    if (!after.get(kind)?.has(id)) changes.push({ kind, id, document: undefined })
  }
  return changes.sort((a, b) => compare(a.kind, b.kind) || compare(a.id, b.id))
}

/** The documents of a set after a change, in no particular order. */
export function applied(set: DocumentSet, changes: readonly Change[]): Document[] {
  const key = ({ kind, id }: { kind: string; id: string }) => `${kind}/${id}`
  const documents = new Map([...each(set)].map((document) => [key(document), document]))
  for (const change of changes) {
    if (change.document) documents.set(key(change), change.document)
    else documents.delete(key(change))
  }
  return [...documents.values()]
}

/**
 * Three-way merge by document: my changes, made to `base`, carried over to `theirs`. A document that only one side
 * changed takes that side; one that both changed alike takes it once; one that both changed differently is a conflict.
 */
export function merge(
  base: DocumentSet,
  mine: readonly Change[],
  theirs: DocumentSet,
): { changes: Change[]; conflicts: Conflict[] } {
  const changes: Change[] = []
  const conflicts: Conflict[] = []
  const did = (document: Document | undefined) => (document ? ('written' as const) : ('removed' as const))
  for (const change of mine) {
    const was = get(base, change)
    const now = get(theirs, change)
    if (same(was, change.document) || same(now, change.document)) continue
    if (same(was, now)) changes.push(change)
    else conflicts.push({ kind: change.kind, id: change.id, mine: did(change.document), theirs: did(now) })
  }
  return { changes, conflicts }
}
