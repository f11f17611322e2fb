import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { giveFile, refreshHoldings, sourceOf } from '#know/sources'
import { Problem } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { systemActor } from '#trust/access'

/** What the demo bank's core sends in the course of the day, in the order in which it is taken in. */
const SOURCES = ['holdings', 'roles']
const TRIES = 20
const BETWEEN_TRIES_MS = 3000

/** Takes the folders of files that the demo bank's core made, one after the other, as a bank's file transfer would. */
export interface DemoPost {
  /** Of a folder within the post's own, by its name. */
  take(name: string): void
  /** Takes in what was told of and can be taken in at once; resolves when that is done. */
  close(): Promise<void>
}

export function demoPost(rt: Runtime, folder: string): DemoPost {
  const actor = systemActor('demo bank')
  let under: Promise<void> = Promise.resolve()
  let ending = false
  const give = async (at: string, id: string): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        await giveFile(rt, { source: await sourceOf(rt, id), path: join(at, `${id}.csv`), folder: at, actor })
        return
      } catch (error) {
        // The older months may be coming in at this moment.
        if (!(error instanceof Problem && error.code === 'source_busy') || tries === TRIES || ending) throw error
        await sleep(BETWEEN_TRIES_MS)
      }
    }
  }
  const deliver = async (name: string): Promise<void> => {
    const at = join(folder, name)
    for (const id of SOURCES) await give(at, id)
    await refreshHoldings(rt)
    rmSync(at, { recursive: true, force: true })
  }
  return {
    take(name) {
      if (!/^[a-z]+-\d+$/.test(name)) return
      under = under
        .then(() => deliver(name))
        .catch((error: unknown) => {
          rt.log.error({ error: String(error), delivery: name }, 'a delivery of the demo bank’s core was not taken in')
        })
    },
    close() {
      ending = true
      return under
    },
  }
}
