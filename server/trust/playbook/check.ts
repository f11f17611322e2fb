import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I11',
    sentence: 'Who approves is not who made; what runs has the hash that was approved, as a change to what ran before.',
    store: 'postgres',
    sql: `
      select a.sequence, a.revision, 'approved by its maker' as breach
        from trust.activation a
        join trust.approval p using (approval_id)
       where p.approved_by = p.made_by
          or exists (select from trust.draft_document d where d.draft_id = p.draft_id and d.changed_by = p.approved_by)
      union all
      select a.sequence, a.revision, 'not the revision that was approved'
        from trust.activation a
        left join trust.approval p using (approval_id)
       where a.sequence > 1 and (p.revision is distinct from a.revision or p.onto_sequence <> a.sequence - 1)
      union all
      select a.sequence, a.revision, 'a document is missing or has another name'
        from trust.activation a
        join trust.revision r on r.hash = a.revision
       where r.documents <> (select count(*) from trust.revision_document d
                               join trust.document c on c.hash = d.document and c.kind = d.kind and c.id = d.id
                              where d.revision = r.hash)`,
  },
]
