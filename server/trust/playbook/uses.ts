import { pathText } from './document.ts'
import { type DocumentSet, each, type Path, registeredKinds } from './kind.ts'
import { type Reference, references } from './schema.ts'

/** A document that names another one, and where. */
export interface Use {
  kind: string
  id: string
  title: string
  path: string
  /** 1 names the document itself; 2 names a document that does; and so on. */
  depth: number
}

const DEPTH_MAX = 4

/** What expressions and templates read: `customer.income` names the attribute `income`. */
function readsIn(value: unknown, path: Path): Reference[] {
  if (typeof value === 'string')
    return [...value.matchAll(/\bcustomer\.([a-z]\w*)/g)].map(([, id]) => ({ kind: 'attribute', id: id!, path }))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    readsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/** Every document of the set that names this one, or names one that does, nearest first; each is told once. */
export function usesOf(set: DocumentSet, kind: string, id: string): Use[] {
  const namedBy = new Map<string, Use[]>()
  const kinds = new Map(registeredKinds().map((one) => [one.kind, one]))
  for (const document of each(set)) {
    const of = kinds.get(document.kind)
    if (!of) continue
    const named = [
      ...references(of.schema, document),
      ...(of.references?.(document as never) ?? []),
      ...readsIn(document, []),
    ]
    for (const to of named) {
      const key = `${to.kind}/${to.id}`
      const use = { kind: document.kind, id: document.id, title: document.title, path: pathText(to.path), depth: 0 }
      namedBy.set(key, [...(namedBy.get(key) ?? []), use])
    }
  }
  const seen = new Set([`${kind}/${id}`])
  const found: Use[] = []
  let edge = [`${kind}/${id}`]
  for (let depth = 1; depth <= DEPTH_MAX && edge.length > 0; depth++) {
    const next: string[] = []
    for (const use of edge.flatMap((key) => namedBy.get(key) ?? [])) {
      const key = `${use.kind}/${use.id}`
      if (seen.has(key)) continue
      seen.add(key)
      next.push(key)
      found.push({ ...use, depth })
    }
    edge = next
  }
  return found
}
