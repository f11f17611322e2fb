import type { FrozenOffer } from '#decide/propositions/contract'
import type { Db } from '#platform/postgres'
import type { Promised } from '../store.ts'

/** The customer, and who owns something with them that they must sign for together. */
export const together = async (db: Db, customerId: number, on: string): Promise<number[]> =>
  (
    await db<{ customerId: number }[]>`
      select distinct o.customer_id as "customerId"
        from know.holding_role m
        join know.holding_role o on o.holder_customer_id = m.holder_customer_id and o.holding_id = m.holding_id
       where m.customer_id = ${customerId} and m.role = 'owner' and m.authority = 'both' and o.role = 'owner'
         and m.from_on <= ${on} and (m.to_on is null or m.to_on > ${on})
         and o.from_on <= ${on} and (o.to_on is null or o.to_on > ${on})
      union select ${customerId}::bigint`
  ).map((row) => row.customerId)

export interface Begun extends Promised {
  contactId: string
  frozen: FrozenOffer | null
  agreed: { customerId: number; at: string; channel: string }[]
}

/** What some holder agreed to and was neither completed nor refused since, the latest first. */
export const begunBy = (db: Db, customerIds: readonly number[]) => db<Begun[]>`
  select k.contact_id as "contactId", k.customer_id as "customerId", k.action, k.channel, k.claimed_at as "claimedAt",
         d.revision, o.offer ->> 'expiresOn' as "expiresOn", o.offer ->> 'id' as offer, o.offer as frozen, false as accepted,
         j.agreed
    from (select customer_id, contact_id, max(accepted_at) as latest,
                 json_agg(json_build_object('customerId', accepted_by, 'at', accepted_at, 'channel', channel)
                          order by accepted_at) as agreed
            from engage.joint_acceptance
           where customer_id = any(${customerIds as number[]})
           group by customer_id, contact_id) j
    join know.contact k on k.customer_id = j.customer_id and k.contact_id = j.contact_id
    join decide.decision d on d.customer_id = k.customer_id and d.decision_id = k.decision_id
    left join lateral (select c -> 'offer' as offer from json_array_elements(d.ranked -> 'chosen') c
                        where c ->> 'action' = k.action and json_typeof(c -> 'offer') = 'object') o on true
   where k.state = 'clicked'
   order by j.latest desc
   limit 50`

export const namesOf = async (db: Db, customerIds: readonly number[]): Promise<Map<number, string | null>> =>
  new Map(
    (
      await db<{ customerId: number; name: string | null }[]>`
        select c.customer_id as "customerId",
               coalesce(nullif(concat_ws(' ', c.given_name, c.family_name), ''), c.full_name) as name
          from know.customer c
         where c.customer_id = any(${customerIds as number[]})`
    ).map(({ customerId, name }) => [customerId, name]),
  )
