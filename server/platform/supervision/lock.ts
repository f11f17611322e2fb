import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { unavailable } from '#platform/errors'
import { isAlive, ownIdentity } from './identity.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
let attempts = 0

function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').split(' ')[0]
  } catch {
    return undefined
  }
}

/**
 * Takes the lock when it is free or its holder is dead; false when a live process holds it. The file appears by
 * link(2), whole or not at all, so that nobody reads a lock whose holder is not yet written.
 */
export function tryLock(path: string): boolean {
  const mine = `${path}.${process.pid}.${++attempts}`
  writeFileSync(mine, `${ownIdentity()} ${attempts}`)
  try {
    const holder = holderOf(path)
    if (holder !== undefined && !isAlive(holder)) {
      // Two may see the same dead holder. Moving the file away is done by one; the other's rename takes a lock that
      // is alive, and puts it back.
      const moved = `${mine}.dead`
      try {
        renameSync(path, moved)
        const found = holderOf(moved)
        if (found !== undefined && isAlive(found)) linkSync(moved, path)
        rmSync(moved, { force: true })
      } catch {
        // somebody was faster
      }
    }
    linkSync(mine, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

export const unlock = (path: string): void => rmSync(path, { force: true })

/**
 * Runs `work` while holding the lock file, waiting for a live holder at most timeoutMs. Not re-entrant: a process
 * that holds the lock waits for itself.
 */
export async function withLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const until = performance.now() + timeoutMs
  while (!tryLock(path)) {
    if (performance.now() > until)
      throw unavailable(
        'data_directory_busy',
        { lock: path, holder: holderOf(path) ?? 'gone', waitedMs: timeoutMs },
        `Another process has held ${path} for more than ${timeoutMs} ms.`,
        'Wait until it has started or stopped its stores, or end the process that the file names.',
      )
    await pause(15)
  }
  try {
    return await work()
  } finally {
    unlock(path)
  }
}
