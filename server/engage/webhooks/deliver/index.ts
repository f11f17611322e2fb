import { setTimeout as sleep } from 'node:timers/promises'
import type { Runtime } from '#platform/runtime'
import { deliverDue } from '../index.ts'

const IDLE_MS = 500

export interface Deliverer {
  /** Ends after the requests under way. */
  stop(): Promise<void>
}

/** Delivers what is due until stopped; any number of servers may. */
export function startDeliverer(rt: Runtime): Deliverer {
  const stopping = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
  const run = (async () => {
    while (!stopping.signal.aborted) {
      try {
        if ((await deliverDue(rt)) === 0) await pause(IDLE_MS)
      } catch (error) {
        rt.log.warn({ error }, 'webhooks could not be delivered: trying again')
        await pause(2_000)
      }
    }
  })()
  return {
    stop() {
      stopping.abort()
      return run
    },
  }
}
