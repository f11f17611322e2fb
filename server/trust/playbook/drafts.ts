import { conflict, forbidden, invalid, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { documentHash, revisionHash } from './canonical.ts'
import { type DocumentChange, diffSets, diffText } from './diff.ts'
import { readDocument, type Written, writeDocument } from './document.ts'
import {
  type CaseResult,
  type Document,
  type DocumentSet,
  each,
  type Finding,
  NO_REVISION,
  type Revision,
  registeredKinds,
  setOf,
} from './kind.ts'
import { applied, type Change, type Conflict, changesBetween, merge } from './merge.ts'
import { type Effect, effectsOf } from './registrations.ts'
import { activeNow, revisionById } from './running.ts'
import * as store from './store.ts'
import { hasErrors, runCases, validate } from './validate.ts'

/** A document that a draft writes: its text as the author wrote it, or (undefined) its removal. */
export interface DraftChange {
  kind: string
  id: string
  text: string | undefined
}

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
  cases: { kind: string; id: string; file: string; results: CaseResult[] }[]
  effects: Effect[]
  approvals: store.ApprovalRow[]
}

/** Only people change what the bank decides; a key could be anybody's second hand. */
function personOf(actor: Actor): string {
  if (actor.kind === 'person' || actor.kind === 'system') return actor.id
  throw forbidden(
    'changes_take_a_person',
    { actor: actor.id },
    'An API key cannot change the playbook.',
    'Sign in as a person.',
  )
}

async function openDraft(rt: Runtime, draftId: string): Promise<store.DraftRow> {
  const draft = await store.readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  if (draft.withdrawnAt) {
    throw conflict(
      'draft_withdrawn',
      { draftId, withdrawnAt: draft.withdrawnAt },
      'This draft was withdrawn.',
      'Make another.',
    )
  }
  if (draft.sequence) {
    throw conflict('draft_active', { draftId, sequence: draft.sequence }, 'This draft runs already.', 'Make another.')
  }
  return draft
}

// Kept as the author wrote it; a removal has no text.
function keptChanges(changes: readonly DraftChange[]): {
  kind: string
  id: string
  hash: string | null
  row: { hash: string; document: Document; text: string } | undefined
}[] {
  return changes.map(({ kind, id, text }) => {
    if (text === undefined) return { kind, id, hash: null, row: undefined }
    const written = readDocument(fileOf(kind, id), text)
    const document = written.document
    if (!document || document.kind !== kind || document.id !== id) {
      const findings = document ? validate([written]).slice(0, 20) : written.findings
      throw invalid(
        'document_unreadable',
        { kind, id, found: { kind: document?.kind, id: document?.id }, findings },
        `This is not a document of kind ${kind} with the id ${id}.`,
        'Correct the text at the place named.',
      )
    }
    const hash = documentHash(document)
    return { kind, id, hash, row: { hash, document, text } }
  })
}

export const fileOf = (kind: string, id: string): string =>
  `${registeredKinds().find((each) => each.kind === kind)?.folder ?? kind}/${id}.yaml`

/** Begins a draft, from the revision `base` or (when absent) the one that runs. Returns its id. */
export async function createDraft(
  rt: Runtime,
  draft: { title: string; reason: string; changes?: readonly DraftChange[]; base?: string; undoes?: number },
  actor: Actor,
): Promise<string> {
  const madeBy = personOf(actor)
  const base = draft.base ?? (await activeNow(rt)).id
  const draftId = rt.ids.next()
  const at = rt.clock.now()
  const kept = keptChanges(draft.changes ?? [])
  await transaction(rt, async (rt) => {
    const { title, reason, undoes = null } = draft
    await store.insertDraft(rt.db, { draftId, title, reason, base: base || null, undoes, madeBy, madeAt: at })
    await store.saveDocuments(
      rt.db,
      kept.flatMap(({ row }) => row ?? []),
    )
    await store.writeDraftDocuments(rt.db, draftId, kept, { id: madeBy, at })
    await record(rt, {
      actor,
      action: 'trust.playbook:drafted',
      subject: draftId,
      reason,
      facts: { documents: kept.length },
    })
  })
  return draftId
}

/** Writes or removes documents in a draft; a change to the same document replaces the earlier one. */
export async function editDraft(
  rt: Runtime,
  draftId: string,
  changes: readonly DraftChange[],
  actor: Actor,
): Promise<void> {
  const changedBy = personOf(actor)
  const kept = keptChanges(changes)
  await transaction(rt, async (rt) => {
    await store.lockDraft(rt.db, draftId)
    await openDraft(rt, draftId)
    await store.saveDocuments(
      rt.db,
      kept.flatMap(({ row }) => row ?? []),
    )
    await store.writeDraftDocuments(rt.db, draftId, kept, { id: changedBy, at: rt.clock.now() })
    await record(rt, {
      actor,
      action: 'trust.playbook:edited',
      subject: draftId,
      facts: { documents: kept.map(({ kind, id }) => `${kind}/${id}`) },
    })
  })
}

/** Takes the draft's change to one document back out of it. */
export async function dropChange(
  rt: Runtime,
  draftId: string,
  document: { kind: string; id: string },
  actor: Actor,
): Promise<void> {
  personOf(actor)
  await transaction(rt, async (rt) => {
    await store.lockDraft(rt.db, draftId)
    await openDraft(rt, draftId)
    const dropped = await store.dropDraftDocument(rt.db, draftId, document.kind, document.id)
    if (!dropped)
      throw notFound('draft_change_not_found', { draftId, ...document }, 'The draft does not change this document.')
    await record(rt, {
      actor,
      action: 'trust.playbook:edited',
      subject: draftId,
      facts: { dropped: `${document.kind}/${document.id}` },
    })
  })
}

/** Gives a draft up. */
export async function withdrawDraft(rt: Runtime, draftId: string, reason: string, actor: Actor): Promise<void> {
  const id = personOf(actor)
  await transaction(rt, async (rt) => {
    await store.lockDraft(rt.db, draftId)
    await openDraft(rt, draftId)
    await store.insertDraftWithdrawal(rt.db, draftId, { id, at: rt.clock.now() }, reason)
    await record(rt, { actor, action: 'trust.playbook:draft_withdrawn', subject: draftId, reason })
  })
}

interface Candidate {
  active: Revision
  revision: Revision
  written: Written[]
  conflicts: Conflict[]
}

// What would run: the draft's changes, made to its base, merged into what runs now.
async function candidateOf(rt: Runtime, draft: store.DraftRow): Promise<Candidate> {
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
  [...each(documents)].map((document) =>
    readDocument(fileOf(document.kind, document.id), texts.get(documentHash(document)) ?? writeDocument(document)),
  )

/** The draft as a second person sees it: difference, findings, its own cases, and its effect. */
export async function review(
  rt: Runtime,
  draftId: string,
  options: { effects?: boolean; signal?: AbortSignal } = {},
): Promise<Review> {
  const draft = await store.readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  const { active, revision, written, conflicts } = await candidateOf(rt, draft)
  const findings = validate(written)
  const sound = conflicts.length === 0 && !hasErrors(findings)
  const changes = diffSets(active.documents, revision.documents)
  return {
    draft,
    revision: revision.id,
    ontoSequence: active.sequence,
    changes,
    text: diffText(changes),
    conflicts,
    findings,
    cases: sound ? runCases(written) : [],
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
    const makers = new Set([
      draft.madeBy,
      ...(await store.readDraftDocuments(rt.db, draftId)).map((row) => row.changedBy),
    ])
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
    const findings = validate(written)
    if (hasErrors(findings)) {
      throw conflict(
        'draft_has_errors',
        { draftId, findings: findings.slice(0, 50) },
        'This draft has errors.',
        'Correct what the findings name.',
      )
    }
    const failed = runCases(written).flatMap(({ file, results }) =>
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
    documents.map(({ document, hash }) => ({ document, hash, text: texts.get(hash) ?? writeDocument(document) })),
  )
  await store.saveRevision(rt.db, {
    hash: revision.id,
    documents: documents.map(({ document, hash }) => ({ kind: document.kind, id: document.id, hash })),
    madeAt: rt.clock.now(),
  })
}

/**
 * A draft that takes one activation's change back, and nobody's later work: its inverse, merged three-way into what
 * runs now. Throws `undo_conflicts` naming the documents that were changed again since. Returns the draft's id.
 */
export async function undo(rt: Runtime, sequence: number, reason: string, actor: Actor): Promise<string> {
  const [then] = await store.readHistory(rt.db, 1, sequence)
  if (!then)
    throw notFound('activation_not_found', { sequence }, `There is no activation ${sequence}.`, 'Look at the history.')
  const [before] = await store.readHistory(rt.db, 1, sequence - 1)
  if (!before)
    throw conflict('first_activation', { sequence }, 'The first playbook cannot be undone.', 'Make a draft instead.')
  const active = await activeNow(rt)
  const was = await revisionById(rt, before.revision)
  const became = await revisionById(rt, then.revision)
  const inverse = changesBetween(became.documents, was.documents)
  const { changes, conflicts } = merge(became.documents, inverse, active.documents)
  if (conflicts.length > 0) {
    throw conflict(
      'undo_conflicts',
      { sequence, conflicts },
      `${conflicts.map(({ kind, id }) => `${kind} ${id}`).join(', ')} changed again after this.`,
      'Make a draft that says what you want instead.',
    )
  }
  if (changes.length === 0) throw conflict('nothing_to_undo', { sequence }, 'Nothing of this change is left.', '')
  const texts = new Map((await store.readRevision(rt.db, before.revision)).map((row) => [row.hash, row.text]))
  return createDraft(
    rt,
    {
      title: `Undo: ${then.title ?? `activation ${sequence}`}`.slice(0, 160),
      reason,
      base: active.id,
      undoes: sequence,
      changes: changes.map(({ kind, id, document }) => ({
        kind,
        id,
        text: document && (texts.get(documentHash(document)) ?? writeDocument(document)),
      })),
    },
    actor,
  )
}
