import { setTimeout as sleep } from 'node:timers/promises'
import { conflict, notFound } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Schedule, slotOf } from './schedule.ts'
import * as store from './store.ts'

export { type Schedule, slotOf } from './schedule.ts'
export type { JobRow, JobState } from './store.ts'

/** What a running job is given beside its payload. */
export interface JobContext {
  /** Fires when the job is cancelled, the lease has been lost or the server is closing: stop at the next safe place. */
  readonly signal: AbortSignal
  /** Records how far the work is; what is recorded last is given to the next attempt as `resumeFrom`. */
  progress(progress: unknown): Promise<void>
  /** What the attempt before this one recorded last; null at the first. */
  readonly resumeFrom: unknown
}

/** A kind of work. Its handler may run again from the start after a crash: each step must bear being repeated. */
export interface Job {
  readonly name: string
  readonly schedule?: Schedule
  /** Attempts before the job fails for good; 5 unless given. A stop for a closing server is not an attempt. */
  readonly attemptsMax?: number
  readonly handle: (rt: Runtime, payload: never, context: JobContext) => Promise<unknown>
}

const LEASE_MS = 30_000
const IDLE_MS = 250
const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 300_000

/**
 * Asks for work. `key` says what the work is: while a job of the same name and key is not over, asking again returns
 * that one's id. In a transaction the job exists only if it commits.
 */
export const enqueue = (
  rt: Runtime,
  name: string,
  payload: unknown,
  { key, delayMs = 0, attemptsMax = 5 }: { key?: string; delayMs?: number; attemptsMax?: number } = {},
): Promise<string> => {
  const jobId = rt.ids.next()
  return store.add(rt.db, { jobId, name, key: key ?? jobId, payload: payload ?? null, delayMs, attemptsMax })
}

export async function findJob(rt: Runtime, jobId: string): Promise<store.JobRow> {
  const found = await store.find(rt.db, jobId)
  if (!found)
    throw notFound(
      'no_such_job',
      { jobId },
      'There is no such job.',
      'It may have been forgotten 30 days after its end.',
    )
  return found
}

/** How many jobs there are of each name and state. */
export const countJobs = (rt: Runtime) => store.countByState(rt.db)

/** The latest jobs first. */
export const listJobs = (rt: Runtime, limit = 100): Promise<store.JobRow[]> => store.list(rt.db, limit)

/** Cancels a job that waits, or asks a running one to stop at its next safe place. */
export async function cancelJob(rt: Runtime, jobId: string): Promise<void> {
  if (await store.askCancel(rt.db, jobId)) return
  const { state } = await findJob(rt, jobId)
  throw conflict('job_is_over', { jobId, state }, `The job is ${state} already.`)
}

/** Forgets jobs that ended more than 30 days ago; returns how many. */
export const forgetJobs = (rt: Runtime): Promise<number> => store.forget(rt.db, 30)

const pauseMsOf = (attempts: number): number => Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (attempts - 1))

/** Runs one claimed job to its end, renewing its lease meanwhile. */
async function run(
  rt: Runtime,
  job: Job,
  claimed: store.Claimed,
  closing: AbortSignal,
  leaseMs = LEASE_MS,
): Promise<void> {
  // Claimed in the moment in which the server began to close: its handler would never hear of it.
  if (closing.aborted) {
    await store.putBack(rt.db, claimed, 0, null, false)
    return
  }
  const stop = new AbortController()
  let reason: 'cancelled' | 'lost' | 'closing' | undefined
  const end = (why: NonNullable<typeof reason>): void => {
    reason ??= why
    stop.abort()
  }
  const onClosing = (): void => end('closing')
  closing.addEventListener('abort', onClosing, { once: true })
  const look = async (): Promise<void> => {
    const found = await store.renew(rt.db, claimed, leaseMs).catch(() => ({ cancelAsked: false }))
    if (!found) end('lost')
    else if (found.cancelAsked) end('cancelled')
  }
  const beats = setInterval(() => void look(), Math.min(2_000, leaseMs / 4))
  const context: JobContext = {
    signal: stop.signal,
    resumeFrom: claimed.progress,
    async progress(progress) {
      if (!(await store.saveProgress(rt.db, claimed, progress))) end('lost')
    },
  }
  try {
    // More attempts than allowed means that whoever runs this job dies with it.
    if (claimed.attempts > claimed.attemptsMax)
      throw new Error(`given up after ${claimed.attemptsMax} attempts that ended with their server`)
    const result = await job.handle(rt, claimed.payload as never, context)
    await store.end(rt.db, claimed, 'done', { result })
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    if (reason === 'cancelled') await store.end(rt.db, claimed, 'cancelled', { error: said })
    else if (reason === 'closing') await store.putBack(rt.db, claimed, 0, null, false)
    else if (reason !== 'lost') {
      rt.log.warn({ job: job.name, jobId: claimed.jobId, attempts: claimed.attempts, error }, 'a job failed')
      if (claimed.attempts >= claimed.attemptsMax) await store.end(rt.db, claimed, 'failed', { error: said })
      else await store.putBack(rt.db, claimed, pauseMsOf(claimed.attempts), said, true)
    }
  } finally {
    clearInterval(beats)
    closing.removeEventListener('abort', onClosing)
  }
}

export interface Workers {
  /** Asks running jobs to stop at their next safe place, puts them back for the next server, and returns then. */
  stop(): Promise<void>
}

/** Turns schedules whose slot has begun into jobs; each slot becomes one job however many servers do this. */
export async function enqueueDue(rt: Runtime, jobs: readonly Job[], zone: string): Promise<void> {
  for (const { name, schedule } of jobs) {
    if (!schedule) continue
    const slot = slotOf(schedule, rt.clock.now(), zone)
    if (slot !== undefined && (await store.takeSlot(rt.db, name, slot)))
      await enqueue(rt, name, { slot }, { key: slot })
  }
}

/**
 * Runs jobs until stopped, `atOnce` at the same time on this server. `zone`: the bank's, for daily schedules; while it
 * is undefined (a bank without a playbook) no schedule begins.
 */
export function startWorkers(
  rt: Runtime,
  jobs: readonly Job[],
  { atOnce = 2, zone = async (): Promise<string | undefined> => 'UTC', idleMs = IDLE_MS, leaseMs = LEASE_MS } = {},
): Workers {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const names = [...byName.keys()]
  const closing = new AbortController()
  const pause = (durationMs: number): Promise<void> =>
    sleep(durationMs, undefined, { signal: closing.signal }).catch(() => {})
  const worker = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const claimed = await store.claim(rt.db, names, leaseMs)
        if (claimed) await run(rt, byName.get(claimed.name)!, claimed, closing.signal, leaseMs)
        else await pause(idleMs)
      } catch (error) {
        if (closing.signal.aborted) return
        rt.log.warn({ error }, 'a worker could not reach the store: trying again')
        await pause(1000)
      }
    }
  }
  const scheduler = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const found = await zone()
        if (found !== undefined) await enqueueDue(rt, jobs, found)
      } catch (error) {
        rt.log.warn({ error }, 'schedules could not be looked at: trying again')
      }
      await pause(5_000)
    }
  }
  const all = Promise.all([...Array.from({ length: atOnce }, worker), scheduler()])
  return {
    async stop() {
      closing.abort()
      await all
    },
  }
}

/** Runs every job that is due now, and those that they ask for, and returns when none is left: for tests and commands. */
export async function runDue(rt: Runtime, jobs: readonly Job[]): Promise<number> {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const open = new AbortController().signal
  for (let count = 0; ; count++) {
    const claimed = await store.claim(rt.db, [...byName.keys()], LEASE_MS)
    if (!claimed) return count
    await run(rt, byName.get(claimed.name)!, claimed, open)
  }
}
