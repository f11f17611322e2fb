import type { Invariant } from '#platform/postgres'

/** Whether a contact is of those that a cap counts. */
const falls = (contact: 'c' | 'p'): string => `(coalesce(cap.class, 'marketing') = ${contact}.class)
             and (cap.direction is null or cap.direction = ${contact}.direction)
             and (cap.channels is null or cap.channels ? ${contact}.channel)
             and (cap.groups is null or cap.groups ? ${contact}.action_group)
             and (cap.actions is null or cap.actions ? ${contact}.action)`

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
  {
    id: 'I6',
    sentence: 'No marketing contact was claimed beyond a cap per person of the contact policy it was decided under',
    store: 'postgres',
    // Counted as the decision counted: contacts of the window before it, in the order of the customer's versions. Caps on
    // outcomes are left out, since an outcome may have come later.
    sql: `select c.contact_id, cap.id as cap, cap.max, count(*) as found
            from know.contact c
            join decide.decision d on d.customer_id = c.customer_id and d.decision_id = c.decision_id
            join trust.revision_document r on r.revision = d.revision and r.kind = 'contact_policy'
            join trust.document t on t.hash = r.document
           cross join lateral jsonb_to_recordset(t.body::jsonb -> 'caps') as cap (
                   id text, max int, "windowDays" int, per text, each text, class text, direction text,
                   channels jsonb, groups jsonb, actions jsonb, outcomes jsonb)
            join know.contact p on p.customer_id = c.customer_id
                               and (p.claimed_version, p.step) <= (c.claimed_version, c.step)
                               and p.claimed_at > c.claimed_at - cap."windowDays" * interval '24 hours'
                               and p.state <> 'suppressed'
                               and not (p.direction = 'inbound' and p.state = 'expired')
                               and (cap.each is null or case cap.each when 'action' then p.action = c.action
                                                                      else p.action_group = c.action_group end)
           where c.class = 'marketing' and c.source = 'clientele' and c.state <> 'suppressed'
             and cap.per = 'person' and cap.outcomes is null
             and ${falls('c')} and ${falls('p')}
           group by c.contact_id, cap.id, cap.max, cap."windowDays"
          having count(*) > cap.max`,
  },
  {
    id: 'I6:households',
    sentence: 'No marketing contact was claimed beyond a cap per household of the contact policy it was decided under',
    store: 'postgres',
    // Counted by the household that the decisions stood on, of people who still belong to it: who moved in or out since
    // was counted elsewhere. A household's claims stand one behind the other, whatever its people's versions.
    sql: `select c.contact_id, d.household_id, cap.id as cap, cap.max, count(*) as found
            from know.contact c
            join decide.decision d on d.customer_id = c.customer_id and d.decision_id = c.decision_id
            join trust.revision_document r on r.revision = d.revision and r.kind = 'contact_policy'
            join trust.document t on t.hash = r.document
           cross join lateral jsonb_to_recordset(t.body::jsonb -> 'caps') as cap (
                   id text, max int, "windowDays" int, per text, each text, class text, direction text,
                   channels jsonb, groups jsonb, actions jsonb, outcomes jsonb)
            join know.customer own on own.customer_id = c.customer_id and own.household_id = d.household_id
            join know.customer member on member.household_id = d.household_id
            join know.contact p on p.customer_id = member.customer_id
                               and p.claimed_at <= c.claimed_at
                               and p.claimed_at > c.claimed_at - cap."windowDays" * interval '24 hours'
                               and p.direction = 'outbound' and p.state <> 'suppressed'
                               and (cap.each is null or case cap.each when 'action' then p.action = c.action
                                                                      else p.action_group = c.action_group end)
            join decide.decision of_p on of_p.customer_id = p.customer_id and of_p.decision_id = p.decision_id
                                     and of_p.household_id = d.household_id
           where c.class = 'marketing' and c.source = 'clientele' and c.state <> 'suppressed'
             and c.direction = 'outbound' and cap.per = 'household' and cap.outcomes is null
             and ${falls('c')} and ${falls('p')}
           group by c.contact_id, d.household_id, cap.id, cap.max, cap."windowDays"
          having count(*) > cap.max`,
  },
]
