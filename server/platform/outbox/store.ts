import { type Db, numbers } from '#platform/postgres'

/** A message as it lies in the outbox. */
export interface StoredMessage {
  customerId: number
  version: number
  sequence: number
  type: string
  payload: unknown
  done: string[]
  onlyFor: string | null
}

/** A customer whose messages this relay may deliver until the lease ends. */
export interface Turn {
  customerId: number
  fence: number
  attempts: number
  /** Latest version when claimed. */
  through: number
}

export async function nextVersion(db: Db, customerId: number): Promise<number> {
  const [row] = await db<{ version: number }[]>`
    insert into platform.stream as s (customer_id, version)
    values (${customerId}, 1)
    on conflict (customer_id) do update set version = s.version + 1
    returning s.version`
  return row!.version
}

/** Rows are locked in the order of the customer's number, so that two sets that overlap cannot wait for each other. */
export const nextVersions = (
  db: Db,
  customerIds: number[],
  steps: number[],
): Promise<{ customerId: number; version: number }[]> =>
  db<{ customerId: number; version: number }[]>`
    insert into platform.stream as s (customer_id, version)
    select id, step
      from unnest(${numbers(customerIds)}::bigint[], ${numbers(steps)}::bigint[]) as asked (id, step)
     order by id
    on conflict (customer_id) do update set version = s.version + excluded.version
    returning s.customer_id as "customerId", s.version`

export const currentVersions = (db: Db, customerIds: number[]): Promise<{ customerId: number; version: number }[]> =>
  db<{ customerId: number; version: number }[]>`
    select s.customer_id as "customerId", s.version
      from platform.stream s
     where s.customer_id = any(${customerIds}::bigint[])`

/** The version, the message and the turn in one statement: one way to the database and back. */
export async function putNext(db: Db, customerId: number, type: string, payload: unknown): Promise<number> {
  const [row] = await db<{ version: number }[]>`
    with taken as (
      insert into platform.stream as s (customer_id, version)
      values (${customerId}, 1)
      on conflict (customer_id) do update set version = s.version + 1
      returning s.version
    ), said as (
      insert into platform.outbox (customer_id, version, type, payload)
      select ${customerId}, version, ${type}, ${db.json(payload as never)} from taken
    ), turn as (
      insert into platform.outbox_turn as t (customer_id, through)
      select ${customerId}, version from taken
      on conflict (customer_id) do update set through = greatest(t.through, excluded.through)
    )
    select version from taken`
  return row!.version
}

/** Messages whose versions are taken already; for each customer the turn moves to the latest. */
export async function putAll(
  db: Db,
  messages: { customerId: number; version: number; type: string; payload: unknown }[],
): Promise<void> {
  const rows = messages.map(({ customerId, version, type, payload }) => [customerId, version, type, payload])
  await db`
    with given as materialized (
      select (m ->> 0)::bigint as customer_id, (m ->> 1)::bigint as version, m ->> 2 as type, m -> 3 as payload, n
        from jsonb_array_elements(${db.json(rows as never)}) with ordinality as e (m, n)
    ), said as (
      insert into platform.outbox (customer_id, version, type, payload)
      select customer_id, version, type, payload from given order by n
    )
    insert into platform.outbox_turn as t (customer_id, through)
    select customer_id, max(version) from given group by customer_id order by customer_id
    on conflict (customer_id) do update set through = greatest(t.through, excluded.through)`
}

/** Claims up to `customersMax` customers whose turn is due, for `leaseMs` of database time. */
export const claimTurns = (db: Db, customersMax: number, leaseMs: number, ignoreBackOff: boolean): Promise<Turn[]> =>
  db<Turn[]>`
    with due as (
      select t.customer_id
        from platform.outbox_turn t
       where t.due_at <= clock_timestamp() or (${ignoreBackOff} and t.attempts > 0)
       order by t.due_at, t.customer_id
       limit ${customersMax}
         for update skip locked
    )
    update platform.outbox_turn t
       set due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
           fence = nextval('platform.fence_seq')
      from due
     where t.customer_id = due.customer_id
    returning t.customer_id as "customerId", t.fence, t.attempts, t.through`

/** The messages of claimed customers, each customer's in order, at most `perCustomerMax` of each. */
export const messagesOf = (db: Db, customerIds: number[], perCustomerMax: number): Promise<StoredMessage[]> =>
  db<StoredMessage[]>`
    select m.customer_id as "customerId", m.version, m.sequence, m.type, m.payload, m.done, m.only_for as "onlyFor"
      from unnest(${customerIds}::bigint[]) c
     cross join lateral (
           select *
             from platform.outbox o
            where o.customer_id = c
            order by o.version, o.sequence
            limit ${perCustomerMax}) m
     order by m.customer_id, m.version, m.sequence`

/** Renews the leases still held; returns the customers of those. */
export const renewLeases = (db: Db, turns: Turn[], leaseMs: number): Promise<{ customerId: number }[]> =>
  db<{ customerId: number }[]>`
    update platform.outbox_turn t
       set due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from unnest(${turns.map((turn) => turn.customerId)}::bigint[], ${turns.map((turn) => turn.fence)}::bigint[]) as held (customer_id, fence)
     where t.customer_id = held.customer_id and t.fence = held.fence
    returning t.customer_id as "customerId"`

/** What became of one claimed customer's messages. */
export interface Finished {
  turn: Turn
  /** Handled by everyone, or set aside for those who could not: they go. */
  gone: { version: number; sequence: number }[]
  /** Every message up to this version has gone; 0 when some are left or were not read. */
  handledThrough: number
  /** The first that failed and those behind it, with the subscriptions that did handle them. */
  partly: { version: number; sequence: number; done: string[] }[]
  /** Back-off until the next attempt; 0 when nothing failed. */
  retryMs: number
}

/** A message that one subscription could not handle in its last attempt. */
export interface Aside {
  message: StoredMessage
  subscription: string
  attempts: number
  reason: string
}

/** Locks the turns whose lease is still the one given; what was published meanwhile shows in `through`. */
export const holdTurns = (db: Db, turns: Turn[]): Promise<{ customerId: number; through: number }[]> =>
  db<{ customerId: number; through: number }[]>`
    select t.customer_id as "customerId", t.through
      from platform.outbox_turn t
      join unnest(${turns.map((turn) => turn.customerId)}::bigint[], ${turns.map((turn) => turn.fence)}::bigint[]) as held (customer_id, fence)
        on held.customer_id = t.customer_id and held.fence = t.fence
     order by t.customer_id
       for update of t`

export const removeMessages = (
  db: Db,
  gone: { customerId: number; version: number; sequence: number }[],
): Promise<unknown> =>
  db`
    delete from platform.outbox o
     using unnest(${gone.map((m) => m.customerId)}::bigint[], ${gone.map((m) => m.version)}::bigint[], ${gone.map((m) => m.sequence)}::bigint[]) as g (customer_id, version, sequence)
     where o.customer_id = g.customer_id and o.version = g.version and o.sequence = g.sequence`

export const endTurns = (db: Db, customerIds: number[]): Promise<unknown> =>
  db`
    delete from platform.outbox_turn t
     where t.customer_id = any(${customerIds}::bigint[])`

export const putOffTurns = (
  db: Db,
  turns: { customerId: number; retryMs: number; attempts: number }[],
): Promise<unknown> =>
  db`
    update platform.outbox_turn t
       set due_at = clock_timestamp() + later.retry_ms * interval '1 millisecond', attempts = later.attempts
      from unnest(${turns.map((t) => t.customerId)}::bigint[], ${turns.map((t) => t.retryMs)}::int[], ${turns.map((t) => t.attempts)}::int[]) as later (customer_id, retry_ms, attempts)
     where t.customer_id = later.customer_id`

export const markDone = (
  db: Db,
  customerId: number,
  message: { version: number; sequence: number; done: string[] },
): Promise<unknown> =>
  db`
    update platform.outbox o
       set done = ${message.done}
     where o.customer_id = ${customerId} and o.version = ${message.version} and o.sequence = ${message.sequence}`

export const putAside = (db: Db, { message, subscription, attempts, reason }: Aside): Promise<unknown> =>
  db`
    insert into platform.set_aside (customer_id, version, sequence, subscription, type, payload, attempts, reason)
    values (${message.customerId}, ${message.version}, ${message.sequence}, ${subscription}, ${message.type}, ${db.json(message.payload as never)}, ${attempts}, ${reason})
    on conflict (customer_id, version, sequence, subscription) do nothing`

export const waiting = async (db: Db): Promise<{ customers: number; oldestSeconds: number }> => {
  const [row] = await db<{ customers: number; oldestSeconds: number }[]>`
    select count(*)::int as customers,
           coalesce(greatest(0, extract(epoch from clock_timestamp() - min(t.due_at))), 0)::float8 as "oldestSeconds"
      from platform.outbox_turn t`
  return row!
}

/** A message set aside, as its list shows it: not its payload. */
export interface SetAside {
  customerId: number
  version: number
  sequence: number
  subscription: string
  type: string
  attempts: number
  reason: string
  setAsideAt: Date
}

export const listSetAside = (db: Db, limit: number): Promise<SetAside[]> =>
  db<SetAside[]>`
    select s.customer_id as "customerId", s.version, s.sequence, s.subscription, s.type, s.attempts, s.reason, s.set_aside_at as "setAsideAt"
      from platform.set_aside s
     order by s.set_aside_at desc
     limit ${limit}`

/** Takes a message that was set aside, so that it can be given again. */
export async function takeSetAside(
  db: Db,
  key: { customerId: number; version: number; sequence: number; subscription: string },
): Promise<{ type: string; payload: unknown } | undefined> {
  const rows = await db<{ type: string; payload: unknown }[]>`
    delete from platform.set_aside s
     where s.customer_id = ${key.customerId} and s.version = ${key.version}
       and s.sequence = ${key.sequence} and s.subscription = ${key.subscription}
    returning s.type, s.payload`
  return rows[0]
}

/** Puts a message on its way to one subscription only. */
export const putFor = (
  db: Db,
  message: { customerId: number; version: number; type: string; payload: unknown; onlyFor: string },
): Promise<unknown> =>
  db`
    with said as (
      insert into platform.outbox (customer_id, version, type, payload, only_for)
      values (${message.customerId}, ${message.version}, ${message.type}, ${db.json(message.payload as never)}, ${message.onlyFor})
    )
    insert into platform.outbox_turn as t (customer_id, through)
    values (${message.customerId}, ${message.version})
    on conflict (customer_id) do update set through = greatest(t.through, excluded.through)`
