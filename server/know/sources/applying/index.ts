import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { EFFECT_OF } from '#know/customers'
import { takeEvents } from '#know/events'
import { publish, publishAll, takeVersions } from '#platform/outbox'
import { type Runtime, transaction } from '#platform/runtime'
import { systemActor } from '#trust/access'
import { newStatements, recordConsents } from '#trust/consents'
import { statementsOf } from '../apply.ts'
import { type Compiled, compile } from '../compile.ts'
import type { Feed, FileFormat, Source } from '../contract.ts'
import { beginningOf, blocksOf, decoded, packedAs } from '../files/store.ts'
import { type Positions, readHeader } from '../reading.ts'
import * as store from '../store.ts'
import * as own from './store.ts'

/** A file with everything that reading it needs; without a path, its rows in quarantine are given again. */
export interface Given {
  feed: Feed
  source: Source
  path?: string
  bytes: number
  /** The joined files by their names in the mapping. */
  joined: ReadonlyMap<string, string>
  asOf: string | null
  bank: { zone: string; currency: string }
  control: { rows: number | null; sumMinor: number | null }
}

/** How far with this file, 0..1, and a sentence. */
export type FeedProgress = (done: number, sentence: string) => void

/** A file that cannot be read as what the mapping says: refused as a whole, nothing of it applied. */
export class Refusal extends Error {
  readonly code: string
  readonly facts: Record<string, unknown>
  constructor(code: string, facts: Record<string, unknown>, message: string) {
    super(message)
    this.code = code
    this.facts = facts
  }
}

const FILE_BYTES_MAX = 64 * 1024 ** 3
const SLICE_LINES = 2_000_000
const CHUNK_LINES = 250_000
/** Standings, consents and events take their customers' versions, and hold them until the chunk commits. */
const SMALL_CHUNK_LINES = 10_000

interface Run extends Given {
  rt: Runtime
  compiled: Compiled
  filled: ReadonlySet<string>
  lastLine: number
  done: ReadonlySet<string>
  progress: FeedProgress
}

/** Where each column stands, from the header or from the mapping; a file that is something else is refused. */
async function positionsOf(
  path: string,
  columns: readonly string[],
  format: FileFormat,
  others: 'refuse' | 'ignore',
): Promise<Positions> {
  const file = basename(path)
  const beginning = await beginningOf(path)
  if (beginning.length === 0) throw new Refusal('empty_file', { file }, `${file} is empty.`)
  const packed = packedAs(beginning)
  if (packed !== undefined && packed !== format.type) {
    throw new Refusal(
      'packed_file',
      { file, found: packed, expected: format.type },
      `${file} is ${packed}; ${format.type} was expected. Packed files are not opened here, whatever size they would unpack to: give the unpacked file.`,
    )
  }
  if (format.type === 'parquet' && packed !== 'parquet')
    throw new Refusal('not_parquet', { file }, `${file} is not a Parquet file.`)
  if (format.type !== 'delimited' || format.header === false) return new Map(columns.map((name, at) => [name, at + 1]))
  const header = readHeader(decoded(beginning, format).split('\n', 1)[0]!, columns, format, others)
  if (header.ok) return header.positions
  const { reason, found, expected, missing, extra } = header
  throw new Refusal(
    reason,
    { file, line: 1, found: found.slice(0, 50), expected, missing, extra },
    reason === 'wrong_delimiter'
      ? `Line 1 of ${file} is one field: it is not parted by "${format.delimiter ?? ','}".`
      : `Line 1 of ${file} is not the header the mapping needs: missing ${missing.join(', ') || 'none'}; unknown ${extra.join(', ') || 'none'}.`,
  )
}

/** Reads one file into the lake; a line is a row. Returns how many rows it has. */
async function readPart(
  rt: Runtime,
  feedId: number,
  part: string,
  path: string,
  columns: readonly string[],
  format: FileFormat,
  progress: (bytes: number) => void,
): Promise<number> {
  if (format.type === 'parquet') {
    await store.insertParquet(rt.lake, feedId, part, columns, createReadStream(path)).catch((error: unknown) => {
      throw new Refusal(
        'malformed_parquet',
        { file: basename(path), expected: columns },
        `${basename(path)} cannot be read as Parquet with the columns ${columns.join(', ')}: ${String((error as Error).message).slice(0, 300)}`,
      )
    })
    return store.countLines(rt.lake, feedId, part)
  }
  const skip = format.type === 'delimited' && format.header !== false ? 1 : 0
  let line = skip
  let bytes = 0
  for await (const block of blocksOf(path, format, skip)) {
    await store.insertLines(rt.lake, feedId, part, line, block.bytes)
    line += block.lines
    bytes += block.bytes.length
    progress(bytes)
  }
  return line - skip
}

interface Headers {
  [part: string]: [string, number][]
}

/** Everything before the first effect: read, look up, compute, mark what is repeated. Repeated if a restart lost it. */
async function stageRows(
  rt: Runtime,
  given: Given,
  progress: FeedProgress,
): Promise<{ compiled: Compiled; rows: number; headers: Headers }> {
  const { feed, source, path, joined } = given
  const { feedId } = feed
  const positions = new Map<string, Positions>()
  await store.dropStage(rt.lake, feedId)
  let rows: number
  if (path === undefined) {
    const staged = (await store.findSteps(rt.db, feedId)).find(({ step }) => step === 'staged')
    const header =
      (staged?.facts.headers as Headers | undefined)?.main ??
      source.columns.map((name, at): [string, number] => [name, at + 1])
    positions.set('main', new Map(header))
    rows = await store.insertAgain(rt.lake, await store.openQuarantine(rt.db, feedId), feedId)
  } else {
    const bytesMax = source.fileBytesMax ?? FILE_BYTES_MAX
    if (given.bytes > bytesMax) {
      throw new Refusal(
        'file_too_large',
        { file: basename(path), found: given.bytes, expected: bytesMax },
        `${basename(path)} has ${given.bytes} bytes; at most ${bytesMax} are read.`,
      )
    }
    positions.set('main', await positionsOf(path, source.columns, source.format, source.otherColumns ?? 'refuse'))
    rows = await readPart(rt, feedId, 'main', path, source.columns, source.format, (bytes) =>
      progress((0.2 * bytes) / Math.max(given.bytes, 1), 'reading'),
    )
  }
  for (const [name, file] of Object.entries(source.with ?? {})) {
    const format = file.format ?? source.format
    const from = joined.get(name)!
    positions.set(name, await positionsOf(from, file.columns, format, 'ignore'))
    await readPart(rt, feedId, name, from, file.columns, format, () => {})
  }
  progress(0.25, 'looking up')
  const { stage } = store.stageOf(feedId)
  const compiled = compile(source, { stage, ...given.bank, asOf: given.asOf, positions })
  for (const { kind, namespace } of compiled.lookups)
    await store.insertKeys(rt.lake, await store.keysOf(rt.db, kind, namespace, feedId))
  if (source.fields.counterparty && !source.fields.own_transfer)
    await store.insertKeys(rt.lake, await store.ownNumbers(rt.db, feedId))
  await own.createStage(rt.lake, feedId, compiled.createStage)
  const last = rows === 0 ? 0 : await own.lastLine(rt.lake, feedId)
  for (let from = 0; from < last; from += SLICE_LINES) {
    progress(0.25 + (0.25 * from) / last, 'computing')
    await own.fillStage(rt.lake, feedId, compiled.fillStage, from, from + SLICE_LINES)
  }
  await own.markRepeated(rt.lake, feedId)
  if (source.target === 'transaction') {
    const filled = new Set(Object.keys(source.fields))
    for (const month of await own.monthsOf(rt.lake, feedId))
      if ((await own.countOthers(rt.lake, feedId, month)) > 0) await own.markKnown(rt.lake, feedId, filled, month)
  }
  return { compiled, rows, headers: Object.fromEntries([...positions].map(([part, found]) => [part, [...found]])) }
}

/** Compares what was found with what the sender says is in the file; a difference holds the whole file back. */
async function balance(rt: Runtime, { feed, source, control }: Given, compiled: Compiled, rows: number): Promise<void> {
  const sum = compiled.controlSum ? await own.controlSum(rt.lake, compiled.controlSum) : null
  const found = { rowsRead: rows, controlRows: control.rows, controlSumMinor: control.sumMinor, foundSumMinor: sum }
  await store.setFound(rt.db, feed.feedId, found)
  if (control.rows !== null && control.rows !== rows)
    throw new Refusal(
      'unbalanced',
      { found: rows, expected: control.rows },
      `${feed.fileName} has ${rows} rows; its control total says ${control.rows}.`,
    )
  if (control.sumMinor !== null && control.sumMinor !== sum)
    throw new Refusal(
      'unbalanced',
      { found: sum, expected: control.sumMinor },
      `${source.control?.sumOf ?? 'The sum'} of ${feed.fileName} is ${sum} minor units; its control total says ${control.sumMinor}.`,
    )
}

/**
 * Applies a feed from wherever it stands: a new one from the start, an interrupted one after its last finished step.
 * Every step's effect and its note of being done commit together, so a restart loses and repeats nothing.
 */
export async function applyFeed(rt: Runtime, given: Given, progress: FeedProgress): Promise<void> {
  const { feed, source } = given
  const { feedId } = feed
  const again = given.path === undefined
  try {
    const steps = new Map((await store.findSteps(rt.db, feedId)).map(({ step, facts }) => [step, facts]))
    const staged = again ? undefined : steps.get('staged')
    let compiled: Compiled
    if (staged && (await store.countStage(rt.lake, feedId)) === staged.rows) {
      const positions = new Map(
        Object.entries(staged.headers as Headers).map(([part, found]) => [part, new Map(found)]),
      )
      compiled = compile(source, { stage: store.stageOf(feedId).stage, ...given.bank, asOf: given.asOf, positions })
    } else {
      const fresh = await stageRows(rt, given, progress)
      compiled = fresh.compiled
      if (!again) {
        await balance(rt, given, compiled, fresh.rows)
        await store.putStep(rt.db, feedId, 'staged', { rows: fresh.rows, headers: fresh.headers })
      }
    }
    const lastLine = await own.lastLine(rt.lake, feedId)
    const done = again ? new Set<string>() : new Set(steps.keys())
    const run: Run = { ...given, rt, compiled, filled: new Set(Object.keys(source.fields)), lastLine, done, progress }
    await setWrongAside(run)
    if (source.target === 'transaction') await applyTransactions(run)
    else await applyChunks(run)
    await transaction(rt, async (rt) => {
      await store.settleFeed(rt.db, feedId, rt.clock.now())
      await publish(rt, {
        type: 'know.feed_applied',
        payload: { feedId, source: source.id, target: source.target, businessOn: feed.businessOn },
      })
    })
    await store.dropStage(rt.lake, feedId)
    progress(1, 'applied')
  } catch (error) {
    if (!(error instanceof Refusal) || again) throw error
    await transaction(rt, async (rt) => {
      const state = error.code === 'unbalanced' ? 'unbalanced' : 'refused'
      await store.refuseFeed(rt.db, feedId, state, `${error.code}: ${error.message}`, rt.clock.now())
      await publish(rt, { type: 'know.feed_refused', payload: { feedId, source: source.id, code: error.code } })
    })
    await store.dropStage(rt.lake, feedId)
  }
}

/** Rows that are wrong go into quarantine, and those that are repeated are counted, before anything is applied. */
async function setWrongAside({ rt, feed, compiled, done, path, progress }: Run): Promise<void> {
  if (done.has('set_aside')) return
  progress(0.5, 'setting wrong rows aside')
  const { feedId } = feed
  const [wrong, marks] = [await own.countWrong(rt.lake, feedId), await own.marksOf(rt.lake, feedId)]
  await transaction(rt, async ({ db }) => {
    if (wrong + marks.conflict > 0)
      await store.quarantine(db, feedId, await store.wrongRows(rt.lake, feedId, compiled.checks))
    if (path === undefined) return
    await store.addCounts(db, feedId, { duplicate: marks.duplicate, quarantined: wrong + marks.conflict })
    await store.putStep(db, feedId, 'set_aside', { wrong, ...marks })
  })
}

async function applyTransactions(run: Run): Promise<void> {
  const { rt, feed, filled, done, progress, path, source } = run
  const { feedId } = feed
  const months = await own.monthsOf(rt.lake, feedId)
  for (const [at, month] of months.entries()) {
    const step = `month ${month.month}`
    if (done.has(step)) continue
    progress(
      0.5 + (0.4 * at) / months.length,
      `booking ${String(month.month).slice(0, 4)}-${String(month.month).slice(4)}`,
    )
    const applied = await own.bookMonth(rt.lake, feedId, filled, month.month)
    const lines = path === undefined ? await own.linesOfMonth(rt.lake, feedId, month.month) : []
    await transaction(rt, async ({ db }) => {
      if (path === undefined)
        await release(
          db,
          rt,
          feedId,
          lines.map((row) => row.line),
          applied,
        )
      else {
        await store.addCounts(db, feedId, { applied })
        await store.putStep(db, feedId, step, { applied })
      }
    })
  }
  if (months.length === 0 || done.has('linked')) return
  progress(0.92, 'linking reversals and authorisations')
  await own.linkTransactions(rt.lake, feedId, filled, months[0]!.first)
  if (source.balances && filled.has('balance_after_minor')) {
    progress(0.95, 'chaining balances')
    await transaction(rt, async ({ db }) => store.setBalances(db, await own.closings(rt.lake, feedId)))
  }
  if (path !== undefined) await store.putStep(rt.db, feedId, 'linked', {})
}

/** Rows given again that went through: no longer in quarantine, and counted where they ended. */
async function release(
  db: Runtime['db'],
  rt: Runtime,
  feedId: number,
  lines: number[],
  applied: number,
): Promise<void> {
  await store.releaseQuarantined(db, feedId, lines, rt.clock.now())
  await store.addCounts(db, feedId, { applied, duplicate: lines.length - applied, quarantined: -lines.length })
}

async function applyChunks(run: Run): Promise<void> {
  const { rt, feed, source, lastLine, done, progress, path } = run
  const { feedId } = feed
  const size = ['standing', 'consent', 'event'].includes(source.target) ? SMALL_CHUNK_LINES : CHUNK_LINES
  for (let from = 0; from < lastLine; from += size) {
    const step = `lines to ${from + size}`
    if (done.has(step)) continue
    progress(0.5 + (0.5 * from) / lastLine, 'applying')
    await transaction(rt, async (rt) => {
      const { rows, applied, aside } = await applyChunk({ ...run, rt }, from, from + size)
      if (path === undefined) {
        const wrong = new Set(aside)
        const lines = (await own.goodLines(rt.lake, feedId, from, from + size))
          .map((row) => row.line)
          .filter((line) => !wrong.has(line))
        await release(rt.db, rt, feedId, lines, applied)
      } else {
        await store.addCounts(rt.db, feedId, {
          applied,
          duplicate: rows - applied - aside.length,
          quarantined: aside.length,
        })
        await store.putStep(rt.db, feedId, step, { rows, applied, aside: aside.length })
      }
    })
  }
}

interface Applied {
  /** Rows of the chunk, those set aside included. */
  rows: number
  applied: number
  /** Lines that only the store could know to be wrong. */
  aside: number[]
}

async function applyChunk(run: Run, from: number, to: number): Promise<Applied> {
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

/** Lets authorisations lapse that were booked as pending before the date and never settled. */
export const expireAuthorisations = (rt: Runtime, before: string): Promise<void> => own.expirePending(rt.lake, before)
