import { notFound } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { diffFields } from '../diff.ts'
import { type Document, documentOf, NO_REVISION } from '../kind.ts'
import { activeNow, revisionById } from '../running.ts'
import { readDraft } from '../store.ts'
import * as store from './store.ts'
import { threeWay } from './three-way.ts'

async function sidesOf(rt: Runtime, draftId: string) {
  const draft = await readDraft(rt.db, draftId)
  if (!draft) throw notFound('draft_not_found', { draftId }, 'There is no such draft.', 'Look at the list of drafts.')
  const base = draft.base ? await revisionById(rt, draft.base) : NO_REVISION
  return { base: base.documents, runs: (await activeNow(rt)).documents }
}

async function bodiesOf(rt: Runtime, hashes: readonly string[]) {
  const rows = hashes.length > 0 ? await store.readBodies(rt.db, hashes) : []
  return new Map(rows.map(({ hash, body, text }) => [hash, { body: body as Document, text }]))
}

/** What a draft writes or removes, who did last, and field by field how each document stands to what runs. */
export async function draftDocuments(rt: Runtime, draftId: string) {
  const { base, runs } = await sidesOf(rt, draftId)
  const rows = await store.readWritten(rt.db, draftId)
  const bodies = await bodiesOf(
    rt,
    rows.flatMap(({ hash }) => hash ?? []),
  )
  return rows.map(({ kind, id, hash, changedBy, changedByName, changedAt }) => {
    const was = documentOf({ documents: base }, kind, id)
    const says = hash ? bodies.get(hash)?.body : undefined
    const now = documentOf({ documents: runs }, kind, id)
    return {
      kind,
      id,
      title: (says ?? now ?? was)?.title ?? id,
      change: hash ? ('written' as const) : ('removed' as const),
      changedBy: { id: changedBy, name: changedByName },
      changedAt,
      ...threeWay(was, says, now),
    }
  })
}

/** What ran of one document, the newest first: who made, approved and activated each change, and what it changed. */
export async function documentHistory(rt: Runtime, kind: string, id: string, limit: number) {
  const rows = await store.readDocumentHistory(rt.db, kind, id, limit)
  if (rows.length === 0)
    throw notFound('document_not_found', { kind, id }, `There never was a ${kind} ${id}.`, 'Look at the documents.')
  const bodies = await bodiesOf(
    rt,
    rows.flatMap(({ hash, before }) => [hash, before].flatMap((one) => one ?? [])),
  )
  const who = (personId: string | null, name: string | null) => (personId === null ? null : { id: personId, name })
  return rows.map((row) => {
    const [was, is] = [row.before && bodies.get(row.before), row.hash && bodies.get(row.hash)]
    return {
      sequence: row.sequence,
      change: was && is ? ('changed' as const) : is ? ('added' as const) : ('removed' as const),
      version: row.hash,
      text: is ? is.text : null,
      fields: was && is ? diffFields(was.body, is.body) : [],
      draftId: row.draftId,
      title: row.title,
      reason: row.reason,
      madeBy: who(row.madeBy, row.madeByName),
      approvedBy: who(row.approvedBy, row.approvedByName),
      activatedBy: { id: row.activatedBy, name: row.activatedByName },
      activatedAt: row.activatedAt,
    }
  })
}
