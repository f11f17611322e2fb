import type { Db } from '#platform/postgres'
import { canonical } from './canonical.ts'
import type { Document } from './kind.ts'

/** What runs now; sequence 0 when nothing does. */
export async function readState(db: Db): Promise<{ sequence: number; revision: string }> {
  const [row] = await db<{ sequence: number; revision: string }[]>`
    select a.sequence, a.revision from trust.activation a order by a.sequence desc limit 1`
  return row ?? { sequence: 0, revision: '' }
}

/** The documents of a revision, ordered by kind and id; none when there is no such revision. */
export const readRevision = (db: Db, revision: string) =>
  db<{ body: Document; hash: string; text: string }[]>`
    select d.body, d.hash, d.text
      from trust.revision_document r
      join trust.document d on d.hash = r.document
     where r.revision = ${revision}
     order by r.kind collate "C", r.id collate "C"`

export async function revisionExists(db: Db, revision: string): Promise<boolean> {
  const [row] = await db`select from trust.revision where hash = ${revision}`
  return row !== undefined
}

/** Keeps documents by content; ones that are there already stay as they are. The schema checks each hash. */
export async function saveDocuments(db: Db, rows: readonly { hash: string; document: Document; text: string }[]) {
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500)
    await db`
      insert into trust.document (hash, kind, id, canonical, text)
      select n.hash, n.kind, n.id, n.canonical, n.text
        from unnest(${some.map((row) => row.hash)}::text[], ${some.map((row) => row.document.kind)}::text[],
                    ${some.map((row) => row.document.id)}::text[],
                    ${some.map((row) => canonical(row.document))}::text[],
                    ${some.map((row) => row.text)}::text[]) as n (hash, kind, id, canonical, text)
      on conflict (hash) do nothing`
  }
}

/** Keeps a revision by content. Its documents must have been saved. */
export async function saveRevision(
  db: Db,
  revision: { hash: string; documents: readonly { kind: string; id: string; hash: string }[]; madeAt: Date },
): Promise<void> {
  const made = await db`
    insert into trust.revision (hash, documents, made_at)
    values (${revision.hash}, ${revision.documents.length}, ${revision.madeAt})
    on conflict (hash) do nothing returning hash`
  if (made.length === 0) return
  await db`
    insert into trust.revision_document (revision, kind, id, document)
    select ${revision.hash}, n.kind, n.id, n.hash
      from unnest(${revision.documents.map((d) => d.kind)}::text[], ${revision.documents.map((d) => d.id)}::text[],
                  ${revision.documents.map((d) => d.hash)}::text[]) as n (kind, id, hash)`
  await db`
    insert into trust.item (kind, id, registered_at)
    select n.kind, n.id, ${revision.madeAt}
      from unnest(${revision.documents.map((d) => d.kind)}::text[], ${revision.documents.map((d) => d.id)}::text[]) as n (kind, id)
    on conflict (kind, id) do nothing`
}

/** The number of every item ever used, by 'kind/id'. */
export async function readItems(db: Db): Promise<{ kind: string; id: string; itemNumber: number }[]> {
  return db<{ kind: string; id: string; itemNumber: number }[]>`
    select i.kind, i.id, i.item_number as "itemNumber" from trust.item i order by i.item_number`
}

export interface DraftRow {
  draftId: string
  title: string
  reason: string
  base: string | null
  undoes: number | null
  madeBy: string
  madeAt: Date
  /** When somebody gave it up. */
  withdrawnAt: Date | null
  withdrawnBy: string | null
  /** The activation that made it run. */
  sequence: number | null
  requestedBy: string | null
  requestedAt: Date | null
  /** Of an approval as a change to what runs now. */
  approvedBy: string | null
  approvedAt: Date | null
  documents: number
}

const draftColumns = (db: Db) => db`
  d.draft_id as "draftId", d.title, d.reason, d.base, d.undoes, d.made_by as "madeBy", d.made_at as "madeAt",
  w.withdrawn_at as "withdrawnAt", w.withdrawn_by as "withdrawnBy",
  (select a.sequence from trust.activation a join trust.approval p using (approval_id)
    where p.draft_id = d.draft_id limit 1) as sequence,
  q.requested_by as "requestedBy", q.requested_at as "requestedAt",
  y.approved_by as "approvedBy", y.approved_at as "approvedAt",
  (select count(*)::int from trust.draft_document c where c.draft_id = d.draft_id) as documents`

const draftTables = (db: Db) => db`
  trust.draft d
  left join trust.draft_withdrawal w using (draft_id)
  left join trust.review_request q using (draft_id)
  left join lateral (
    select p.approved_by, p.approved_at from trust.approval p
     where p.draft_id = d.draft_id
       and p.onto_sequence = (select coalesce(max(a.sequence), 0) from trust.activation a)
       and not exists (select from trust.draft_document c where c.draft_id = d.draft_id and c.changed_at > p.approved_at)
     order by p.approved_at desc limit 1) y on true`

export async function readDraft(db: Db, draftId: string): Promise<DraftRow | undefined> {
  const [row] = await db<DraftRow[]>`
    select ${draftColumns(db)} from ${draftTables(db)}
     where d.draft_id = ${draftId}`
  return row
}

/** The newest drafts first. */
export const readDrafts = (db: Db, limit: number) => db<DraftRow[]>`
  select ${draftColumns(db)} from ${draftTables(db)}
   order by d.made_at desc, d.draft_id desc limit ${limit}`

/** A draft's row, locked until the transaction ends: two people never write into, or approve, one draft at once. */
export async function lockDraft(db: Db, draftId: string): Promise<void> {
  await db`select from trust.draft where draft_id = ${draftId} for update`
}

export async function insertDraft(
  db: Db,
  draft: Pick<DraftRow, 'draftId' | 'title' | 'reason' | 'base' | 'undoes' | 'madeBy' | 'madeAt'>,
): Promise<void> {
  await db`
    insert into trust.draft (draft_id, title, reason, base, undoes, made_by, made_at)
    values (${draft.draftId}, ${draft.title}, ${draft.reason}, ${draft.base}, ${draft.undoes}, ${draft.madeBy}, ${draft.madeAt})`
}

/** What a draft writes (a document) or removes (null). */
export const readDraftDocuments = (db: Db, draftId: string) => db<
  { kind: string; id: string; hash: string | null; body: Document | null; text: string | null; changedBy: string }[]
>`
  select c.kind, c.id, c.document as hash, d.body, d.text, c.changed_by as "changedBy"
    from trust.draft_document c left join trust.document d on d.hash = c.document
   where c.draft_id = ${draftId}
   order by c.kind collate "C", c.id collate "C"`

/** What a draft says of one document; undefined when it leaves it alone. */
export async function readDraftDocument(db: Db, draftId: string, kind: string, id: string) {
  const [row] = await db<{ hash: string | null; text: string | null; changedBy: string; changedAt: Date }[]>`
    select c.document as hash, d.text, c.changed_by as "changedBy", c.changed_at as "changedAt"
      from trust.draft_document c left join trust.document d on d.hash = c.document
     where c.draft_id = ${draftId} and c.kind = ${kind} and c.id = ${id}`
  return row
}

/** A document as its author wrote it, in a revision. */
export async function readDocumentOf(db: Db, revision: string, kind: string, id: string) {
  const [row] = await db<{ hash: string; text: string }[]>`
    select d.hash, d.text from trust.revision_document r join trust.document d on d.hash = r.document
     where r.revision = ${revision} and r.kind = ${kind} and r.id = ${id}`
  return row
}

/** Open drafts that write or remove a document, the latest first. */
export const readDraftsOf = (db: Db, kind: string, id: string) => db<
  { draftId: string; title: string; changedBy: string; changedAt: Date }[]
>`
  select d.draft_id as "draftId", d.title, c.changed_by as "changedBy", c.changed_at as "changedAt"
    from trust.draft_document c join trust.draft d using (draft_id)
   where c.kind = ${kind} and c.id = ${id}
     and not exists (select from trust.draft_withdrawal w where w.draft_id = d.draft_id)
     and not exists (select from trust.activation a join trust.approval p using (approval_id) where p.draft_id = d.draft_id)
   order by c.changed_at desc
   limit 20`

/** False when a review was asked for before. */
export async function insertReviewRequest(db: Db, draftId: string, by: { id: string; at: Date }, note: string) {
  const rows = await db`
    insert into trust.review_request (draft_id, requested_by, requested_at, note)
    values (${draftId}, ${by.id}, ${by.at}, ${note})
    on conflict (draft_id) do nothing returning draft_id`
  return rows.length > 0
}

export async function writeDraftDocuments(
  db: Db,
  draftId: string,
  changes: readonly { kind: string; id: string; hash: string | null }[],
  by: { id: string; at: Date },
): Promise<void> {
  if (changes.length === 0) return
  await db`
    insert into trust.draft_document (draft_id, kind, id, document, changed_by, changed_at)
    select ${draftId}, n.kind, n.id, n.hash, ${by.id}, ${by.at}
      from unnest(${changes.map((c) => c.kind)}::text[], ${changes.map((c) => c.id)}::text[],
                  ${changes.map((c) => c.hash)}::text[]) as n (kind, id, hash)
    on conflict (draft_id, kind, id)
      do update set document = excluded.document, changed_by = excluded.changed_by, changed_at = excluded.changed_at`
}

/** Everybody who ever wrote into the draft, also what was overwritten or taken out since. */
export async function readAuthors(db: Db, draftId: string): Promise<string[]> {
  const rows = await db<{ author: string }[]>`
    select a.author from trust.draft_author a where a.draft_id = ${draftId} order by a.since, a.author`
  return rows.map(({ author }) => author)
}

/** Takes one document's change back out of a draft. */
export async function dropDraftDocument(db: Db, draftId: string, kind: string, id: string): Promise<boolean> {
  const rows = await db`
    delete from trust.draft_document where draft_id = ${draftId} and kind = ${kind} and id = ${id} returning kind`
  return rows.length > 0
}

export async function insertDraftWithdrawal(db: Db, draftId: string, by: { id: string; at: Date }, reason: string) {
  await db`
    insert into trust.draft_withdrawal (draft_id, withdrawn_by, withdrawn_at, reason)
    values (${draftId}, ${by.id}, ${by.at}, ${reason})`
}

export interface ApprovalRow {
  approvalId: string
  draftId: string
  revision: string
  ontoSequence: number
  madeBy: string
  approvedBy: string
  approvedAt: Date
  note: string
}

export async function insertApproval(db: Db, approval: ApprovalRow): Promise<void> {
  await db`
    insert into trust.approval (approval_id, draft_id, revision, onto_sequence, made_by, approved_by, approved_at, note)
    values (${approval.approvalId}, ${approval.draftId}, ${approval.revision}, ${approval.ontoSequence},
            ${approval.madeBy}, ${approval.approvedBy}, ${approval.approvedAt}, ${approval.note})`
  await db`select pg_notify('playbook', 'approved')`
}

const approvalColumns = (db: Db) => db`
  p.approval_id as "approvalId", p.draft_id as "draftId", p.revision, p.onto_sequence as "ontoSequence",
  p.made_by as "madeBy", p.approved_by as "approvedBy", p.approved_at as "approvedAt", p.note`

export async function readApproval(db: Db, approvalId: string): Promise<ApprovalRow | undefined> {
  const [row] = await db<ApprovalRow[]>`
    select ${approvalColumns(db)} from trust.approval p where p.approval_id = ${approvalId}`
  return row
}

export const readApprovals = (db: Db, draftId: string) => db<ApprovalRow[]>`
  select ${approvalColumns(db)} from trust.approval p where p.draft_id = ${draftId} order by p.approved_at`

/** Revisions that were approved as a change to what runs now, and wait to run. */
export const readWaiting = (db: Db) => db<{ revision: string }[]>`
  select distinct p.revision
    from trust.approval p
   where p.onto_sequence = (select coalesce(max(a.sequence), 0) from trust.activation a)`

export async function insertActivation(
  db: Db,
  row: { sequence: number; revision: string; approvalId: string | null; activatedBy: string; activatedAt: Date },
): Promise<void> {
  await db`
    insert into trust.activation (sequence, revision, approval_id, activated_by, activated_at)
    values (${row.sequence}, ${row.revision}, ${row.approvalId}, ${row.activatedBy}, ${row.activatedAt})`
}

export interface ActivationRow {
  sequence: number
  revision: string
  approvalId: string | null
  draftId: string | null
  title: string | null
  reason: string | null
  undoes: number | null
  madeBy: string | null
  approvedBy: string | null
  activatedBy: string
  activatedAt: Date
}

/** What ran, the newest first; only that activation when `sequence` is given. */
export const readHistory = (db: Db, limit: number, sequence?: number) => db<ActivationRow[]>`
  select a.sequence, a.revision, a.approval_id as "approvalId", d.draft_id as "draftId", d.title, d.reason, d.undoes,
         p.made_by as "madeBy", p.approved_by as "approvedBy", a.activated_by as "activatedBy", a.activated_at as "activatedAt"
    from trust.activation a
    left join trust.approval p using (approval_id)
    left join trust.draft d using (draft_id)
   where ${sequence === undefined ? db`true` : db`a.sequence = ${sequence}`}
   order by a.sequence desc
   limit ${limit}`

export interface ChangeRow {
  sequence: number
  kind: string
  id: string
  change: 'added' | 'removed' | 'changed'
}

/** Which documents each of these activations changed of the one before it. */
export const readHistoryChanges = (db: Db, sequences: readonly number[]) => db<ChangeRow[]>`
  with pair as (
    select a.sequence, a.revision as now, b.revision as before
      from trust.activation a left join trust.activation b on b.sequence = a.sequence - 1
     where a.sequence = any (${sequences as number[]}::bigint[])),
  side as (
    select p.sequence, r.kind, r.id, r.document as now, null as before
      from pair p join trust.revision_document r on r.revision = p.now
    union all
    select p.sequence, r.kind, r.id, null, r.document
      from pair p join trust.revision_document r on r.revision = p.before)
  select s.sequence, s.kind, s.id,
         case when max(s.before) is null then 'added' when max(s.now) is null then 'removed' else 'changed' end as change
    from side s
   group by s.sequence, s.kind, s.id
  having max(s.now) is distinct from max(s.before)
   order by s.sequence desc, s.kind collate "C", s.id collate "C"`

/** Says that this server lives and what it runs; the database's clock counts. */
export async function beat(db: Db, server: { serverId: string; name: string; sequence: number }): Promise<void> {
  await db`
    insert into trust.server (server_id, name, sequence) values (${server.serverId}, ${server.name}, ${server.sequence})
    on conflict (server_id) do update set seen_at = clock_timestamp(), sequence = excluded.sequence`
}

export async function removeServer(db: Db, serverId: string): Promise<void> {
  await db`delete from trust.server where server_id = ${serverId} or seen_at < clock_timestamp() - interval '1 day'`
}

/** Servers seen in the last `aliveSeconds`, and what each said of a revision ('waiting' when nothing yet). */
export const readServers = (db: Db, revision: string, aliveSeconds: number) => db<
  { serverId: string; name: string; sequence: number; state: 'prepared' | 'failed' | 'waiting'; reason: string }[]
>`
  select s.server_id as "serverId", s.name, s.sequence, coalesce(p.state, 'waiting') as state, coalesce(p.reason, '') as reason
    from trust.server s
    left join trust.preparation p on p.server_id = s.server_id and p.revision = ${revision}
   where s.seen_at > clock_timestamp() - make_interval(secs => ${aliveSeconds})
   order by s.name, s.server_id`

export async function savePreparation(
  db: Db,
  row: { revision: string; serverId: string; state: 'prepared' | 'failed'; reason: string },
): Promise<void> {
  await db`
    insert into trust.preparation (revision, server_id, state, reason)
    values (${row.revision}, ${row.serverId}, ${row.state}, ${row.reason})
    on conflict (revision, server_id)
      do update set state = excluded.state, reason = excluded.reason, prepared_at = clock_timestamp()`
}

/** One activation at a time, from checking to commit. */
export async function lockActivations(db: Db): Promise<void> {
  await db`lock table trust.activation in share row exclusive mode`
}

/** Lets servers that failed try again. */
export async function forgetFailures(db: Db, revision: string): Promise<void> {
  await db`delete from trust.preparation where revision = ${revision} and state = 'failed'`
  await db`select pg_notify('playbook', 'prepare')`
}

/** Revisions that this server has spoken about. */
export async function readSpoken(db: Db, serverId: string): Promise<string[]> {
  const rows = await db<
    { revision: string }[]
  >`select p.revision from trust.preparation p where p.server_id = ${serverId}`
  return rows.map((row) => row.revision)
}

/** A document as its author wrote it. */
export async function readText(db: Db, hash: string): Promise<string | undefined> {
  const [row] = await db<{ text: string }[]>`select d.text from trust.document d where d.hash = ${hash}`
  return row?.text
}
