import type { Invariant } from '#platform/postgres'

export const invariants: Invariant[] = [
  {
    id: 'know.customers:owner',
    sentence: "A holding's first owner has a role in it.",
    store: 'postgres',
    sql: `select h.customer_id, h.holding_id
            from know.holding h
           where not exists (select from know.holding_role r
                              where r.customer_id = h.customer_id and r.holding_id = h.holding_id and r.role = 'owner')`,
  },
  {
    id: 'know.customers:shares',
    sentence: "The shares of a holding's owners never add up to more than the whole.",
    store: 'postgres',
    sql: `select r.holding_id, sum(r.share_bp) as share_bp
            from know.holding_role r
           where r.role = 'owner' and r.to_on is null
           group by r.holding_id
          having sum(r.share_bp) > 10000`,
  },
  {
    id: 'know.customers:keys',
    sentence: "A source's own id always means a customer that is there.",
    store: 'postgres',
    sql: `select k.source, k.external_id
            from know.customer_key k
           where not exists (select from know.customer c where c.customer_id = k.customer_id)`,
  },
]
