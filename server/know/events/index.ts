import { TextDecoder } from 'node:util'
import { conflict, invalid, mismatch, notFound } from '#platform/errors'
import { publish, takeVersions } from '#platform/outbox'
import { bucketOf, isInTransaction, type Runtime, transaction } from '#platform/runtime'
import { count } from '#platform/telemetry'
import { activeRevision, compiled, documentsOf, type Kind, type Revision } from '#trust/playbook'
import type { BulkReply, EventReply, Rejection } from './contract.ts'
import { EVENTS_PER_REQUEST_MAX, EventTypeDocument } from './contract.ts'
import { type EventTypes, eventTypesOf } from './event-types.ts'
import { EVENTS } from './metrics.ts'
import { type Read, readEvent, readLines } from './read-event.ts'
import { conflictWith, type Given, keyOf, quarantined, unknownCustomer, wellFormed } from './settle.ts'
import * as store from './store.ts'

export { invariants } from './check.ts'
export { subscriptions } from './events.ts'
export { families } from './metrics.ts'
export { fromHeaders } from './read-event.ts'
export { routes } from './routes.ts'
export { eventsById, type StoredEvent } from './store.ts'

const eventTypeKind: Kind<EventTypeDocument> = {
  kind: 'event_type',
  folder: 'event_types',
  schema: EventTypeDocument,
}
export const kinds = [eventTypeKind] as unknown as readonly Kind<never>[]

const typesFor = (revision: Pick<Revision, 'documents'>): EventTypes =>
  compiled(revision, 'know/events:types', () => eventTypesOf(documentsOf<EventTypeDocument>(revision, 'event_type')))

/** Events that one commit takes at most, whatever the number of requests they come in. */
const EVENTS_PER_COMMIT = 10_000
/** While one commit waits for the disk the others can work. */
const COMMITS_AT_ONCE = 3
/** Pairs in one outbox message: what a subscriber takes in one go. */
const EVENTS_PER_MESSAGE = 10_000

/**
 * Takes in one event. Given again it is a duplicate and has no effect. What cannot be taken in is kept in quarantine and
 * is a value here; `acceptEvent` turns it into a failure for the caller.
 */
export async function takeEvent(rt: Runtime, value: unknown): Promise<EventReply> {
  const types = typesFor(await activeRevision(rt))
  const [reply] = await commit(rt, [readEvent(value, rt.clock.now().getTime(), types)])
  return reply!
}

/** The same over HTTP: a rejection is a problem that names the place, and the quarantine in which the event is kept. */
export async function acceptEvent(rt: Runtime, value: unknown): Promise<EventReply> {
  const reply = await takeEvent(rt, value)
  if (reply.outcome !== 'quarantined') return reply
  const { reason, place, found, expected } = reply.rejection!
  const facts = { at: place, found, expected, quarantineId: reply.quarantineId }
  const kept = 'It is kept in quarantine and can be given again.'
  if (reason === 'other_customer')
    throw conflict('event_other_customer', facts, 'This id stands for an event of another customer.', kept)
  if (reason === 'other_body') throw mismatch('event_other_body', facts, 'This id stands for another event.', kept)
  if (reason === 'unknown_customer') throw notFound('event_unknown_customer', facts, 'There is no such customer.', kept)
  throw invalid(
    'event_malformed',
    facts,
    `${place || 'The event'}: found ${found}, expected ${expected}.`,
    `Mend it and give it again. ${kept}`,
  )
}

/** Takes in a list of events; each stands for itself, and the counts add up. */
export async function takeEvents(rt: Runtime, values: readonly unknown[]): Promise<BulkReply> {
  const types = typesFor(await activeRevision(rt))
  const nowMs = rt.clock.now().getTime()
  return summed(await commit(rt, bounded(values.map((value) => readEvent(value, nowMs, types)))))
}

/** Bytes of one request with an event per line: 50,000 events of half a kilobyte. */
const LINES_BYTES_MAX = 32 * 1024 * 1024

/**
 * The same for UTF-8 text with one event per line, read piece by piece as it arrives. A text that is too long or not
 * UTF-8 is refused whole.
 */
export async function takeLines(rt: Runtime, pieces: AsyncIterable<Uint8Array>): Promise<BulkReply> {
  const types = typesFor(await activeRevision(rt))
  const nowMs = rt.clock.now().getTime()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reads: Read[] = []
  let rest = ''
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > LINES_BYTES_MAX) throw tooLong()
    rest += decoded(decoder, piece)
    const end = rest.lastIndexOf('\n') + 1
    for (const read of readLines(rest.slice(0, end), nowMs, types)) reads.push(read)
    rest = rest.slice(end)
    bounded(reads)
  }
  for (const read of readLines(rest + decoded(decoder), nowMs, types)) reads.push(read)
  return summed(await commit(rt, bounded(reads)))
}

function decoded(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch {
    throw invalid('not_utf8', { at: 'body' }, 'The request is not UTF-8; nothing of it was taken in.', 'Send UTF-8.')
  }
}

const tooLong = () =>
  invalid(
    'body_too_large',
    { found: `more than ${LINES_BYTES_MAX} bytes`, expected: `at most ${LINES_BYTES_MAX}` },
    'The request is too large; nothing of it was taken in.',
    'Split it.',
  )

function bounded(reads: Read[]): Read[] {
  if (reads.length > EVENTS_PER_REQUEST_MAX)
    throw invalid(
      'too_many_events',
      { found: reads.length, expected: `at most ${EVENTS_PER_REQUEST_MAX}` },
      `One request takes at most ${EVENTS_PER_REQUEST_MAX} events; none of these was taken in.`,
      'Split the request.',
    )
  return reads
}

function summed(replies: readonly EventReply[]): BulkReply {
  const reply: BulkReply = { given: replies.length, applied: 0, duplicate: 0, quarantined: 0, rejected: [] }
  replies.forEach(({ outcome, rejection, quarantineId }, index) => {
    reply[outcome]++
    if (outcome === 'quarantined') reply.rejected.push({ index, quarantineId: quarantineId!, ...rejection! })
  })
  return reply
}

interface Waiting {
  reads: Read[]
  resolve: (replies: EventReply[]) => void
  reject: (error: unknown) => void
}
/** What requests of one server process have brought and no commit has taken yet. */
interface Intake {
  waiting: Waiting[]
  /** Commits under way. */
  running: number
}
const intakes = new WeakMap<object, Intake>()

/**
 * Requests that come while commits are under way share the next one: the cost of making a commit durable is then paid
 * once for all of them. Within a caller's transaction there is nothing to share.
 */
function commit(rt: Runtime, reads: Read[]): Promise<EventReply[]> {
  if (reads.length === 0) return Promise.resolve([])
  if (isInTransaction(rt)) return takeIn(rt, reads, 'contested')
  const intake = intakes.get(rt.config) ?? { waiting: [], running: 0 }
  intakes.set(rt.config, intake)
  return new Promise((resolve, reject) => {
    intake.waiting.push({ reads, resolve, reject })
    if (intake.running < COMMITS_AT_ONCE) void run(rt, intake)
  })
}

async function run(rt: Runtime, intake: Intake): Promise<void> {
  intake.running++
  while (intake.waiting.length > 0) {
    const batch: Waiting[] = []
    for (let events = 0; intake.waiting.length > 0; ) {
      events += intake.waiting[0]!.reads.length
      if (batch.length > 0 && events > EVENTS_PER_COMMIT) break
      batch.push(intake.waiting.shift()!)
    }
    await commitTogether(rt, batch)
  }
  intake.running--
}

async function commitTogether(rt: Runtime, batch: Waiting[], keys: Keys = 'new'): Promise<void> {
  try {
    const reads = batch.flatMap((w) => w.reads)
    const replies = await transaction(rt, (rt) => takeIn(rt, reads, keys))
    const { applied, duplicate, quarantined } = summed(replies)
    for (const [outcome, events] of Object.entries({ applied, duplicate, quarantined }))
      if (events > 0) count(rt, EVENTS, { outcome }, events)
    let from = 0
    for (const { reads, resolve } of batch) {
      resolve(replies.slice(from, from + reads.length))
      from += reads.length
    }
  } catch (error) {
    if (keys === 'new' && (error as { code?: string }).code === UNIQUE_VIOLATION)
      await commitTogether(rt, batch, 'contested')
    // What fails together may succeed alone: one request must not take its neighbours down.
    else if (batch.length > 1) for (const one of batch) await commitTogether(rt, [one], 'contested')
    else batch[0]!.reject(error)
  }
}

/**
 * How keys are taken. Nearly always no other commit wants the same ones at this moment: those not held are written
 * straight away, at half the cost, and the unique key ends the commit when somebody was faster. It is then done again
 * with every key contested.
 */
type Keys = 'new' | 'contested'
const UNIQUE_VIOLATION = '23505'

/** Takes events in, within one transaction: keys, versions, events, quarantine, counts and the outbox together. */
async function takeIn(rt: Runtime, reads: Read[], keys: Keys): Promise<EventReply[]> {
  const at = rt.clock.now()
  const all: Given[] = reads.map((read) => ({ read }))
  const rejected: { given: Given; rejection: Rejection }[] = []
  const reject = (given: Given, rejection: Rejection): void => void rejected.push({ given, rejection })
  for (const given of all) if (!given.read.ok) reject(given, given.read.rejected.rejection)
  const events = wellFormed(all).map(({ read }) => read.event)
  const [holders] = await Promise.all([store.heldKeys(rt.db, events), findCustomers(rt, all, reject)])
  const held = new Map(holders.map((row) => [keyOf(row), row]))

  // Of several with one key in one commit the first is tried; the others are judged by what it was.
  const first = new Map<string, Given>()
  const later: Given[] = []
  for (const given of wellFormed(all)) {
    if (given.customerId === undefined) continue
    const key = keyOf(given.read.event)
    if (first.has(key)) later.push(given)
    else first.set(key, given)
  }
  // Keys are taken in one order everywhere, and before any customer is locked: commits then never wait in a circle.
  const ordered = wellFormed([...first].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, given]) => given))
  const stored = await takeKeys(
    rt,
    ordered.filter(({ read }) => !held.has(keyOf(read.event))),
    held,
    keys,
  )
  for (const given of stored) given.reply = { outcome: 'applied', eventId: given.eventId! }
  for (const given of [...ordered, ...wellFormed(later)]) {
    if (given.reply) continue
    const { event } = given.read
    const holder = held.get(keyOf(event))!
    const rejection = conflictWith(event, given.customerId!, holder)
    if (rejection) reject(given, rejection)
    else given.reply = { outcome: 'duplicate', eventId: holder.eventId }
  }
  const rows = await keep(rt, stored, at)
  await putAside(rt, rejected, at)
  const replies = all.map((given) => given.reply!)
  const { given, applied, duplicate, quarantined: kept } = summed(replies)
  const counts = { given, applied, duplicate, quarantined: kept }
  const [someOpen] = await Promise.all([
    store.anyInQuarantine(rt.db),
    store.countIntake(rt.db, rt.ids.next(), counts, at),
  ])
  if (someOpen) await settleOld(rt, all, at)
  await announce(rt, rows)
  return replies
}

/** Takes the keys; returns the events that have theirs, and adds to `held` who holds the others. */
async function takeKeys(
  rt: Runtime,
  free: ReturnType<typeof wellFormed>,
  held: Map<string, store.HeldKey>,
  keys: Keys,
): Promise<ReturnType<typeof wellFormed>> {
  const rows = free.map((given) => {
    const { source, sourceEventId, digest } = given.read.event
    given.eventId = rt.ids.next(bucketOf(given.customerId!))
    return { source, sourceEventId, customerId: given.customerId!, eventId: given.eventId, digest }
  })
  if (rows.length === 0) return []
  if (keys === 'new') {
    await store.insertKeys(rt.db, rows)
    for (const row of rows) held.set(keyOf(row), row)
    return free
  }
  const taken = await store.takeKeys(rt.db, rows)
  for (const row of await store.heldKeys(rt.db, rows)) held.set(keyOf(row), row)
  return free.filter((given) => taken.has(given.eventId!))
}

async function findCustomers(
  rt: Runtime,
  all: Given[],
  reject: (given: Given, rejection: Rejection) => void,
): Promise<void> {
  const ids = new Set<number>()
  const keys = new Map<string, { source: string; id: string }>()
  for (const { read } of wellFormed(all)) {
    const { customerId, customerKey } = read.event
    if (customerId !== undefined) ids.add(customerId)
    else keys.set(`${customerKey!.source}\u0000${customerKey!.id}`, customerKey!)
  }
  const known = await store.existingCustomers(rt.db, [...ids])
  const found = await store.customersByKey(rt.db, [...keys.values()])
  const byKey = new Map([...keys.keys()].map((key, i) => [key, found[i] ?? undefined]))
  for (const given of wellFormed(all)) {
    const { customerId, customerKey } = given.read.event
    const customer =
      customerId === undefined
        ? byKey.get(`${customerKey!.source}\u0000${customerKey!.id}`)
        : known.has(customerId)
          ? customerId
          : undefined
    if (customer === undefined) reject(given, unknownCustomer(given.read.event))
    else given.customerId = customer
  }
}

async function keep(rt: Runtime, stored: ReturnType<typeof wellFormed>, at: Date): Promise<store.EventRow[]> {
  if (stored.length === 0) return []
  const customers = stored.map((given) => given.customerId!)
  const versions = await takeVersions(rt, customers)
  const rows = stored.map(({ read: { event }, customerId, eventId }) => ({
    customerId: customerId!,
    eventId: eventId!,
    version: versions.get(customerId!)!,
    source: event.source,
    sourceEventId: event.sourceEventId,
    type: event.type,
    occurredAtMs: event.occurredAtMs,
    payload: event.payload,
  }))
  await store.insertEvents(rt.db, rows, at)
  return rows
}

/** Says what was accepted. Last, because all commits of events pass through the bank's own stream. */
async function announce(rt: Runtime, rows: readonly store.EventRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += EVENTS_PER_MESSAGE) {
    const events = rows.slice(from, from + EVENTS_PER_MESSAGE).map((r) => [r.customerId, r.eventId, r.version])
    await publish(rt, { type: 'know.events_accepted', payload: { events } })
  }
}

async function putAside(rt: Runtime, rejected: { given: Given; rejection: Rejection }[], at: Date): Promise<void> {
  if (rejected.length === 0) return
  const rows = rejected.map(({ given, rejection }) => ({
    ...quarantined(given, rejection),
    quarantineId: rt.ids.next(),
  }))
  const ids = await store.putInQuarantine(rt.db, rows, at)
  rejected.forEach(({ given, rejection }, i) => {
    given.reply = { outcome: 'quarantined', eventId: null, rejection, quarantineId: ids.get(rows[i]!.digest)! }
  })
}

async function settleOld(rt: Runtime, all: readonly Given[], at: Date): Promise<void> {
  for (const outcome of ['applied', 'duplicate'] as const) {
    const keys = wellFormed(all)
      .filter((given) => given.reply?.outcome === outcome)
      .map(({ read: { event } }) => event)
    if (keys.length > 0) await store.settleQuarantine(rt.db, keys, outcome, at)
  }
}

/** Gives again what is in quarantine: all of it, one reason's, or some; at most 10,000 at a time, the oldest first. */
export async function retryQuarantine(
  rt: Runtime,
  { reason, quarantineIds }: { reason?: string; quarantineIds?: readonly string[] },
): Promise<{ tried: number; applied: number; duplicate: number; quarantined: number }> {
  const rows = await store.quarantineBodies(rt.db, reason ?? null, quarantineIds ?? null, 10_000)
  const types = typesFor(await activeRevision(rt))
  const nowMs = rt.clock.now().getTime()
  const reads = rows.flatMap(({ body }) => readLines(body.replaceAll('\n', ' '), nowMs, types))
  const { applied, duplicate, quarantined: left } = summed(await commit(rt, reads))
  return { tried: reads.length, applied, duplicate, quarantined: left }
}

/** Says of things in quarantine that they will never be taken in. Returns how many were still waiting. */
export const dropQuarantine = async (rt: Runtime, quarantineIds: readonly string[]): Promise<number> =>
  (await store.dropQuarantine(rt.db, quarantineIds, rt.clock.now())).length

/** What is in quarantine, by id. */
export const quarantine = (
  rt: Runtime,
  { reason, after, itemsMax }: { reason?: string; after?: string; itemsMax: number },
) => store.listQuarantine(rt.db, reason ?? null, after ?? null, itemsMax)

/** All that was ever given, and what became of it. */
export const intakeTotals = (rt: Runtime) => store.intakeTotals(rt.db)
