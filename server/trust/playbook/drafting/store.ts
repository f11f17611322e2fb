import type { Db } from '#platform/postgres'

export interface DraftDocumentRow {
  kind: string
  id: string
  hash: string | null
  changedBy: string
  changedByName: string | null
  changedAt: Date
}

/** What a draft writes or removes, with who did last. */
export const readWritten = (db: Db, draftId: string) => db<DraftDocumentRow[]>`
  select c.kind, c.id, c.document as hash, c.changed_by as "changedBy", p.name as "changedByName",
         c.changed_at as "changedAt"
    from trust.draft_document c
    left join trust.person p on p.person_id::text = c.changed_by
   where c.draft_id = ${draftId}
   order by c.kind collate "C", c.id collate "C"`

export interface DocumentActivation {
  sequence: number
  hash: string | null
  before: string | null
  draftId: string | null
  title: string | null
  reason: string | null
  madeBy: string | null
  madeByName: string | null
  approvedBy: string | null
  approvedByName: string | null
  activatedBy: string
  activatedByName: string | null
  activatedAt: Date
}

/** The activations that changed one document, the newest first. */
export const readDocumentHistory = (db: Db, kind: string, id: string, limit: number) => db<DocumentActivation[]>`
  with version as (
    select a.sequence, a.approval_id, a.activated_by, a.activated_at, r.document as hash,
           lag(r.document) over (order by a.sequence) as before
      from trust.activation a
      left join trust.revision_document r on r.revision = a.revision and r.kind = ${kind} and r.id = ${id})
  select v.sequence, v.hash, v.before, d.draft_id as "draftId", d.title, d.reason, p.made_by as "madeBy",
         made.name as "madeByName", p.approved_by as "approvedBy", approved.name as "approvedByName",
         v.activated_by as "activatedBy", activated.name as "activatedByName", v.activated_at as "activatedAt"
    from version v
    left join trust.approval p using (approval_id)
    left join trust.draft d using (draft_id)
    left join trust.person made on made.person_id::text = p.made_by
    left join trust.person approved on approved.person_id::text = p.approved_by
    left join trust.person activated on activated.person_id::text = v.activated_by
   where v.hash is distinct from v.before
   order by v.sequence desc
   limit ${limit}`

export const readBodies = (db: Db, hashes: readonly string[]) => db<{ hash: string; body: never; text: string }[]>`
  select d.hash, d.body, d.text from trust.document d where d.hash = any (${hashes as string[]}::text[])`
