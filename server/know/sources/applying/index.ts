import { publish } from '#platform/outbox'
import { type Runtime, transaction } from '#platform/runtime'
import { roundingOf } from '../chain.ts'
import { applyChunk, copyFresh, freshNumbers, type Run } from '../chunks/index.ts'
import { type Compiled, compile } from '../compile.ts'
import { exponentOf } from '../currency.ts'
import { type FeedProgress, type Given, type Headers, Refusal, stageRows } from '../staging/index.ts'
import * as store from '../store.ts'
import * as own from './store.ts'

const CHUNK_LINES = 250_000
/** Standings, consents and events take their customers' versions, and hold them until the chunk commits. */
const SMALL_CHUNK_LINES = 10_000
/** So few changes are noted customer by customer. */
const FEW_LINES = 1_000

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
    const run: Run = {
      ...given,
      rt,
      compiled,
      filled: new Set(Object.keys(source.fields)),
      lastLine,
      done,
      steps,
      progress,
    }
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
    const rounding = roundingOf(exponentOf(run.bank.currency))
    for (const slice of await own.closingSlices(rt.lake, feedId))
      await transaction(rt, async ({ db }) =>
        store.setBalances(db, await own.closings(rt.lake, feedId, slice, rounding)),
      )
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
  const numbers = await freshNumbers(run)
  const { feedId } = feed
  const size = ['standing', 'consent', 'event'].includes(source.target) ? SMALL_CHUNK_LINES : CHUNK_LINES
  for (let from = 0; from < lastLine; from += size) {
    const step = `lines to ${from + size}`
    if (done.has(step)) continue
    progress(0.5 + (0.5 * from) / lastLine, 'applying')
    await transaction(rt, async (rt) => {
      if (Math.min(size, lastLine - from) > FEW_LINES) await store.noteEverybody(rt.db)
      const { rows, applied, aside } = numbers
        ? await copyFresh({ ...run, rt }, numbers, from, from + size)
        : await applyChunk({ ...run, rt }, from, from + size)
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
/** Lets authorisations lapse that were booked as pending before the date and never settled. */
export const expireAuthorisations = (rt: Runtime, before: string): Promise<void> => own.expirePending(rt.lake, before)
