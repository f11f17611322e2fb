import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'I5a',
    sentence: 'What a customer agrees to now is the last thing the customer said.',
    store: 'postgres',
    sql: `
      with last as (
        select distinct on (r.customer_id, r.purpose, r.channel) r.customer_id, r.purpose, r.channel, r.state, r.ends_on
          from trust.consent_record r
         order by r.customer_id, r.purpose, r.channel, r.version desc),
      present as (
        select c.customer_id, s.purpose, s.channel, s.state
          from trust.consent c
         cross join lateral (values
           ('marketing', 'all', c.marketing), ('marketing', 'email', c.email), ('marketing', 'sms', c.sms),
           ('marketing', 'push', c.push), ('marketing', 'call', c.call), ('marketing', 'post', c.post),
           ('profiling', 'all', c.profiling), ('payment_data', 'all', c.payment_data)) as s (purpose, channel, state)
         where s.state is not null)
      select customer_id, purpose, channel, l.state as said, p.state as present
        from last l full join present p using (customer_id, purpose, channel)
       where l.state is distinct from p.state
         -- Given in childhood, and over since.
         and not (l.state = 'given' and l.ends_on is not null and p.state is null)`,
  },
]
