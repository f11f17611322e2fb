import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { catalogueFor, computeAttributes } from '#know/attributes'
import { setHorizon } from '#know/customers'
import { localDate, localTime } from '#platform/clock'
import { conflict, invalid, notFound } from '#platform/errors'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import {
  activateFolder,
  activeRevision,
  bankOf,
  type DocumentSet,
  diffFolder,
  documentsOf,
  type Revision,
} from '#trust/playbook'
import { applyFeed } from './applying/index.ts'
import {
  type Chain,
  type ChainMiss,
  chainMisses,
  chainRange,
  chainTotals,
  NO_CHAIN,
  ROWS_PER_SLICE,
  roundingOf,
  together,
} from './chain.ts'
import type { Feed, FeedHealth, Source } from './contract.ts'
import { exponentOf } from './currency.ts'
import { deliveredBefore } from './deliveries/index.ts'
import { type Dependence, dependenceOf } from './dependence.ts'
import { dueDate, healthOf } from './due.ts'
import { NO_CONTROL, readControl } from './files/index.ts'
import { digestOfFiles, fileOf, filesOf } from './files/store.ts'
import { importOrder } from './order.ts'
import type { FeedProgress } from './staging/index.ts'
import * as store from './store.ts'

export type { Chain, ChainMiss } from './chain.ts'
export { invariants } from './check.ts'
export type { Dependence } from './dependence.ts'
export { jobs } from './jobs.ts'
export { kinds } from './kind.ts'
export { listFeeds, quarantinedLine, quarantineOf, viewQuarantine } from './looking/index.ts'
export { readings } from './metrics.ts'
export { type ImportReport, reportOf } from './report.ts'
export { routes } from './routes.ts'

/** What is asked of one file. */
export interface GiveFile {
  source: Source
  path: string
  /** Where joined and control files are; the file's own folder unless given. */
  folder?: string
  /** Nothing later is let in; null: everything. */
  asOf?: string | null
  /** The date the file is about; else the control file's, the as-of date, or today. */
  businessOn?: string
  actor: Actor
  progress?: FeedProgress
}

/** What became of a file: its feed, and whether it had been given before. */
export interface Outcome {
  feed: Feed
  givenBefore: boolean
  /** It had been, and rows of it that waited in quarantine were tried again. */
  triedAgain: boolean
  reasons: { reason: string; rows: number }[]
  /** The first row in quarantine of each reason: the place, what was found and what was expected. */
  firsts: store.FirstOfReason[]
}

/**
 * Takes one file in, all of it: every row ends applied, duplicate or quarantined with its reason, and the counts add up.
 * The same file given again has no effect, but that its rows in quarantine are tried again; an interrupted one goes on
 * where it stood. A file that is not what its mapping says, or does not agree with its control totals, is refused whole
 * and marks what depends on it.
 */
export async function giveFile(rt: Runtime, given: GiveFile): Promise<Outcome> {
  const { source, path, actor } = given
  const progress = given.progress ?? (() => {})
  const revision = await activeRevision(rt)
  const bank = bankOf(revision)
  const folder = given.folder ?? dirname(path)
  const asOf = given.asOf ?? null
  const joined = new Map<string, string>()
  for (const [name, file] of Object.entries(source.with ?? {}))
    joined.set(name, await fileOf(folder, file.file, source.id))
  const control = await readControl(source, path, folder, bank.currency)
  progress(0, 'checking')
  const { sha256, bytes } = await digestOfFiles([path, ...joined.values()])
  return alone(rt, source.id, async () => {
    const said = given.businessOn ?? control.businessOn
    const delivery = await deliveredBefore(rt, source, { name: basename(path), sha256, asOf, confirmedOn: said })
    const businessOn = said ?? delivery?.feed.businessOn ?? asOf ?? localDate(rt.clock.now(), bank.zone)
    const opened =
      (delivery?.mappingChanged ? undefined : delivery?.feed) ??
      (await store.openFeed(rt.db, {
        source: source.id,
        revision: revision.id,
        businessOn,
        fileName: basename(path),
        fileSha256: sha256,
        fileBytes: bytes,
        asOf,
        givenBy: actor.id,
        givenAt: rt.clock.now(),
      }))
    const before = opened.state === 'applied'
    // A run that ended right after its last step may have left its stage behind.
    if (before) await store.dropStage(rt.lake, opened.feedId)
    const triedAgain = delivery?.rowsWait === true
    if (triedAgain)
      await applyFeed(rt, { feed: opened, source, bytes: 0, joined, asOf, bank, control: NO_CONTROL }, progress)
    if (!before) {
      if (opened.state === 'refused' || opened.state === 'unbalanced') await store.reopenFeed(rt.db, opened.feedId)
      await applyFeed(rt, { feed: opened, source, path, bytes, joined, asOf, bank, control }, progress)
    }
    await transaction(rt, (rt) =>
      record(rt, {
        actor,
        action: 'know.sources:file_given',
        subject: String(opened.feedId),
        facts: { source: source.id, sha256, before },
      }),
    )
    late.delete(rt.config)
    const feed = (await store.findFeed(rt.db, opened.feedId))!
    const [reasons, firsts] = await waitingRows(rt, feed.feedId)
    return { feed, givenBefore: before, triedAgain, reasons, firsts }
  })
}

const waitingRows = (rt: Runtime, feedId: number) =>
  Promise.all([store.quarantineReasons(rt.db, feedId), store.firstOfReasons(rt.db, feedId)])

/** Runs `work` while nobody else works on feeds of the source; 409 when somebody does. */
async function alone<T>(rt: Runtime, source: string, work: () => Promise<T>): Promise<T> {
  const connection = await rt.db.reserve()
  try {
    if (!(await store.lockSource(connection as never, source)))
      throw conflict('source_busy', { source }, `A file of ${source} is being applied.`, 'Wait until it is settled.')
    return await work()
  } finally {
    await store.unlockSource(connection as never, source).catch(() => {})
    connection.release()
  }
}

/** A source of the playbook now in force. */
export async function sourceOf(rt: Runtime, id: string): Promise<Source> {
  const found = documentsOf<Source>(await activeRevision(rt), 'source').find((source) => source.id === id)
  if (found) return found
  throw notFound(
    'source_unknown',
    { source: id },
    `The playbook has no source ${id}.`,
    'Use the id of a mapping document.',
  )
}

/**
 * Gives the rows in quarantine again, through the mapping as it is now (and, for what was too late, another as-of
 * date): those that are fine are applied or duplicates, the others stay with their reason of today.
 * @param folder where joined files are; needed when the mapping joins some.
 */
export async function giveAgain(
  rt: Runtime,
  {
    feedId,
    asOf,
    folder,
    actor,
    progress = () => {},
  }: { feedId: number; asOf?: string; folder?: string; actor: Actor; progress?: FeedProgress },
): Promise<Outcome> {
  const feed = await feedOf(rt, feedId)
  if (feed.state !== 'applied')
    throw conflict(
      'feed_not_applied',
      { feedId, state: feed.state },
      'Only rows of an applied feed can be given again.',
      'Give the whole file again.',
    )
  const source = await sourceOf(rt, feed.source)
  const joined = new Map<string, string>()
  for (const [name, file] of Object.entries(source.with ?? {})) {
    if (!folder)
      throw invalid(
        'folder_needed',
        { source: source.id, joins: Object.keys(source.with ?? {}) },
        'The mapping joins other files.',
        'Give the folder they are in.',
      )
    joined.set(name, await fileOf(folder, file.file, source.id))
  }
  return alone(rt, source.id, async () => {
    const bank = bankOf(await activeRevision(rt))
    const again = { feed, source, bytes: 0, joined, asOf: asOf ?? feed.asOf, bank, control: NO_CONTROL }
    await applyFeed(rt, again, progress)
    await transaction(rt, (rt) =>
      record(rt, { actor, action: 'know.sources:rows_given_again', subject: String(feedId) }),
    )
    late.delete(rt.config)
    const [reasons, firsts] = await waitingRows(rt, feedId)
    return { feed: await feedOf(rt, feedId), givenBefore: false, triedAgain: true, reasons, firsts }
  })
}

export async function feedOf(rt: Runtime, feedId: number): Promise<Feed> {
  const feed = await store.findFeed(rt.db, feedId)
  if (feed) return feed
  throw notFound('feed_unknown', { feedId }, 'There is no such feed.', 'List the feeds.')
}

/** Whether each source of the playbook has come when it should, balanced, and up to which date it is known. */
export async function feedHealth(rt: Runtime): Promise<FeedHealth[]> {
  const revision = await activeRevision(rt)
  const bank = bankOf(revision)
  const latest = new Map((await store.findLatest(rt.db)).map((row) => [row.source, row]))
  const now = rt.clock.now()
  const [today, time] = [localDate(now, bank.zone), localTime(now, bank.zone)]
  return documentsOf<Source>(revision, 'source').map((source) => {
    const row = latest.get(source.id)
    const asOf = row?.appliedOn ?? null
    const dueAt = source.due?.at ?? null
    const expectedOn = source.due ? dueDate(today, time, source.due.at, bank.calendar) : null
    const state = healthOf(row, expectedOn)
    return { source: source.id, title: source.title, target: source.target, state, asOf, dueAt } as FeedHealth
  })
}

const late = new WeakMap<object, { at: number; sources: string[] }>()
const LATE_MS = 2_000

/** Sources that are late, unbalanced or refused now: what depends on them fails closed. Known within two seconds. */
export async function lateFeeds(rt: Runtime): Promise<readonly string[]> {
  const at = rt.clock.now().getTime()
  const known = late.get(rt.config)
  if (known && at - known.at < LATE_MS && at >= known.at) return known.sources
  const health = await feedHealth(rt)
  const sources = health.filter(({ state }) => state !== 'ok').map(({ source }) => source)
  late.set(rt.config, { at, sources })
  return sources
}

/** Which sources of a playbook deliver what its expressions read. */
export const dependenceIn = (documents: DocumentSet): Dependence =>
  dependenceOf(documentsOf<Source>({ documents }, 'source'), catalogueFor({ documents }))

/** The lake's copy of who stands how to which holding, replaced at once: no reader sees it empty. */
export async function refreshHoldings(rt: Runtime): Promise<void> {
  await store.replaceHoldingMap(rt.lake, await store.holdingMap(rt.db))
}

/**
 * The chain of end-of-day balances over every account, up to a date: the trial balance of an import. Rows without a
 * stated balance are not in it.
 */
export async function chainBalances(rt: Runtime, asOf: string): Promise<Chain> {
  const options = { memoryBytes: 1_500_000_000, timeoutMs: 3_600_000 }
  const rounding = roundingOf(exponentOf(bankOf(await activeRevision(rt)).currency))
  const [range] = await rt.lake.query<{ rows: number; first: number; last: number }>(chainRange, { asOf })
  const { rows, first, last } = range!
  if (rows === 0) return NO_CHAIN
  const step = Math.ceil((last - first + 1) / Math.ceil(rows / ROWS_PER_SLICE))
  let chain = NO_CHAIN
  for (let from = first; from <= last; from += step) {
    const slice = { asOf, from, to: from + step }
    const [totals] = await rt.lake.query<Omit<Chain, 'listed'>>(chainTotals(rounding), slice, options)
    const listed = totals!.beyond > 0 ? await rt.lake.query<ChainMiss>(chainMisses(rounding), slice, options) : []
    chain = together(chain, { ...totals!, listed })
  }
  return chain
}

export interface ImportFolder {
  /** A playbook's folder, activated first on a bank that has none; else the one in force is used. */
  playbookFolder?: string
  dataFolder: string
  /** Read the bank as of this date: later transactions are quarantined, and nothing later is visible. */
  asOf?: string
  actor: Actor
  progress?: (done: number, sentence: string) => void
  /** Leave the attributes for later. */
  withoutAttributes?: boolean
}

export interface Imported {
  revision: string
  /** The bank’s own, in whose decimals the report is written. */
  currency: string
  /** In how many documents the folder says something else than the playbook that runs, which was used. */
  folderDiffers: number
  asOf: string | null
  outcomes: Outcome[]
  held: { product: string; holdings: number }[]
  chain: Chain | null
  profiles: number | null
}

/** Takes a bank in from a folder: every source of the playbook in the order in which they build on each other. */
export async function importFolder(rt: Runtime, asked: ImportFolder): Promise<Imported> {
  const { dataFolder, actor, asOf } = asked
  const progress = asked.progress ?? (() => {})
  const revision: Revision = asked.playbookFolder
    ? await activateFolder(rt, asked.playbookFolder, actor)
    : await activeRevision(rt)
  const folderDiffers = asked.playbookFolder ? (await diffFolder(rt, asked.playbookFolder)).changes.length : 0
  const sources = importOrder(documentsOf<Source>(revision, 'source'))
  if (sources.length === 0)
    throw invalid(
      'no_sources',
      { playbook: asked.playbookFolder ?? null },
      'The playbook has no mapping documents.',
      'Add them in its folder sources/.',
    )
  const work: { source: Source; path: string }[] = []
  for (const source of sources) {
    const paths = await filesOf(dataFolder, source.file)
    if (paths.length === 0) {
      throw invalid(
        'file_missing',
        {
          source: source.id,
          folder: dataFolder,
          expected: source.file,
          found: (await readdir(dataFolder)).slice(0, 50),
        },
        `The source ${source.id} needs ${source.file} in ${dataFolder}; it is not there.`,
        'Put the file into the folder; nothing was imported.',
      )
    }
    for (const path of paths) work.push({ source, path })
  }
  const outcomes: Outcome[] = []
  for (const [at, { source, path }] of work.entries()) {
    const part = (done: number, sentence: string) =>
      progress((0.8 * (at + done)) / work.length, `${basename(path)}: ${sentence}`)
    outcomes.push(await giveFile(rt, { source, path, folder: dataFolder, asOf: asOf ?? null, actor, progress: part }))
  }
  progress(0.8, 'who holds what')
  await refreshHoldings(rt)
  if (asOf) await setHorizon(rt, asOf, actor)
  const known = sources.some((source) => source.target === 'transaction' && source.fields.balance_after_minor)
  if (known) progress(0.82, 'chaining balances')
  const chain = known ? await chainBalances(rt, asOf ?? '2299-12-31') : null
  let profiles: number | null = null
  if (!asked.withoutAttributes) {
    const computed = await computeAttributes(rt, {
      ...(asOf ? { asOf } : {}),
      revision,
      progress: (done, sentence) => progress(0.85 + 0.15 * done, sentence),
    })
    profiles = computed.customers
  }
  progress(1, 'imported')
  return {
    revision: revision.id,
    currency: bankOf(revision).currency,
    folderDiffers,
    asOf: asOf ?? null,
    outcomes,
    held: await store.heldByProduct(rt.db),
    chain,
    profiles,
  }
}
