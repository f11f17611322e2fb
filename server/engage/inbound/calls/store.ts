import type { Db } from '#platform/postgres'

export interface OpenCallRow {
  contactId: string
  action: string
  channel: string
  state: string
  begunAt: Date
  callBackAt: string | null
}

/** Outbound contacts of staffed placements that nobody has answered yet, the latest first, with the latest wish to be called back. */
export const openCalls = (db: Db, customerId: number, placements: readonly string[]) => db<OpenCallRow[]>`
  select k.contact_id as "contactId", k.action, k.channel, k.state, k.claimed_at as "begunAt", e.at as "callBackAt"
    from know.contact k
    left join lateral (select v.payload ->> 'at' as at
                         from know.event v
                        where v.customer_id = k.customer_id and v.type = 'call.back_asked'
                          and v.payload ->> 'contact_id' = k.contact_id::text
                        order by v.occurred_at desc limit 1) e on true
   where k.customer_id = ${customerId} and k.source = 'clientele' and k.direction = 'outbound'
     and k.placement = any(${placements as string[]}) and k.state in ('claimed', 'shown')
   order by k.claimed_at desc
   limit 20`
