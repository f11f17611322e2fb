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
    id: 'I5:standings',
    sentence: 'Nothing was claimed while a standing stopped all contact',
    store: 'postgres',
    // Noted by hand, a standing is ordered by the customer's version. One from a file has none: an hour's grace for the
    // file to be applied. The day it begins and the day it ends are left out, since they are days of the bank's zone.
    sql: `select c.contact_id, c.claimed_version, s.standing_id, s.noted_version
            from know.standing s
            join know.contact c on c.customer_id = s.customer_id
           where s.effect = 'stop_all' and c.source = 'clientele'
             and case when s.noted_version is null then c.claimed_at > s.noted_at + interval '1 hour'
                                                   else c.claimed_version > s.noted_version end
             and c.claimed_at >= s.from_on + 2 and (s.to_on is null or c.claimed_at < s.to_on - 1)
             and not exists (select from know.horizon)`,
  },
  {
    id: 'I5:addresses',
    sentence: 'No marketing was claimed to an address after it was never to be used again',
    store: 'postgres',
    // By the address as it is now, unless it was changed since; whose it was then had their consent withdrawn by it (I5).
    sql: `with key as (select trust.hmac_pad(k.key, 54) as inner_pad, trust.hmac_pad(k.key, 92) as outer_pad
                        from trust.bank_key k where k.name = 'digest'),
          sent as (
            select c.contact_id, c.claimed_at, m.medium, trust.normal_address(m.medium, m.address) as address
              from know.contact c
              join know.customer p on p.customer_id = c.customer_id
             cross join lateral (select case when c.channel = 'email' then 'email' else 'phone' end,
                                        case when c.channel = 'email' then p.email else p.phone end) as m (medium, address)
             where c.class = 'marketing' and c.source = 'clientele' and c.direction = 'outbound'
               and c.channel in ('email', 'sms', 'call') and p.updated_at < c.claimed_at
               and c.claimed_at > (select min(x.suppressed_at) from trust.suppression x))
          select sent.contact_id, s.suppressed_at, sent.claimed_at
            from sent
           cross join key k
            join trust.suppression s on s.medium = sent.medium and s.suppressed_at < sent.claimed_at
             and s.address_digest = sha256(k.outer_pad || sha256(k.inner_pad
                                           || convert_to(sent.medium || ' ' || sent.address, 'UTF8')))`,
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
