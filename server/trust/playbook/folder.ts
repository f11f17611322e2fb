import { invalid, isProblem } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { activateFirst } from './activation.ts'
import { documentHash, revisionHash } from './canonical.ts'
import { type DocumentChange, diffSets, diffText } from './diff.ts'
import type { Written } from './document.ts'
import { createDraft } from './drafts.ts'
import { readBase, readFolder, writeFolder } from './folder/store.ts'
import { type CaseResult, type DocumentSet, type Finding, NO_REVISION, type Revision, setOf } from './kind.ts'
import { changesBetween } from './merge.ts'
import { activeNow, refresh, revisionById } from './running.ts'
import { readRevision, revisionExists } from './store.ts'
import { hasErrors, runCases, validate } from './validate.ts'

const setFrom = (written: readonly Written[]): DocumentSet => setOf(written.flatMap(({ document }) => document ?? []))

/** Writes what runs (or another revision) into a folder of YAML; files that say the same already stay untouched. */
export async function pull(
  rt: Runtime,
  folder: string,
  hash?: string,
): Promise<{ revision: string; written: string[]; removed: string[]; unchanged: number }> {
  const revision = hash ? await revisionById(rt, hash) : await activeNow(rt)
  const texts = new Map((await readRevision(rt.db, revision.id)).map((row) => [row.hash, row.text]))
  return { revision: revision.id, ...(await writeFolder(folder, revision, texts)) }
}

/** What a folder would change of what runs. */
export async function diffFolder(
  rt: Runtime,
  folder: string,
): Promise<{ changes: DocumentChange[]; text: string; findings: Finding[] }> {
  const written = await readFolder(folder)
  const changes = diffSets((await activeNow(rt)).documents, setFrom(written))
  return { changes, text: diffText(changes), findings: written.flatMap(({ findings }) => findings) }
}

/** Everything wrong in a folder, and the results of its documents' own cases; needs no bank. */
export async function testFolder(folder: string): Promise<{
  documents: number
  revision: string
  findings: Finding[]
  cases: { kind: string; id: string; file: string; results: CaseResult[] }[]
}> {
  const written = await readFolder(folder)
  const findings = validate(written)
  const cases = hasErrors(findings) ? [] : runCases(written)
  return { documents: written.length, revision: revisionHash(setFrom(written)), findings, cases }
}

/**
 * Makes a draft of what the folder changes, measured from the revision it was pulled from (or from what runs, when it
 * was never pulled). A folder with errors makes none: they are the answer. Nor does one that changes nothing.
 */
export async function push(
  rt: Runtime,
  folder: string,
  draft: { title: string; reason: string },
  actor: Actor,
): Promise<{ draftId: string | undefined; changes: DocumentChange[]; findings: Finding[] }> {
  const written = await readFolder(folder)
  const findings = validate(written)
  if (hasErrors(findings)) return { draftId: undefined, changes: [], findings }
  const base = await baseOf(rt, folder)
  const set = setFrom(written)
  const changes = changesBetween(base.documents, set)
  if (changes.length === 0) return { draftId: undefined, changes: [], findings }
  const texts = new Map(written.map(({ document, text }) => [documentHash(document!), text]))
  const draftId = await createDraft(
    rt,
    {
      ...draft,
      base: base.id,
      changes: changes.map(({ kind, id, document }) => ({
        kind,
        id,
        text: document && texts.get(documentHash(document)),
      })),
    },
    actor,
  )
  return { draftId, changes: diffSets(base.documents, set), findings }
}

async function baseOf(rt: Runtime, folder: string): Promise<Revision> {
  const hash = await readBase(folder)
  if (!hash) return (await activeNow(rt)) ?? NO_REVISION
  if (await revisionExists(rt.db, hash)) return revisionById(rt, hash)
  throw invalid(
    'playbook_folder_base',
    { folder, base: hash },
    `The folder was pulled from revision ${hash}, which this bank never had.`,
    'Remove its .revision file to measure the change from what runs.',
  )
}

/**
 * The first start of a bank: its folder runs unless it has a playbook already, or gets one from somebody else meanwhile.
 * Returns the revision that runs.
 */
export async function activateFolder(rt: Runtime, folder: string, actor: Actor): Promise<Revision> {
  const running = await activeNow(rt)
  if (running.sequence > 0) {
    // Another server may have activated it since this one last looked.
    await refresh(rt)
    return running
  }
  return activateFirst(rt, await readFolder(folder), actor).catch(async (error: unknown) => {
    if (!isProblem(error) || error.code !== 'playbook_exists') throw error
    await refresh(rt)
    return activeNow(rt)
  })
}
