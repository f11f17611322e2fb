import { createHash } from 'node:crypto'
import { compare, type Document, type DocumentSet, each } from './kind.ts'

/**
 * The one text of a JSON value: keys in code-unit order, no white space, numbers as ECMAScript writes them (-0 as 0).
 * Two documents that mean the same have the same text, whatever the order of their keys (RFC 8785's idea).
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined)
    entries.sort(([a], [b]) => compare(a, b))
    return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// A document is hashed once: revisions share most of theirs.
const hashes = new WeakMap<Document, string>()

/** SHA-256 of a document's canonical JSON, 64 hexadecimal digits. */
export function documentHash(document: Document): string {
  let hash = hashes.get(document)
  if (!hash) {
    hash = sha256(canonical(document))
    hashes.set(document, hash)
  }
  return hash
}

/** SHA-256 over the kind, id and hash of every document, 64 hexadecimal digits: the revision's id. */
export const revisionHash = (set: DocumentSet): string =>
  sha256([...each(set)].map((document) => `${document.kind}/${document.id} ${documentHash(document)}`).join('\n'))
