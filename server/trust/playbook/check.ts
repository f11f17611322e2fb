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
          or exists (select from trust.draft_author d where d.draft_id = p.draft_id and d.author = p.approved_by)
      union all
      select a.sequence, a.revision, 'not the revision that was approved'
        from trust.activation a
        left join trust.approval p using (approval_id)
       where a.sequence > 1 and (p.revision is distinct from a.revision or p.onto_sequence <> a.sequence - 1)
      union all
      select a.sequence, a.revision, 'its documents are not what its hash says'
        from trust.activation a
       -- The latest: the older ones ran and were found whole while they did.
       where a.sequence > (select max(l.sequence) - 50 from trust.activation l)
         and a.revision is distinct from (
               select encode(sha256(convert_to(string_agg(
                        d.kind || '/' || d.id || ' ' || encode(sha256(convert_to(c.canonical, 'UTF8')), 'hex'),
                        E'\\n' order by d.kind collate "C", d.id collate "C"), 'UTF8')), 'hex')
                 from trust.revision_document d
                 join trust.document c on c.hash = d.document and c.kind = d.kind and c.id = d.id
                where d.revision = a.revision)`,
  },
]
