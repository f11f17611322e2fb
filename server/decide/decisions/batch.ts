/** A question waiting for its turn, with whom it concerns: two questions of one customer never share a batch. */
interface Waiting<A, R> {
  readonly customerId: number
  readonly ask: A
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** What became of one question of a batch. */
export type Settled<R> = { ok: true; value: R } | { ok: false; error: unknown }

export interface Batcher<A, R> {
  ask(customerId: number, ask: A): Promise<R>
}

/** When a batch goes. */
export interface BatchLimits {
  readonly asksMax: number
  readonly batchesMax: number
  /** While others are under way, a batch goes when it has so many questions, or its first has waited so long. */
  readonly gatheredMin: number
  readonly gatherMs: number
}

/** The clock of a batcher. */
export interface Turns {
  /** Calls back once the current turn of the event loop is over. */
  soon(work: () => void): void
  after(ms: number, work: () => void): void
}

/**
 * Answers questions that arrive together with one read and one commit. While batches are under way, questions gather;
 * nobody waits for company when the stores are idle. A second question of a customer waits for the first one's batch,
 * so that it sees what the first claimed.
 * @param run answers a batch, in order; when it throws, each of its questions is asked again by itself.
 */
export function batcher<A, R>(
  run: (asks: readonly A[]) => Promise<Settled<R>[]>,
  turns: Turns,
  limits: BatchLimits,
): Batcher<A, R> {
  let queue: Waiting<A, R>[] = []
  const busy = new Set<number>()
  let batches = 0
  let isGathering = false

  /** Whether the questions that wait had better wait for more: small batches cost the stores what large ones do. */
  const gathers = (): boolean => {
    if (batches === 0 || queue.length >= limits.gatheredMin) return false
    if (!isGathering) {
      isGathering = true
      turns.after(limits.gatherMs, () => {
        isGathering = false
        start(true)
      })
    }
    return true
  }

  const start = (waitedEnough = false): void => {
    while (batches < limits.batchesMax && queue.length > 0) {
      if (!waitedEnough && gathers()) return
      const batch: Waiting<A, R>[] = []
      const later: Waiting<A, R>[] = []
      for (const waiting of queue) {
        if (batch.length < limits.asksMax && !busy.has(waiting.customerId)) {
          busy.add(waiting.customerId)
          batch.push(waiting)
        } else later.push(waiting)
      }
      queue = later
      if (batch.length === 0) return
      batches++
      void work(batch).finally(() => {
        batches--
        for (const { customerId } of batch) busy.delete(customerId)
        start()
      })
    }
  }

  const work = async (batch: readonly Waiting<A, R>[]): Promise<void> => {
    let results: Settled<R>[]
    try {
      results = await run(batch.map((waiting) => waiting.ask))
    } catch (error) {
      if (batch.length === 1) {
        batch[0]!.reject(error)
        return
      }
      for (const waiting of batch) await work([waiting])
      return
    }
    for (const [place, waiting] of batch.entries()) {
      const result = results[place]!
      if (result.ok) waiting.resolve(result.value)
      else waiting.reject(result.error)
    }
  }

  return {
    ask: (customerId, ask) =>
      new Promise((resolve, reject) => {
        queue.push({ customerId, ask, resolve, reject })
        // Questions that came with the same turn of the event loop go together.
        if (queue.length === 1 || queue.length === limits.gatheredMin) turns.soon(() => start())
      }),
  }
}
