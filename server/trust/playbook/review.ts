import { conflict, forbidden, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { documentHash, revisionHash } from './canonical.ts'
import { type DocumentChange, diffSets, diffText } from './diff.ts'
import { readBefore, readDocument, type Written, writeDocument } from './document.ts'
import { fileOf, openDraft } from './drafts.ts'
import { inTurns } from './events.ts'
import { type DocumentSet, each, type Finding, NO_REVISION, type Revision, setOf } from './kind.ts'
import { applied, type Change, type Conflict, merge } from './merge.ts'
import { type Effect, effectsOf } from './registrations.ts'
import { activeNow, activeRevision, revisionById } from './running.ts'
import * as store from './store.ts'
import { type CasesRun, hasErrors, runningCases, validating } from './validate.ts'

/** Everything a second person needs to see before saying yes. */
export interface Review {
  draft: store.DraftRow
  /** The revision that would run: what runs now with the draft's changes merged into it. Approve this one. */
  revision: string
  /** The activation it would follow. */
  ontoSequence: number
  changes: DocumentChange[]
  text: string
  conflicts: Conflict[]
  findings: Finding[]
  cases: CasesRun[]
  effects: Effect[]
  approvals: store.ApprovalRow[]
}

interface Candidate {
  active: Revision
  revision: Revision
  written: Written[]
  conflicts: Conflict[]
}

/** What would run: the draft's changes, made to its base, merged into what runs now. */
export async function candidateOf(rt: Runtime, draft: store.DraftRow): Promise<Candidate> {
  const active = await activeNow(rt)
  const base = draft.base ? await revisionById(rt, draft.base) : NO_REVISION
  const rows = await store.readDraftDocuments(rt.db, draft.draftId)
  const mine: Change[] = rows.map(({ kind, id, body }) => ({ kind, id, document: body ?? undefined }))
  const { changes, conflicts } = merge(base.documents, mine, active.documents)
  const documents = setOf(applied(active.documents, changes))
  const texts = new Map(rows.flatMap((row) => (row.hash && row.text ? [[row.hash, row.text]] : [])))
  if (active.id) for (const row of await store.readRevision(rt.db, active.id)) texts.set(row.hash, row.text)
  return {
    active,
    revision: { id: revisionHash(documents), documents, sequence: 0 },
    written: writtenSet(documents, texts),
    conflicts,
  }
}

/** A set of documents as written, with the texts by hash where they are known. */
export const writtenSet = (documents: DocumentSet, texts: ReadonlyMap<string, string>): Written[] =>
  [...each(documents)].map((document) => {
    const text = texts.get(documentHash(document))
    return readBefore(fileOf(document.kind, document.id), document, text ?? '')
  })

/** Every error, and the warnings about the documents named ('kind/id'): older warnings were seen by others before. */
const concerning = (findings: readonly Finding[], names: ReadonlySet<string>): Finding[] =>
  findings.filter(({ severity, kind, id }) => severity === 'error' || names.has(`${kind}/${id}`))

/** What would be wrong if these texts were written into what runs now. Keeps nothing. */
export async function checkTexts(rt: Runtime, texts: readonly string[]): Promise<Finding[]> {
  const active = await activeRevision(rt)
  const read = texts.map((text) => readDocument('', text))
  const written = read.map((one) => {
    const { kind, id } = one.document ?? {}
    return kind && id ? readDocument(fileOf(kind, id), one.text) : one
  })
  const names = new Set(written.map(({ document }) => `${document?.kind}/${document?.id}`))
  const others = writtenSet(active.documents, new Map()).filter(
    ({ document }) => !names.has(`${document?.kind}/${document?.id}`),
  )
  return concerning(await inTurns(validating([...written, ...others])), names)
}

/** The draft as a second person sees it: difference, findings, its own cases, and its effect. */
export async function review(
  rt: Runtime,
  draftId: string,
  options: { effects?: boolean; signal?: AbortSignal } = {},
): Promise<Review> {
  const draft = await store.readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  const { active, revision, written, conflicts } = await candidateOf(rt, draft)
  const findings = await inTurns(validating(written))
  const sound = conflicts.length === 0 && !hasErrors(findings)
  const changes = diffSets(active.documents, revision.documents)
  return {
    draft,
    revision: revision.id,
    ontoSequence: active.sequence,
    changes,
    text: diffText(changes),
    conflicts,
    findings: concerning(findings, new Set(changes.map(({ kind, id }) => `${kind}/${id}`))),
    cases: sound ? await inTurns(runningCases(written)) : [],
    effects: sound && options.effects ? await effectsOf(rt, { from: active, to: revision }, options.signal) : [],
    approvals: await store.readApprovals(rt.db, draftId),
  }
}

/**
 * A second person's yes to exactly one revision, as seen in a review. It stands for a change to what runs now: when
 * something else is activated first, the draft is merged, reviewed and approved again. Returns the approval's id.
 */
export async function approve(
  rt: Runtime,
  draftId: string,
  seen: { revision: string; note?: string },
  actor: Actor,
): Promise<string> {
  if (actor.kind !== 'person') {
    throw forbidden(
      'approval_takes_a_person',
      { actor: actor.id },
      'Only a person can approve.',
      'Sign in as a person.',
    )
  }
  return transaction(rt, async (rt) => {
    await store.lockDraft(rt.db, draftId)
    const draft = await openDraft(rt, draftId)
    const makers = new Set([draft.madeBy, ...(await store.readAuthors(rt.db, draftId))])
    if (makers.has(actor.id)) {
      throw forbidden(
        'approval_takes_a_second_person',
        { draftId, madeBy: [...makers] },
        'Who made a change cannot approve it.',
        'Ask a colleague to review it.',
      )
    }
    const { active, revision, written, conflicts } = await candidateOf(rt, draft)
    if (conflicts.length > 0) {
      throw conflict(
        'draft_conflicts',
        { draftId, conflicts },
        `Somebody else has changed ${conflicts.map(({ kind, id }) => `${kind} ${id}`).join(', ')} since this draft began.`,
        'Write these documents anew from what runs now.',
      )
    }
    if (revision.id !== seen.revision) {
      throw conflict(
        'draft_moved_on',
        { draftId, seen: seen.revision, now: revision.id },
        'The draft, or what runs, has changed since it was reviewed.',
        'Review it again.',
      )
    }
    if (revision.id === active.id) {
      throw conflict('draft_changes_nothing', { draftId }, 'This draft changes nothing of what runs.', 'Withdraw it.')
    }
    const findings = await inTurns(validating(written))
    if (hasErrors(findings)) {
      throw conflict(
        'draft_has_errors',
        { draftId, findings: findings.slice(0, 50) },
        'This draft has errors.',
        'Correct what the findings name.',
      )
    }
    const failed = (await inTurns(runningCases(written))).flatMap(({ file, results }) =>
      results.filter((result) => !result.passed).map((result) => ({ file, ...result })),
    )
    if (failed.length > 0) {
      throw conflict(
        'draft_fails_its_cases',
        { draftId, failed: failed.slice(0, 50) },
        `${failed.length} of the documents' own cases fail.`,
        'Correct the documents, or their cases.',
      )
    }
    const given = (await store.readApprovals(rt.db, draftId)).find(
      (approval) => approval.revision === revision.id && approval.ontoSequence === active.sequence,
    )
    if (given) {
      throw conflict(
        'draft_approved',
        { draftId, approvalId: given.approvalId, approvedBy: given.approvedBy },
        'This draft has been approved as it stands.',
        'Activate it.',
      )
    }
    await saveSet(rt, revision, written)
    const approvalId = rt.ids.next()
    await store.insertApproval(rt.db, {
      approvalId,
      draftId,
      revision: revision.id,
      ontoSequence: active.sequence,
      madeBy: draft.madeBy,
      approvedBy: actor.id,
      approvedAt: rt.clock.now(),
      note: seen.note ?? '',
    })
    await record(rt, { actor, action: 'trust.playbook:approved', subject: draftId, facts: { revision: revision.id } })
    return approvalId
  })
}

/** Keeps a revision and its documents. */
export async function saveSet(rt: Runtime, revision: Revision, written: readonly Written[]): Promise<void> {
  const texts = new Map(written.flatMap(({ document, text }) => (document ? [[documentHash(document), text]] : [])))
  const documents = [...each(revision.documents)].map((document) => ({ document, hash: documentHash(document) }))
  await store.saveDocuments(
    rt.db,
    documents.map(({ document, hash }) => ({ document, hash, text: texts.get(hash) || writeDocument(document) })),
  )
  await store.saveRevision(rt.db, {
    hash: revision.id,
    documents: documents.map(({ document, hash }) => ({ kind: document.kind, id: document.id, hash })),
    madeAt: rt.clock.now(),
  })
}
