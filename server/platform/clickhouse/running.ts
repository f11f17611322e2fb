import { type Engine, literal } from './engine.ts'

/** A query that runs or waits for its turn. */
export interface Running {
  readonly id: string
  /** A comment put into the statement, by which the engine's list of processes is searched. */
  readonly mark: string
  cancelled: boolean
  /** Resolves when the engine has let go of it. */
  readonly done: Promise<void>
}

/** How often a stubborn query is asked again, and how long until the process that holds it is ended instead. */
const ASK_AGAIN_MS = 1_000
const STUBBORN_MS = 5_000

export interface Turns {
  /** Runs `work` when fewer than the maximum run; throws a cancelled error when it was cancelled before its turn. */
  run<T>(id: string, work: (running: Running) => Promise<T>): Promise<T>
  cancel(id: string): Promise<boolean>
  count(): number
}

export const cancelledError = (): Error =>
  new Error('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)')

/**
 * Limits how many queries run at once, and stops those that are cancelled. `giveUp` is called when a query does not
 * stop although it was asked: the engine cannot be interrupted from outside, so its process has to end.
 */
export function turns(engine: Engine, atOnceMax: number, waitingMax: number, giveUp: (id: string) => void): Turns {
  const known = new Map<string, Running>()
  const waiting: (() => void)[] = []
  let running = 0
  let marks = 0

  async function turn(): Promise<void> {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax)
        throw new Error(
          `Code: 202. DB::Exception: Too many simultaneous queries: ${running} run and ${waiting.length} wait. (TOO_MANY_SIMULTANEOUS_QUERIES)`,
        )
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else running--
  }

  async function kill(mark: string): Promise<void> {
    const lane = await engine.lane(new Map(), 'default')
    try {
      await lane.run(`KILL QUERY WHERE position(query, ${literal(mark)}) > 0 AND query NOT ILIKE 'KILL%' ASYNC`, 'Null')
    } finally {
      engine.release(lane, true)
    }
  }

  return {
    count: () => known.size,
    run: async (id, work) => {
      if (known.has(id))
        throw new Error(
          `Code: 216. DB::Exception: Query with id = ${id} is already running. (QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING)`,
        )
      let finished = (): void => {}
      const entry: Running = {
        id,
        mark: `/*${process.pid}.${++marks}*/`,
        cancelled: false,
        done: new Promise((resolve) => {
          finished = resolve
        }),
      }
      known.set(id, entry)
      try {
        await turn()
        try {
          if (entry.cancelled) throw cancelledError()
          return await work(entry)
        } finally {
          leave()
        }
      } finally {
        known.delete(id)
        finished()
      }
    },
    cancel: async (id) => {
      const entry = known.get(id)
      if (!entry) return false
      if (entry.cancelled) return true
      entry.cancelled = true
      let stopped = false
      void entry.done.then(() => {
        stopped = true
      })
      const ask = async (): Promise<void> => {
        if (!stopped) await kill(entry.mark).catch(() => {})
      }
      await ask()
      const again = setInterval(ask, ASK_AGAIN_MS)
      const end = setTimeout(() => {
        if (!stopped) giveUp(id)
      }, STUBBORN_MS)
      void entry.done.then(() => {
        clearInterval(again)
        clearTimeout(end)
      })
      return true
    },
  }
}
