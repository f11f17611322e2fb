import { Readable } from 'node:stream'
import type { Lake } from '#platform/clickhouse'
import { copyFrom, type Db } from '#platform/postgres'

const QUOTED = /[\\"]/
/** Texts as PostgreSQL writes an array: far cheaper for thousands of values than one parameter each. */
function texts(values: readonly string[]): string {
  let text = '{'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    text += i === 0 ? '"' : ',"'
    text += QUOTED.test(value) ? value.replace(/[\\"]/g, '\\$&') : value
    text += '"'
  }
  return `${text}}`
}
/** Numbers and ids as an array: nothing in them needs quotes. */
const plain = (values: readonly (string | number)[]): string => `{${values.join(',')}}`

/** Of these customers, those there are. */
export async function existingCustomers(db: Db, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set()
  const rows = await db<{ id: number }[]>`
    select c.customer_id as id
      from know.customer c
     where c.customer_id = any(${plain(ids)}::text::bigint[])`
  return new Set(rows.map((row) => row.id))
}

/** The customers that sources know by these keys, in the order given; null where there is none. */
export async function customersByKey(
  db: Db,
  keys: readonly { source: string; id: string }[],
): Promise<(number | null)[]> {
  if (keys.length === 0) return []
  const rows = await db<{ id: number | null }[]>`
    select k.customer_id as id
      from unnest(${texts(keys.map((k) => k.source))}::text::text[], ${texts(keys.map((k) => k.id))}::text::text[])
           with ordinality as g (source, external_id, n)
      left join know.customer_key k on k.source = g.source and k.external_id = g.external_id
     order by g.n`
  return rows.map((row) => row.id)
}

export interface KeyRow {
  source: string
  sourceEventId: string
  customerId: number
  eventId: string
  digest: string
}

export type HeldKey = KeyRow

const SPECIAL = /[\\\t\n\r]/
const ESCAPE: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
/** Text in COPY's format; nearly none needs a change. */
const cell = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPE[character]!) : text

/**
 * Writes keys that nobody holds; a key that somebody has taken meanwhile ends the transaction (unique violation). Keys
 * come in the one order that every batch uses, so that two batches wait for each other in one direction only.
 */
export async function insertKeys(db: Db, keys: readonly KeyRow[]): Promise<void> {
  let lines = ''
  for (const k of keys)
    lines += `${cell(k.source)}\t${cell(k.sourceEventId)}\t${k.customerId}\t${k.eventId}\t${k.digest}\n`
  const columns = ['source', 'source_event_id', 'customer_id', 'event_id', 'digest']
  await copyFrom(db, 'know.event_key', columns, Readable.from([Buffer.from(lines)]))
}

/** Takes the keys that nobody has taken, in the same order; returns the events that may now be stored. */
export async function takeKeys(db: Db, keys: readonly KeyRow[]): Promise<Set<string>> {
  const rows = await db<{ eventId: string }[]>`
    insert into know.event_key (source, source_event_id, customer_id, event_id, digest)
    select g.source, g.source_event_id, g.customer_id, g.event_id, g.digest
      from unnest(${texts(keys.map((k) => k.source))}::text::text[], ${texts(keys.map((k) => k.sourceEventId))}::text::text[],
                  ${plain(keys.map((k) => k.customerId))}::text::bigint[], ${plain(keys.map((k) => k.eventId))}::text::uuid[],
                  ${plain(keys.map((k) => k.digest))}::text::uuid[]) as g (source, source_event_id, customer_id, event_id, digest)
    on conflict (source, source_event_id) do nothing
    returning event_id as "eventId"`
  return new Set(rows.map((row) => row.eventId))
}

/** Who holds these keys. */
export const heldKeys = (db: Db, keys: readonly { source: string; sourceEventId: string }[]): Promise<HeldKey[]> =>
  db<HeldKey[]>`
    select k.source, k.source_event_id as "sourceEventId", k.customer_id as "customerId", k.event_id as "eventId",
           replace(k.digest::text, '-', '') as digest
      from unnest(${texts(keys.map((k) => k.source))}::text::text[], ${texts(keys.map((k) => k.sourceEventId))}::text::text[])
           as g (source, source_event_id)
      join know.event_key k on k.source = g.source and k.source_event_id = g.source_event_id`

export interface EventRow {
  customerId: number
  eventId: string
  version: number
  source: string
  sourceEventId: string
  type: string
  occurredAtMs: number
  /** JSON text. */
  payload: string
}

const EVENT_COLUMNS = [
  'customer_id',
  'event_id',
  'version',
  'source',
  'source_event_id',
  'type',
  'occurred_at',
  'received_at',
  'payload',
]

export async function insertEvents(db: Db, rows: readonly EventRow[], receivedAt: Date): Promise<void> {
  const at = receivedAt.toISOString()
  let lines = ''
  for (const r of rows) {
    lines += `${r.customerId}\t${r.eventId}\t${r.version}\t${cell(r.source)}\t${cell(r.sourceEventId)}\t${r.type}\t`
    lines += `${new Date(r.occurredAtMs).toISOString()}\t${at}\t${cell(r.payload)}\n`
  }
  await copyFrom(db, 'know.event', EVENT_COLUMNS, Readable.from([Buffer.from(lines)]))
}

export interface QuarantineRow {
  quarantineId: string
  digest: string
  source: string | null
  sourceEventId: string | null
  reason: string
  place: string
  found: string
  expected: string
  body: string
}

/** Keeps what could not be taken in; returns the id of each in the order given. The same thing again counts up. */
export async function putInQuarantine(db: Db, rows: readonly QuarantineRow[], at: Date): Promise<Map<string, string>> {
  const kept = await db<{ quarantineId: string; digest: string }[]>`
    insert into know.event_quarantine as q
           (quarantine_id, digest, source, source_event_id, reason, place, found, expected, body, times, first_at, last_at)
    select (array_agg(g.quarantine_id))[1], g.digest, min(g.source), min(g.source_event_id), min(g.reason), min(g.place),
           min(g.found), min(g.expected), min(g.body), count(*), ${at}, ${at}
      from jsonb_to_recordset(${db.json(rows.map(snake) as never)})
           as g (quarantine_id uuid, digest uuid, source text, source_event_id text, reason text, place text, found text, expected text, body text)
     group by g.digest
     order by g.digest
    on conflict (digest) do update
       set times = q.times + excluded.times, last_at = excluded.last_at, reason = excluded.reason, place = excluded.place,
           found = excluded.found, expected = excluded.expected, settled_at = null, settled_as = null
    returning q.quarantine_id as "quarantineId", replace(q.digest::text, '-', '') as digest`
  return new Map(kept.map((row) => [row.digest, row.quarantineId]))
}

const snake = ({ quarantineId, sourceEventId, ...rest }: QuarantineRow) => ({
  quarantine_id: quarantineId,
  source_event_id: sourceEventId,
  ...rest,
})

export const anyInQuarantine = async (db: Db): Promise<boolean> => {
  const [row] = await db<{ any: boolean }[]>`
    select exists (select from know.event_quarantine q where q.settled_at is null) as any`
  return row!.any
}

/** What was in quarantine and has now been taken in, or had been. */
export const settleQuarantine = (
  db: Db,
  keys: readonly { source: string; sourceEventId: string }[],
  as: 'applied' | 'duplicate',
  at: Date,
) =>
  db`
    update know.event_quarantine q
       set settled_at = ${at}, settled_as = ${as}
      from unnest(${texts(keys.map((k) => k.source))}::text::text[], ${texts(keys.map((k) => k.sourceEventId))}::text::text[])
           as g (source, source_event_id)
     where q.settled_at is null and q.reason in ('unknown_customer', 'payload_schema', 'malformed')
       and q.source = g.source and q.source_event_id = g.source_event_id`

export const dropQuarantine = (db: Db, ids: readonly string[], at: Date) =>
  db<{ quarantineId: string }[]>`
    update know.event_quarantine q
       set settled_at = ${at}, settled_as = 'dropped'
     where q.settled_at is null and q.quarantine_id = any(${ids as string[]}::uuid[])
    returning q.quarantine_id as "quarantineId"`

export interface Counts {
  given: number
  applied: number
  duplicate: number
  quarantined: number
}

export const countIntake = (db: Db, intakeId: string, counts: Counts, at: Date) =>
  db`
    insert into know.event_intake (intake_id, received_at, given, applied, duplicate, quarantined)
    values (${intakeId}, ${at}, ${counts.given}, ${counts.applied}, ${counts.duplicate}, ${counts.quarantined})`

export async function intakeTotals(db: Db): Promise<Counts & { open: number }> {
  const [row] = await db<(Counts & { open: number })[]>`
    select coalesce(sum(i.given), 0)::bigint as given, coalesce(sum(i.applied), 0)::bigint as applied,
           coalesce(sum(i.duplicate), 0)::bigint as duplicate, coalesce(sum(i.quarantined), 0)::bigint as quarantined,
           (select count(*) from know.event_quarantine q where q.settled_at is null) as open
      from know.event_intake i`
  return row!
}

export interface Quarantined extends Omit<QuarantineRow, 'digest'> {
  times: number
  firstAt: Date
}

export const listQuarantine = (
  db: Db,
  reason: string | null,
  after: string | null,
  max: number,
): Promise<Quarantined[]> =>
  db<Quarantined[]>`
    select q.quarantine_id as "quarantineId", q.source, q.source_event_id as "sourceEventId", q.reason, q.place, q.found,
           q.expected, q.body, q.times, q.first_at as "firstAt"
      from know.event_quarantine q
     where q.settled_at is null
       and (${reason}::text is null or q.reason = ${reason})
       and (${after}::uuid is null or q.quarantine_id > ${after}::uuid)
     order by q.quarantine_id
     limit ${max}`

export const quarantineBodies = (db: Db, reason: string | null, ids: readonly string[] | null, max: number) =>
  db<{ quarantineId: string; body: string }[]>`
    select q.quarantine_id as "quarantineId", q.body
      from know.event_quarantine q
     where q.settled_at is null
       and (${reason}::text is null or q.reason = ${reason})
       and (${ids as string[] | null}::uuid[] is null or q.quarantine_id = any(${ids as string[] | null}::uuid[]))
     order by q.first_at
     limit ${max}`

export interface StoredEvent {
  customerId: number
  eventId: string
  version: number
  source: string
  sourceEventId: string
  type: string
  occurredAt: Date
  payload: Record<string, unknown>
}

/** Events by (customer, id): each is one probe of the primary key. */
export const eventsById = (db: Db, pairs: readonly (readonly [customerId: number, eventId: string, ...unknown[]])[]) =>
  db<StoredEvent[]>`
    select e.customer_id as "customerId", e.event_id as "eventId", e.version, e.source, e.source_event_id as "sourceEventId",
           e.type, e.occurred_at as "occurredAt", e.payload
      from unnest(${plain(pairs.map((p) => p[0]))}::text::bigint[], ${plain(pairs.map((p) => p[1]))}::text::uuid[]) as g (customer_id, event_id)
      join know.event e on e.customer_id = g.customer_id and e.event_id = g.event_id`

/** Puts events into the lake. Put twice they are there once: their place in the order is their identity. */
export const projectEvents = (lake: Lake, events: readonly StoredEvent[]): Promise<unknown> =>
  lake.insert(
    'know.event',
    events.map((e) => ({
      party_id: e.customerId,
      occurred_at: e.occurredAt.toISOString().replace('T', ' ').replace('Z', ''),
      event_id: e.eventId,
      version: e.version,
      source: e.source,
      source_event_id: e.sourceEventId,
      type: e.type,
      payload: JSON.stringify(e.payload),
    })),
    // A first load tells of decades: more months in one insert than the engine lets through unasked.
    { settings: { max_partitions_per_insert_block: 0 } },
  )
