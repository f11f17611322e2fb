import { EFFECT_OF } from '#know/customers'
import { takeEvents } from '#know/events'
import { publishAll, takeVersions } from '#platform/outbox'
import { copyFrom } from '#platform/postgres'
import { type Runtime, transaction } from '#platform/runtime'
import { systemActor } from '#trust/access'
import { newStatements, recordConsents } from '#trust/consents'
import { statementsOf } from '../apply.ts'
import * as own from '../applying/store.ts'
import type { Compiled } from '../compile.ts'
import { type FreshNumbers, freshCopies } from '../fresh.ts'
import type { FeedProgress, Given } from '../staging/index.ts'
import * as store from '../store.ts'

/** A feed under way. */
export interface Run extends Given {
  rt: Runtime
  compiled: Compiled
  filled: ReadonlySet<string>
  lastLine: number
  done: ReadonlySet<string>
  /** The finished steps with what they recorded. */
  steps: ReadonlyMap<string, Record<string, unknown>>
  progress: FeedProgress
}
/**
 * On the first load of a numbering: where its numbers begin, taken and recorded once, so that a restart goes on with
 * the same. Undefined when rows must be compared with what is known.
 */
export async function freshNumbers(run: Run): Promise<FreshNumbers | undefined> {
  const { rt, feed, source, lastLine, done, steps, path } = run
  if (path === undefined || (source.target !== 'customer' && source.target !== 'holding')) return undefined
  const recorded = steps.get('numbers')
  if (recorded) return recorded as unknown as FreshNumbers
  if ([...done].some((step) => step.startsWith('lines '))) return undefined
  const kind = source.target
  return transaction(rt, async ({ db }) => {
    if (!(await store.isFirstLoad(db, kind, source.namespace ?? source.id))) return undefined
    const base = await store.takeNumbers(db, kind === 'customer' ? 'customer_id_seq' : 'holding_id_seq', lastLine + 1)
    const householdBase = source.fields.household ? await store.takeNumbers(db, 'household_id_seq', lastLine + 1) : 0
    await store.putStep(db, feed.feedId, 'numbers', { base, householdBase })
    return { base, householdBase }
  })
}

/** One chunk of a first load, by COPY into its tables. */
export async function copyFresh(
  { rt, feed, source, compiled }: Run,
  numbers: FreshNumbers,
  from: number,
  to: number,
): Promise<Applied> {
  const copies = freshCopies(source, compiled.fields, store.stageOf(feed.feedId), numbers, feed.businessOn)
  for (const { table, columns, select } of copies)
    await copyFrom(rt.db, table, columns, await own.freshRows(rt.lake, select, from, to))
  const rows = await own.countGood(rt.lake, feed.feedId, from, to)
  return { rows, applied: rows, aside: [] }
}

export interface Applied {
  /** Rows of the chunk, those set aside included. */
  rows: number
  applied: number
  /** Lines that only the store could know to be wrong. */
  aside: number[]
}

export async function applyChunk(run: Run, from: number, to: number): Promise<Applied> {
  const { rt, feed, source, compiled } = run
  if (source.target === 'consent') return applyConsents(run, from, to)
  if (source.target === 'event') return applyEvents(run, from, to)
  const rows = await store.copyChunk(
    rt.db,
    compiled.fields,
    await store.chunkRows(rt.lake, feed.feedId, compiled.fields, from, to),
  )
  if (rows === 0) {
    await rt.db.unsafe('drop table feed_chunk')
    return { rows, applied: 0, aside: [] }
  }
  if (source.target === 'customer' || source.target === 'holding') await store.holdNumbers(rt.db)
  const standing = source.target === 'standing' ? (await store.chunkCustomers(rt.db)).map((row) => row.customerId) : []
  const versions = await takeVersions(rt, standing)
  let applied = 0
  const aside: number[] = []
  for (const statement of statementsOf({ source, fields: compiled.fields, businessOn: feed.businessOn }, EFFECT_OF)) {
    const result = await rt.db.unsafe<{ line: number }[]>(statement.sql)
    if (statement.counts === 'applied') applied += result.count
    if (statement.setAside && result.length > 0) {
      const lines = result.map((row) => row.line)
      await asideRows(
        run,
        lines.map((line) => ({ line, ...statement.setAside! })),
      )
      await store.leaveOut(rt.db, lines)
      aside.push(...lines)
    }
  }
  await publishAll(
    rt,
    standing.map((customerId) => ({
      type: 'know.standing_changed',
      customerId,
      version: versions.get(customerId)!,
      payload: { customerId, change: 'noted', feedId: feed.feedId },
    })),
  )
  await rt.db.unsafe('drop table feed_chunk')
  return { rows, applied, aside }
}

/** Puts rows into quarantine whose fault only the store could know. */
async function asideRows(
  { rt, feed }: Run,
  wrong: readonly { line: number; reason: string; field: string; found: string; expected: string }[],
): Promise<void> {
  if (wrong.length === 0) return
  const raw = new Map(
    (
      await store.rawLines(
        rt.lake,
        feed.feedId,
        wrong.map((row) => row.line),
      )
    ).map((row) => [row.line, row.raw]),
  )
  await store.putAside(
    rt.db,
    feed.feedId,
    wrong.map((row) => ({ ...row, raw: raw.get(row.line) ?? '' })),
  )
}

interface ConsentRow {
  line: number
  customer_id: number
  purpose: 'marketing' | 'profiling' | 'payment_data'
  channel?: 'all' | 'email' | 'sms' | 'push' | 'call' | 'post' | ''
  state: 'given' | 'withdrawn' | 'objected'
  at: string
  evidence: string
}

async function applyConsents(run: Run, from: number, to: number): Promise<Applied> {
  const { rt, feed, compiled, source } = run
  const rows = await own.rowsOf<ConsentRow>(
    rt.lake,
    feed.feedId,
    compiled.fields.map(({ name }) => name),
    from,
    to,
  )
  const purposeless = rows.filter((row) => row.purpose !== 'marketing' && row.channel && row.channel !== 'all')
  await asideRows(
    run,
    purposeless.map(({ line, channel }) => ({
      line,
      reason: 'consent_channel',
      field: 'channel',
      found: channel!,
      expected: 'no channel: only marketing is agreed to by channel',
    })),
  )
  const said = rows
    .filter((row) => !purposeless.includes(row))
    .map(({ line, customer_id: customerId, purpose, channel, state, at, evidence }) => ({
      line,
      customerId,
      purpose,
      channel: channel || ('all' as const),
      state,
      evidence: {
        how: evidence.slice(0, 200),
        where: `file ${feed.fileName}`.slice(0, 200),
        occurredAt: `${at.replace(' ', 'T')}Z`,
      },
    }))
  const fresh = await newStatements(rt, said)
  // Of several statements about one thing the last counts; the earlier ones are told to nobody and are duplicates.
  const kept = new Map(fresh.map((one) => [`${one.customerId} ${one.purpose} ${one.channel}`, one]))
  await recordConsents(
    rt,
    [...kept.values()].map(({ line: _, ...one }) => one),
    systemActor(`source:${source.id}`),
  )
  return { rows: rows.length, applied: kept.size, aside: purposeless.map((row) => row.line) }
}

interface EventRow extends Record<string, unknown> {
  line: number
  customer_id: number
  event_id: string
  type: string
  occurred_at: string
}

async function applyEvents(run: Run, from: number, to: number): Promise<Applied> {
  const { rt, feed, compiled, source } = run
  const rows = await own.rowsOf<EventRow>(
    rt.lake,
    feed.feedId,
    compiled.fields.map(({ name }) => name),
    from,
    to,
  )
  const details = compiled.fields.filter(({ name }) => name.startsWith('detail_'))
  const reply = await takeEvents(
    rt,
    rows.map((row) => ({
      source: source.namespace ?? source.id,
      id: row.event_id,
      type: row.type,
      customerId: row.customer_id,
      occurredAt: `${row.occurred_at.replace(' ', 'T')}Z`,
      payload: Object.fromEntries(
        details.filter(({ name }) => row[name] !== '').map(({ name }) => [name.slice(7), row[name]]),
      ),
    })),
  )
  const wrong = reply.rejected.map(({ index, reason, place, found, expected }) => ({
    line: rows[index]!.line,
    reason,
    field: place,
    found,
    expected,
  }))
  await asideRows(run, wrong)
  return { rows: rows.length, applied: reply.applied, aside: wrong.map((row) => row.line) }
}
