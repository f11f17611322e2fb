import type { TSchema } from 'typebox'

/** One thing the bank decides: its kind, its id (unique within the kind), a title, and the fields of the kind. */
export interface Document {
  readonly kind: string
  readonly id: string
  readonly title: string
  readonly [field: string]: unknown
}

/** Documents by kind and id. */
export type DocumentSet = ReadonlyMap<string, ReadonlyMap<string, Document>>

/** Where in a document: keys and list positions, from the top. */
export type Path = readonly (string | number)[]

/** One thing wrong (or, as a warning, worth a look) at one place of one document. */
export interface Finding {
  severity: 'error' | 'warning'
  /** 'actions/goal_saver.yaml', or '' when the document has no file yet. */
  file: string
  kind: string
  id: string
  /** 'treatments[0].title'; '' means the whole document. */
  path: string
  /** 1-based; undefined when the place is not in the text (a missing key shows its parent). */
  line?: number
  column?: number
  found: string
  expected: string
  /** One sentence: what is wrong and what to do about it. */
  message: string
}

/** What a check says; the playbook adds file, line and column. */
export interface Complaint {
  found: string
  expected: string
  message: string
  severity?: 'error' | 'warning'
  /** Characters into the text at the path, for a finding inside an expression or a template. */
  at?: number
}

/** What the playbook lends to the checks of a kind. */
export interface Tools {
  find(kind: string, id: string): Document | undefined
  all(kind: string): readonly Document[]
  /** A finding at a path of the document being checked. */
  finding(path: Path, complaint: Complaint): Finding
  /** Findings when no document of that kind has that id (none when it exists); for references the schema can't name. */
  refer(path: Path, kind: string, id: string): Finding[]
  /** Builds once per validated set, for instance the environment that all its expressions are checked in. */
  once<T>(key: string, build: () => T): T
}

/** The result of one of a document's own stored cases. */
export interface CaseResult {
  name: string
  passed: boolean
  found: string
  expected: string
}

/** A registered kind of document. The playbook knows no banking: everything it can say about a kind is in here. */
export interface Kind<D extends object = Document> {
  /** 'action': one word or several_words. */
  kind: string
  /** The folder of a playbook that holds its documents: 'actions'. */
  folder: string
  /** JSON Schema of the whole document; make it with `documentSchema`. */
  schema: TSchema
  /** What the schema can't say. It runs only on documents that satisfy the schema, so it may trust their shape. */
  check?(document: D, set: DocumentSet, tools: Tools): Finding[]
  /** References that the schema can't name with `refersTo`, such as ones whose kind depends on another field. */
  references?(document: D): readonly { path: Path; kind: string; id: string }[]
  /** Runs the `cases` that the document carries. */
  runCases?(document: D, set: DocumentSet, tools: Tools): CaseResult[]
  /** Documents of this kind that a playbook needs at least and may have at most; 0 and unlimited when absent. */
  documentsMin?: number
  documentsMax?: number
}

/** An immutable, content-addressed set of documents. */
export interface Revision {
  /** SHA-256 of its canonical JSON, 64 hexadecimal digits; '' for the empty playbook of a bank that has none yet. */
  readonly id: string
  readonly documents: DocumentSet
  /** The activation that made it run, 1 and up; 0 when it has not run here. */
  readonly sequence: number
}

/** What a bank without a playbook runs: nothing. */
export const NO_REVISION: Revision = { id: '', documents: new Map(), sequence: 0 }

/** The documents of one kind, ordered by id. */
export function documentsOf<D = Document>(revision: Pick<Revision, 'documents'>, kind: string): readonly D[] {
  return [...(revision.documents.get(kind)?.values() ?? [])] as unknown as readonly D[]
}

/** One document, or undefined. */
export function documentOf<D = Document>(
  revision: Pick<Revision, 'documents'>,
  kind: string,
  id: string,
): D | undefined {
  return revision.documents.get(kind)?.get(id) as D | undefined
}

/** Documents as a set, ordered by kind and id; of two with the same kind and id the later one counts. */
export function setOf(documents: Iterable<Document>): DocumentSet {
  const sorted = [...documents].sort((a, b) => compare(a.kind, b.kind) || compare(a.id, b.id))
  const set = new Map<string, Map<string, Document>>()
  for (const document of sorted) {
    let ofKind = set.get(document.kind)
    if (!ofKind) {
      ofKind = new Map()
      set.set(document.kind, ofKind)
    }
    ofKind.set(document.id, document)
  }
  return set
}

/** Order by code unit: the same on every machine, whatever its locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Every document of a set. */
export function* each(set: DocumentSet): Generator<Document> {
  for (const ofKind of set.values()) yield* ofKind.values()
}

/** A check that a higher layer adds to a kind of a lower one: engage renders the texts of decide's treatments. */
export interface ExtraCheck<D extends object = Document> {
  /** 'engage/content:treatments', unique. */
  name: string
  kind: string
  check(document: D, set: DocumentSet, tools: Tools): Finding[]
}

const extraChecks = new Map<string, ExtraCheck>()

/** Adds checks to kinds. One registered again under its name replaces the earlier. */
export function registerChecks(...more: readonly ExtraCheck<never>[]): void {
  for (const check of more) extraChecks.set(check.name, check as unknown as ExtraCheck)
}

export const extraChecksOf = (kind: string): readonly ExtraCheck[] =>
  [...extraChecks.values()].filter((check) => check.kind === kind)

// Filled while the process wires itself (app/modules.ts), before any playbook is read.
const kinds = new Map<string, Kind>()

/** Makes kinds known. A kind registered again replaces the earlier one. */
export function registerKinds(...more: readonly Kind<never>[]): void {
  for (const kind of more) kinds.set(kind.kind, kind as unknown as Kind)
}

export const registeredKinds = (): readonly Kind[] => [...kinds.values()]
