import { publish } from '#platform/outbox'
import type { Runtime } from '#platform/runtime'

/** Milliseconds of a clock that is never set back, for how old something in memory is. */
export const monotonicMs = (): number => performance.now()

export const pauseMs = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs))

/** Longest stretch of work between two moments in which others are served. */
const TURN_MS = 10

/** Finishes steps of work, letting others have their turn between them. */
export async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  let since = monotonicMs()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (monotonicMs() - since < TURN_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    since = monotonicMs()
  }
}

// Which runtimes are servers that said so.
const servers = new WeakMap<object, string>()

/** The id under which this process follows the playbook, or undefined when it doesn't. */
export const serverOf = (rt: Runtime): string | undefined => servers.get(rt.config)

export const nameServer = (rt: Runtime, serverId: string): void => void servers.set(rt.config, serverId)

export const unnameServer = (rt: Runtime): void => void servers.delete(rt.config)

/** Says that a revision runs from now on, in the transaction that makes it run. */
export const tellActivated = (
  rt: Runtime,
  activated: { sequence: number; revision: string; draftId: string; activatedBy: string },
): Promise<number> => publish(rt, { type: 'trust.playbook_activated', payload: activated })
