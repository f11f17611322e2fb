import { conflict, forbidden, invalid, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { documentHash } from './canonical.ts'
import { readDocument, writeDocument } from './document.ts'
import { type Document, registeredKinds } from './kind.ts'
import { changesBetween, merge } from './merge.ts'
import { activeNow, revisionById } from './running.ts'
import * as store from './store.ts'
import { validate } from './validate.ts'

/** A document that a draft writes: its text as the author wrote it, or (undefined) its removal. */
export interface DraftChange {
  kind: string
  id: string
  text: string | undefined
  /** The version its writer saw (`versionOf`); undefined: whatever it is. */
  over?: string | undefined
}

/** What a draft says of a document, as a writer names what they saw: its hash, 'removed' or 'untouched'. */
export const versionOf = (row: { hash: string | null } | undefined): string =>
  row ? (row.hash ?? 'removed') : 'untouched'

/** Throws when somebody has written one of these documents since its writer looked: nobody's words are overwritten unseen. */
async function refuseUnseen(rt: Runtime, draftId: string, changes: readonly DraftChange[]): Promise<void> {
  for (const { kind, id, over } of changes) {
    if (over === undefined) continue
    const now = await store.readDraftDocument(rt.db, draftId, kind, id)
    if (versionOf(now) === over) continue
    throw conflict(
      'document_changed_by_another',
      { kind, id, changedBy: now?.changedBy ?? null, changedAt: now?.changedAt ?? null, version: versionOf(now) },
      `Somebody else has written ${kind} ${id} in this draft since you opened it.`,
      'Look at both, then save what you want to stand.',
    )
  }
}

/** Asks others to review a draft; asking twice is one asking. */
export async function requestReview(rt: Runtime, draftId: string, note: string, actor: Actor): Promise<void> {
  const id = personOf(actor)
  await transaction(rt, async (rt) => {
    await store.lockDraft(rt.db, draftId)
    const draft = await openDraft(rt, draftId)
    if (draft.documents === 0)
      throw conflict('draft_empty', { draftId }, 'This draft changes nothing yet.', 'Write a document into it first.')
    if (await store.insertReviewRequest(rt.db, draftId, { id, at: rt.clock.now() }, note))
      await record(rt, { actor, action: 'trust.playbook:review_requested', subject: draftId })
  })
}

/** Only people change what the bank decides: a key, or a command without a name, could be anybody's second hand. */
function personOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.id
  throw forbidden(
    'changes_take_a_person',
    { actor: actor.id },
    'Only a person can change the playbook.',
    'Sign in as a person.',
  )
}

/** A draft that can still be changed or approved. Throws when it is unknown, withdrawn or runs already. */
export async function openDraft(rt: Runtime, draftId: string): Promise<store.DraftRow> {
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
  if (base && !(await store.revisionExists(rt.db, base))) {
    throw invalid(
      'draft_base_unknown',
      { base },
      `There never was a revision ${base} here.`,
      'Leave the base out to start from what runs.',
    )
  }
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
    if ((await store.readApprovals(rt.db, draftId)).some(({ approvedBy }) => approvedBy === changedBy)) {
      throw forbidden(
        'approval_takes_a_second_person',
        { draftId, approvedBy: changedBy },
        'Who approved a draft cannot write into it.',
        'Ask its author to change it, or make a draft of your own.',
      )
    }
    await refuseUnseen(rt, draftId, changes)
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

/** One document as a draft has it, as it was when the draft began, as it runs now, and in which other open drafts. */
export async function draftDocument(rt: Runtime, { draftId, kind, id }: { draftId: string; kind: string; id: string }) {
  const draft = await store.readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  const active = await activeNow(rt)
  const row = await store.readDraftDocument(rt.db, draftId, kind, id)
  const base = draft.base ? await store.readDocumentOf(rt.db, draft.base, kind, id) : undefined
  const running = active.id ? await store.readDocumentOf(rt.db, active.id, kind, id) : undefined
  const elsewhere = (await store.readDraftsOf(rt.db, kind, id)).filter((other) => other.draftId !== draftId)
  return {
    kind,
    id,
    version: versionOf(row),
    draft: row ? { text: row.text, changedBy: row.changedBy, changedAt: row.changedAt } : null,
    base: base ?? null,
    running: running ?? null,
    elsewhere,
  }
}
