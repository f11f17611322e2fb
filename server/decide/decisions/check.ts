import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I2',
    sentence:
      'Every decision has as many contacts as it says, or a reason for none, and a verdict on every action considered',
    store: 'postgres',
    sql: `select d.decision_id, d.contacts, count(c.contact_id) as found
            from decide.decision d
            left join know.contact c on c.customer_id = d.customer_id and c.communication = d.decision_id::text
           group by d.customer_id, d.decision_id
          having count(c.contact_id) <> d.contacts
              or (d.contacts = 0) <> (d.nothing_because is not null)
              or octet_length(d.verdicts) <> d.considered`,
  },
]
