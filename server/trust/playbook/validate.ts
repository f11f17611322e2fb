import { findingAt, readDocument, shown, type Written, writeDocument } from './document.ts'
import {
  type CaseResult,
  type Document,
  type DocumentSet,
  extraChecksOf,
  type Finding,
  type Kind,
  registeredKinds,
  setOf,
  type Tools,
} from './kind.ts'
import { misfits, nearest, references } from './schema.ts'

/** Documents of one playbook. */
export const DOCUMENTS_MAX = 5000

/** A document as written, from a document alone. */
export const writtenOf = (document: Document): Written => readDocument('', writeDocument(document))

/**
 * Everything wrong with a whole playbook: unreadable text, fields against the kind's schema, ids used twice or not
 * the file's name, references to what isn't there, and what each kind's own check says. A kind's check runs only
 * when every document satisfies its schema, so that one slip isn't reported a hundred times over.
 */
export const validate = (all: readonly Written[], kinds: readonly Kind[] = registeredKinds()): Finding[] =>
  finished(validating(all, kinds))

/** The same, one document at a time, for a server that has others to answer meanwhile (`inTurns`). */
export function* validating(
  all: readonly Written[],
  kinds: readonly Kind[] = registeredKinds(),
): Generator<undefined, Finding[]> {
  const findings: Finding[] = all.flatMap((written) => written.findings)
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]))
  const firstOf = new Map<string, Written>()
  if (all.length > DOCUMENTS_MAX) findings.push(tooMany(all.length))
  const sound: Written[] = []
  for (const written of all) {
    if (!written.document) continue
    const before = findings.length
    findings.push(...shapeOf(written, written.document, byName, kinds, firstOf))
    if (findings.length === before) sound.push(written)
    yield
  }
  const set = setOf(sound.map((written) => written.document!))
  const whole = sound.length === all.length
  const once = new Map<string, unknown>()
  for (const written of sound) {
    const document = written.document!
    const kind = byName.get(document.kind)!
    const tools = toolsFor(written, document, set, once)
    for (const reference of [...references(kind.schema, document), ...(kind.references?.(document) ?? [])]) {
      // A document that is there but unsound has been reported already.
      if (whole) findings.push(...tools.refer(reference.path, reference.kind, reference.id))
    }
    if (!whole) continue
    if (kind.check) findings.push(...guarded(tools, () => kind.check!(document, set, tools)))
    for (const extra of extraChecksOf(kind.kind)) {
      findings.push(...guarded(tools, () => extra.check(document, set, tools)))
    }
    yield
  }
  if (whole) findings.push(...countsOf(set, kinds))
  return findings
}

/** Whether any of them is an error. */
export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.severity === 'error')

/** The results of one document's own cases. */
export interface CasesRun {
  kind: string
  id: string
  file: string
  results: CaseResult[]
}

/** The results of every document's own cases, by document. The playbook must have validated without errors. */
export const runCases = (all: readonly Written[], kinds: readonly Kind[] = registeredKinds()): CasesRun[] =>
  finished(runningCases(all, kinds))

/** The same, one document at a time. */
export function* runningCases(
  all: readonly Written[],
  kinds: readonly Kind[] = registeredKinds(),
): Generator<undefined, CasesRun[]> {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]))
  const set = setOf(all.flatMap((written) => written.document ?? []))
  const once = new Map<string, unknown>()
  const runs: CasesRun[] = []
  for (const written of all) {
    const document = written.document
    const kind = document && byName.get(document.kind)
    if (!document || !kind?.runCases || !Array.isArray(document.cases)) continue
    const tools = toolsFor(written, document, set, once)
    const results = kind.runCases(document, set, tools)
    runs.push({ kind: document.kind, id: document.id, file: written.file, results })
    yield
  }
  return runs
}

function finished<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** One line for a person: 'actions/goal_saver.yaml:12:5 treatments[0].class: found …, expected …. What to do.' */
export function findingText(finding: Finding): string {
  const place = [finding.file || `${finding.kind} ${finding.id}`, finding.line, finding.column]
    .filter(Boolean)
    .join(':')
  const path = finding.path ? ` ${finding.path}` : ''
  const warning = finding.severity === 'warning' ? ' (warning)' : ''
  return `${place}${path}${warning}: found ${finding.found}, expected ${finding.expected}. ${finding.message}`
}

function shapeOf(
  written: Written,
  document: Document,
  byName: ReadonlyMap<string, Kind>,
  kinds: readonly Kind[],
  firstOf: Map<string, Written>,
): Finding[] {
  const at = (path: (string | number)[], found: string, expected: string, message: string) =>
    findingAt(written, String(document.kind ?? ''), String(document.id ?? ''), path, { found, expected, message })
  const kind = byName.get(document.kind)
  if (!kind) {
    const names = kinds.map((each) => each.kind)
    const hint = nearest(document.kind, names)
    return [
      at(['kind'], shown(document.kind), `one of ${names.join(', ')}`, `There is no such kind of document.${hint}`),
    ]
  }
  const findings = misfits(kind.schema, document).map((misfit) =>
    findingAt(written, document.kind, String(document.id ?? ''), misfit.path, misfit),
  )
  if (findings.length > 0) return findings
  const key = `${document.kind}/${document.id}`
  const first = firstOf.get(key)
  if (first) {
    findings.push(
      at(
        ['id'],
        shown(document.id),
        `an id that no other ${document.kind} has`,
        `${first.file || 'Another document'} has this id already.`,
      ),
    )
  } else firstOf.set(key, written)
  const name = `${kind.folder}/${document.id}.yaml`
  if (written.file && written.file !== name) {
    findings.push(
      at(
        ['id'],
        written.file,
        name,
        'A document stands in the folder of its kind, in a file named by its id: move it, or change the id.',
      ),
    )
  }
  return findings
}

function toolsFor(written: Written, document: Document, set: DocumentSet, once: Map<string, unknown>): Tools {
  const finding: Tools['finding'] = (path, complaint) => findingAt(written, document.kind, document.id, path, complaint)
  const find: Tools['find'] = (kind, id) => set.get(kind)?.get(id)
  return {
    find,
    all: (kind) => [...(set.get(kind)?.values() ?? [])],
    finding,
    refer(path, kind, id) {
      if (find(kind, id)) return []
      const known = [...(set.get(kind)?.keys() ?? [])]
      const hint = nearest(id, known)
      return [
        finding(path, {
          found: shown(id),
          expected: `the id of a document of kind ${kind}`,
          message: `There is no ${kind} ${shown(id)}.${hint || ` Write the ${kind}, or name another.`}`,
        }),
      ]
    },
    once<T>(key: string, build: () => T): T {
      if (!once.has(key)) once.set(key, build())
      return once.get(key) as T
    },
  }
}

// A check that throws is our fault, yet the author must still see every other finding.
function guarded(tools: Tools, check: () => Finding[]): Finding[] {
  try {
    return check()
  } catch (error) {
    return [
      tools.finding([], {
        found: String(error),
        expected: 'a document that can be checked',
        message: 'The check of this document failed; report it with the document.',
      }),
    ]
  }
}

function countsOf(set: DocumentSet, kinds: readonly Kind[]): Finding[] {
  const none = { severity: 'error' as const, file: '', id: '', path: '' }
  return kinds.flatMap((kind) => {
    const count = set.get(kind.kind)?.size ?? 0
    const few = count < (kind.documentsMin ?? 0)
    const many = count > (kind.documentsMax ?? Number.POSITIVE_INFINITY)
    if (!few && !many) return []
    const expected = few ? `at least ${kind.documentsMin}` : `at most ${kind.documentsMax}`
    const message = few ? `Add one in ${kind.folder}/.` : `Remove all but ${kind.documentsMax}.`
    return [
      {
        ...none,
        file: `${kind.folder}/`,
        kind: kind.kind,
        found: `${count} documents of kind ${kind.kind}`,
        expected,
        message,
      },
    ]
  })
}

const tooMany = (count: number): Finding => ({
  severity: 'error',
  file: '',
  kind: '',
  id: '',
  path: '',
  found: `${count} documents`,
  expected: `at most ${DOCUMENTS_MAX}`,
  message: 'A playbook holds at most this many documents: remove what is no longer used.',
})
