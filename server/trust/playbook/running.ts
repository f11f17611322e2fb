import { fault, notFound } from '#platform/errors'
import { isInTransaction, type Runtime } from '#platform/runtime'
import { revisionHash } from './canonical.ts'
import { monotonicMs } from './events.ts'
import { NO_REVISION, type Revision, setOf } from './kind.ts'
import { readRevision, readState, revisionExists } from './store.ts'

/** What a server believes for at most this long without asking the database again. */
export const FRESH_MS = 1000
/** Revisions kept in memory: the running one, the next, and a few that decisions of the recent past name. */
const REVISIONS_KEPT = 8

interface Running {
  revision: Revision
  /** Monotonic milliseconds when the database was last asked; -Infinity before the first time. */
  askedMs: number
  asking: Promise<void> | undefined
  revisions: Map<string, Revision>
}

// One server process is one runtime, and all of that runtime's transactions share its configuration: the key of what
// it has in memory.
const servers = new WeakMap<object, Running>()

function runningOf(rt: Runtime): Running {
  let running = servers.get(rt.config)
  if (!running) {
    running = {
      revision: NO_REVISION,
      askedMs: Number.NEGATIVE_INFINITY,
      asking: undefined,
      revisions: new Map(),
    }
    servers.set(rt.config, running)
  }
  return running
}

/** Asks the database now which revision runs, and remembers it. */
export async function refresh(rt: Runtime): Promise<void> {
  // What a transaction sees may yet be rolled back: nobody else may come to believe it.
  if (isInTransaction(rt)) return
  const running = runningOf(rt)
  // Time is taken before the question: an answer that was long under way must not pass for a fresh one.
  const askedMs = monotonicMs()
  const revision = await askNow(rt, running.revision)
  // Answers can arrive out of order; the newest activation wins.
  if (revision.sequence >= running.revision.sequence) running.revision = revision
  running.askedMs = Math.max(running.askedMs, askedMs)
}

async function askNow(rt: Runtime, known: Revision): Promise<Revision> {
  const state = await readState(rt.db)
  if (state.sequence === known.sequence) return known
  const loaded = state.revision ? await revisionById(rt, state.revision) : NO_REVISION
  return { ...loaded, sequence: state.sequence }
}

/**
 * The revision that runs: read from memory, at most a second old. A bank without a playbook has the empty revision
 * with sequence 0. Throws what the database throws when it can't be asked: nothing is decided on an old playbook.
 */
export async function activeRevision(rt: Runtime): Promise<Revision> {
  const running = runningOf(rt)
  if (monotonicMs() - running.askedMs <= FRESH_MS) return running.revision
  if (isInTransaction(rt)) return askNow(rt, running.revision)
  running.asking ??= refresh(rt).finally(() => {
    running.asking = undefined
  })
  await running.asking
  return running.revision
}

/** The revision that runs, asked of the database now: for changing it. */
export const activeNow = (rt: Runtime): Promise<Revision> => askNow(rt, runningOf(rt).revision)

/** Any revision ever made, by its hash. The documents of one hash are the same objects while they stay in memory. */
export async function revisionById(rt: Runtime, hash: string): Promise<Revision> {
  const { revisions } = runningOf(rt)
  const known = revisions.get(hash)
  if (known) {
    revisions.delete(hash)
    revisions.set(hash, known)
    return known
  }
  const rows = await readRevision(rt.db, hash)
  if (rows.length === 0 && !(await revisionExists(rt.db, hash))) {
    throw notFound(
      'revision_not_found',
      { revision: hash },
      `There is no playbook revision ${hash}.`,
      'Look at the history for the revisions that there are.',
    )
  }
  const revision: Revision = { id: hash, documents: setOf(rows.map((row) => row.body)), sequence: 0 }
  // What runs has the hash that was approved, even after somebody reached into the tables.
  const found = revisionHash(revision.documents)
  if (found !== hash) {
    throw fault(
      'playbook_revision_damaged',
      { revision: hash, found },
      `The documents of revision ${hash} are not the ones that were approved.`,
      'Restore the tables trust.document and trust.revision_document from a backup.',
    )
  }
  revisions.set(hash, revision)
  if (revisions.size > REVISIONS_KEPT) revisions.delete(revisions.keys().next().value!)
  return revision
}

const memos = new WeakMap<object, Map<string, unknown>>()

/**
 * What a module makes of a revision (an index, a set of programs), made once and kept as long as the revision's
 * documents are. `key` names the module and the thing: 'decide/policies:index'. When `build` throws nothing is kept.
 */
export function compiled<T>(revision: Pick<Revision, 'documents'>, key: string, build: () => T): T {
  let memo = memos.get(revision.documents)
  if (!memo) {
    memo = new Map()
    memos.set(revision.documents, memo)
  }
  if (!memo.has(key)) memo.set(key, build())
  return memo.get(key) as T
}
