import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I5a',
    sentence: 'What a customer agrees to now is the last thing the customer said.',
    store: 'postgres',
    sql: `
      select c.customer_id, c.purpose, c.channel, c.version
        from trust.consent c
       where exists (select from trust.consent_record r
                      where r.customer_id = c.customer_id and r.purpose = c.purpose and r.channel = c.channel
                        and (r.version > c.version or (r.version = c.version and r.state <> c.state)))
      union all
      select r.customer_id, r.purpose, r.channel, r.version
        from trust.consent_record r
       where not exists (select from trust.consent c
                          where c.customer_id = r.customer_id and c.purpose = r.purpose and c.channel = r.channel)`,
  },
]
