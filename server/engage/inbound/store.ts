import type { Db } from '#platform/postgres'

export interface Promised {
  customerId: number
  action: string
  revision: string
  channel: string
  claimedAt: Date
  /** The last day on which the offer of the decision is owed; null: it made none. */
  expiresOn: string | null
  offer: string | null
  /** An acceptance that counts was recorded before. */
  accepted: boolean
}

/** What a contact of ours promised; undefined for an unknown one and for other systems'. */
export const promisedBy = async (db: Db, contactId: string): Promise<Promised | undefined> =>
  (
    await db<Promised[]>`
      select k.customer_id as "customerId", k.action, k.channel, k.claimed_at as "claimedAt", d.revision,
             o.offer ->> 'expiresOn' as "expiresOn", o.offer ->> 'id' as offer,
             exists (select from know.response r
                      where r.customer_id = k.customer_id and r.contact_id = k.contact_id and r.kind = 'accept') as accepted
        from know.contact k
        join decide.decision d on d.customer_id = k.customer_id and d.decision_id = k.decision_id
        left join lateral (select c -> 'offer' as offer from json_array_elements(d.ranked -> 'chosen') c
                            where c ->> 'action' = k.action and json_typeof(c -> 'offer') = 'object') o on true
       where k.contact_id = ${contactId}`
  )[0]

export const holdingOfKey = async (db: Db, source: string, externalId: string): Promise<number | undefined> =>
  (
    await db<{ holdingId: number }[]>`
      select h.holding_id as "holdingId" from know.holding_key h
       where h.source = ${source} and h.external_id = ${externalId}`
  )[0]?.holdingId

export interface JointAcceptance {
  customerId: number
  contactId: string
  acceptedBy: number
  holders: number
  channel: string
  version: number
  acceptedAt: Date
  recordedAt: Date
}

/** One holder's agreement; the same one's again changes nothing. */
export const insertJointAcceptance = (db: Db, row: JointAcceptance) => db`
  insert into engage.joint_acceptance (customer_id, contact_id, accepted_by, holders, channel, version, accepted_at,
                                       recorded_at)
  values (${row.customerId}, ${row.contactId}, ${row.acceptedBy}, ${row.holders}, ${row.channel}, ${row.version},
          ${row.acceptedAt}, ${row.recordedAt})
  on conflict (customer_id, contact_id, accepted_by) do nothing`

export const acceptedBy = (db: Db, customerId: number, contactId: string) => db<{ acceptedBy: number }[]>`
  select j.accepted_by as "acceptedBy"
    from engage.joint_acceptance j
   where j.customer_id = ${customerId} and j.contact_id = ${contactId}`
