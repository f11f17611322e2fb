import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I3',
    sentence: 'At most one contact per customer, communication, step and channel',
    store: 'postgres',
    sql: `select customer_id, communication, step, channel, count(*)
            from know.contact group by 1, 2, 3, 4 having count(*) > 1`,
  },
  {
    id: 'I4',
    sentence: 'No contact is unknown for more than 24 hours, and none waits past its time',
    store: 'postgres',
    sql: `select contact_id, state, claimed_at from know.contact
           where (state = 'unknown' and claimed_at < now() - interval '24 hours')
              or (state = 'claimed' and coalesce(expires_at, claimed_at) < now() - interval '24 hours')`,
  },
  {
    id: 'I5',
    sentence: 'No marketing contact was claimed under a version later than the objection to it',
    store: 'postgres',
    sql: `select c.contact_id, c.claimed_version, s.from_version
            from know.contact c
            join trust.closed_to_marketing s on s.customer_id = c.customer_id
             and (s.channel = c.channel or s.channel = 'all')
           where c.class = 'marketing' and c.source = 'clientele' and c.claimed_version > s.from_version
             and (s.to_version is null or c.claimed_version < s.to_version)`,
  },
  {
    id: 'I9',
    sentence: 'Every response belongs to a contact, and its contact shows it',
    store: 'postgres',
    sql: `select r.response_id from know.response r
            left join know.contact c on c.customer_id = r.customer_id and c.contact_id = r.contact_id
           where c.contact_id is null or c.state in ('offered', 'claimed', 'expired')`,
  },
]
