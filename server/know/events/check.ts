import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I1.events',
    sentence: 'Every event given ended applied, duplicate or quarantined, and the counts add up.',
    store: 'postgres',
    sql: `
      select i.given, i.applied, i.duplicate, i.quarantined, q.kept, k.keys
        from (select coalesce(sum(given), 0) as given, coalesce(sum(applied), 0) as applied,
                     coalesce(sum(duplicate), 0) as duplicate, coalesce(sum(quarantined), 0) as quarantined
                from know.event_intake) i,
             (select coalesce(sum(times), 0) as kept from know.event_quarantine) q,
             (select count(*) as keys from know.event_key) k
       where i.given <> i.applied + i.duplicate + i.quarantined or i.quarantined < q.kept or i.applied < k.keys`,
  },
  {
    id: 'I1.event_keys',
    sentence: 'Every event has its key and every key its event, of the same customer.',
    store: 'postgres',
    sql: `
      select coalesce(e.event_id, k.event_id) as event_id, e.customer_id as event_customer, k.customer_id as key_customer
        from know.event e
        full join know.event_key k on k.source = e.source and k.source_event_id = e.source_event_id
       where e.event_id is distinct from k.event_id or e.customer_id is distinct from k.customer_id`,
  },
]
