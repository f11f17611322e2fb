import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'engage.inbound:joint',
    sentence: 'An offer that several holders must sign for is accepted with the last of them, and with no fewer',
    store: 'postgres',
    sql: `select j.customer_id, j.contact_id, max(j.holders) as holders, count(*) as agreed
            from engage.joint_acceptance j
            join know.response r on r.customer_id = j.customer_id and r.contact_id = j.contact_id and r.kind = 'accept'
           group by j.customer_id, j.contact_id
          having count(*) < max(j.holders)`,
  },
  {
    id: 'engage.inbound:owed',
    sentence: 'No acceptance counts that came after the last day of the offer it accepts',
    store: 'postgres',
    // A day's grace: the bank's zone may be a day ahead of or behind the database's.
    sql: `select k.contact_id, o.offer ->> 'expiresOn' as expires_on, r.occurred_at
            from know.response r
            join know.contact k on k.customer_id = r.customer_id and k.contact_id = r.contact_id
            join decide.decision d on d.customer_id = k.customer_id and d.decision_id = k.decision_id
           cross join lateral (select c -> 'offer' as offer from json_array_elements(d.ranked -> 'chosen') c
                                where c ->> 'action' = k.action and json_typeof(c -> 'offer') = 'object') o
           where r.kind = 'accept' and k.source = 'clientele'
             and r.occurred_at > (o.offer ->> 'expiresOn')::date + interval '2 days'
             and not exists (select from know.horizon)`,
  },
]
