import type { Db } from '#platform/postgres'

/** Chains of the audit; see the migration for why there are many. */
export const CHAINS = 256

/** Gives each customer a salt who has none that this transaction can see. Conflicts with nobody, so it never waits. */
export async function addSalts(db: Db, customerIds: readonly number[]): Promise<void> {
  await db`
    insert into trust.audit_salt (customer_id, salt)
    select id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
      from unnest(${customerIds as number[]}::bigint[]) id
     where not exists (select from trust.audit_salt s where s.customer_id = id)`
}

/** What is written; the reason's words are kept apart. */
export interface NewEntry {
  at: Date
  actorKind: string
  actorId: string
  action: string
  customerIds: readonly number[]
  subject: string | null
  reason: string | null
  facts: Record<string, unknown>
}

/**
 * Appends to any of the chains given that nobody holds; undefined when all are held. Head, row and hash are one
 * statement, so a chain is held for no longer than the transaction it is part of.
 */
export async function append(
  db: Db,
  entry: NewEntry,
  chains: readonly number[],
): Promise<{ chain: number; sequence: number } | undefined> {
  const noteOf = entry.customerIds[0] ?? 0
  const rows = await db<{ chain: number; sequence: number }[]>`
    with head as materialized (
      select h.chain, h.sequence + 1 as sequence, h.hash
        from trust.audit_head h
       where h.chain = any(${chains as number[]}::int[])
       limit 1
         for update skip locked
    ), salted as (
      select distinct on (s.customer_id) s.customer_id, s.salt
        from trust.audit_salt s
       where s.customer_id = any(${[...entry.customerIds, noteOf]}::bigint[])
       order by s.customer_id, s.salt
    ), about as (
      select coalesce(array_agg(left(encode(sha256(s.salt || int8send(s.customer_id)), 'hex'), 32) order by s.customer_id), '{}') as customers
        from salted s
       where s.customer_id = any(${entry.customerIds as number[]}::bigint[])
    ), why as (
      select left(encode(sha256(s.salt || convert_to(${entry.reason}::text, 'UTF8')), 'hex'), 32) as reason
        from salted s
       where s.customer_id = ${noteOf} and ${entry.reason}::text is not null
    ), content as (
      select head.chain, head.sequence, head.hash as previous, ${entry.at}::timestamptz as at, ${entry.actorKind}::text as actor_kind,
             ${entry.actorId}::text as actor_id, ${entry.action}::text as action, about.customers, ${entry.subject}::text as subject,
             (select reason from why) as reason, ${db.json(entry.facts as never)}::jsonb as facts
        from head, about
    ), written as (
      insert into trust.audit_entry (chain, sequence, at, actor_kind, actor_id, action, customers, subject, reason, facts, hash)
      select c.chain, c.sequence, c.at, c.actor_kind, c.actor_id, c.action, c.customers, c.subject, c.reason, c.facts,
             trust.audit_hash(c.previous, c.chain, c.sequence, c.at, c.actor_kind, c.actor_id, c.action, c.customers, c.subject, c.reason, c.facts)
        from content c
      returning chain, sequence, hash
    ), noted as (
      insert into trust.audit_note (customer_id, chain, sequence, reason)
      select ${noteOf}, w.chain, w.sequence, ${entry.reason} from written w where ${entry.reason}::text is not null
    )
    update trust.audit_head h
       set sequence = w.sequence, hash = w.hash
      from written w
     where h.chain = w.chain
    returning h.chain, h.sequence`
  return rows[0]
}

/** An entry as it is read; the reason's words only where they still exist. */
export interface Entry {
  chain: number
  sequence: number
  at: Date
  actorKind: string
  actorId: string
  action: string
  customers: string[]
  subject: string | null
  reason: string | null
  facts: Record<string, unknown>
}

export interface Filter {
  customerId?: number
  actorId?: string
  action?: string
  from?: Date
  to?: Date
}

export interface Page {
  limit: number
  offset: number
  /** The oldest first; otherwise the latest. */
  oldestFirst?: boolean
}

const fits = (db: Db, filter: Filter) => db`
       (${filter.customerId ?? null}::bigint is null
            or e.customers && (select array_agg(left(encode(sha256(s.salt || int8send(s.customer_id)), 'hex'), 32))
                                 from trust.audit_salt s
                                where s.customer_id = ${filter.customerId ?? null}::bigint))
       and (${filter.actorId ?? null}::text is null or e.actor_id = ${filter.actorId ?? null})
       and (${filter.action ?? null}::text is null or e.action = ${filter.action ?? null})
       and (${filter.from ?? null}::timestamptz is null or e.at >= ${filter.from ?? null})
       and (${filter.to ?? null}::timestamptz is null or e.at < ${filter.to ?? null})`

/** How many entries a filter finds. */
export async function countFitting(db: Db, filter: Filter): Promise<number> {
  const [row] = await db<{ count: number }[]>`
    select count(*)::double precision as count from trust.audit_entry e where ${fits(db, filter)}`
  return row!.count
}

export const entries = (db: Db, filter: Filter, { limit, offset, oldestFirst = false }: Page): Promise<Entry[]> =>
  db<Entry[]>`
    select e.chain, e.sequence, e.at, e.actor_kind as "actorKind", e.actor_id as "actorId", e.action, e.customers, e.subject,
           (select n.reason from trust.audit_note n where n.chain = e.chain and n.sequence = e.sequence limit 1) as reason, e.facts
      from trust.audit_entry e
     where ${fits(db, filter)}
     order by ${oldestFirst ? db`e.at, e.chain, e.sequence` : db`e.at desc, e.chain, e.sequence desc`}
     limit ${limit} offset ${offset}`

/**
 * Every place at which the audit is not as it was written: a row whose hash does not follow from its content and the
 * row before it, a gap in the numbers, a head that is not the last row, a chain that is gone, an anchor that no longer
 * fits. Whole on purpose: it is invariant I12.
 */
export const BREAKS_SQL = `
  select e.chain, e.sequence,
         case when e.sequence <> e.before + 1 then 'a row before this one is missing' else 'this row or the one before it was changed' end as problem
    from (select a.*,
                 lag(a.sequence, 1, 0::bigint) over chain_order as before,
                 lag(a.hash, 1, sha256(convert_to('clientele audit chain ' || a.chain, 'UTF8'))) over chain_order as previous
            from trust.audit_entry a
          window chain_order as (partition by a.chain order by a.sequence)) e
   where e.sequence <> e.before + 1
      or e.hash <> trust.audit_hash(e.previous, e.chain, e.sequence, e.at, e.actor_kind, e.actor_id, e.action, e.customers, e.subject, e.reason, e.facts)
  union all
  select n.chain, coalesce(h.sequence, 0), 'the last row of this chain is not the one its head names'
    from generate_series(0, 255) n(chain)
    left join trust.audit_head h on h.chain = n.chain
    left join lateral (select t.sequence, t.hash from trust.audit_entry t where t.chain = n.chain order by t.sequence desc limit 1) last on true
   where h.chain is null
      or h.sequence <> coalesce(last.sequence, 0)
      or h.hash <> coalesce(last.hash, sha256(convert_to('clientele audit chain ' || n.chain, 'UTF8')))
  union all
  select (p.value ->> 0)::int, (p.value ->> 1)::bigint, 'this row is no longer the one that anchor ' || a.anchor_id || ' was signed over'
    from trust.audit_anchor a
   cross join lateral jsonb_array_elements(a.heads) p
    left join trust.audit_entry e on e.chain = (p.value ->> 0)::int and e.sequence = (p.value ->> 1)::bigint
   where (p.value ->> 1)::bigint > 0
     and encode(e.hash, 'hex') is distinct from p.value ->> 2`

export interface Break {
  chain: number
  sequence: number
  problem: string
}

export const breaks = (db: Db): Promise<Break[]> => db.unsafe<Break[]>(`${BREAKS_SQL}\n  limit 1000`)

export const countEntries = async (db: Db): Promise<number> => {
  const [row] = await db<
    { rows: number }[]
  >`select coalesce(sum(h.sequence), 0)::bigint as rows from trust.audit_head h`
  return row!.rows
}

/** [chain, sequence, hash in hex] of every chain, in order. */
export type Heads = [number, number, string][]

export async function heads(db: Db): Promise<Heads> {
  const rows = await db<{ chain: number; sequence: number; hash: string }[]>`
    select h.chain, h.sequence, encode(h.hash, 'hex') as hash
      from trust.audit_head h
     order by h.chain`
  return rows.map(({ chain, sequence, hash }) => [chain, sequence, hash])
}

export interface Anchor {
  anchorId: number
  at: Date
  heads: Heads
  signature: string
}

export async function addAnchor(db: Db, at: Date, heads: Heads, signature: string): Promise<number> {
  const [row] = await db<{ anchorId: number }[]>`
    insert into trust.audit_anchor (at, heads, signature)
    values (${at}, ${db.json(heads)}, ${signature})
    returning anchor_id as "anchorId"`
  return row!.anchorId
}

export const anchors = (db: Db): Promise<Anchor[]> =>
  db<Anchor[]>`
    select a.anchor_id as "anchorId", a.at, a.heads, a.signature
      from trust.audit_anchor a
     order by a.anchor_id`

/** Erases what ties the audit to a customer: the chain stays whole, its entries are nobody's. */
export async function eraseCustomer(db: Db, customerId: number): Promise<void> {
  await db`
    with notes as (
      delete from trust.audit_note n where n.customer_id = ${customerId}
    )
    delete from trust.audit_salt s where s.customer_id = ${customerId}`
}
