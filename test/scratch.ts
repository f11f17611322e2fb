import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SPACE_NEEDED_BYTES = 3 * 1024 ** 3

/** Where tests put stores: in memory where there is room, since nothing of them outlives the run. */
export function scratchBase(): string {
  const inMemory = '/dev/shm'
  if (!existsSync(inMemory)) return tmpdir()
  const space = statfsSync(inMemory)
  return space.bavail * space.bsize > SPACE_NEEDED_BYTES ? inMemory : tmpdir()
}

/** An empty folder, and how to remove it. */
export function scratchFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(scratchBase(), `clientele-${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A port of loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Tries until it does not throw and gives something true, or fails with the last error after timeoutMs. */
export async function eventually<T>(what: () => T | Promise<T>, timeoutMs = 30_000): Promise<T> {
  const until = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const found = await what()
      if (found) return found
      last = new Error(`still ${String(found)} after ${timeoutMs} ms`)
    } catch (error) {
      last = error
    }
    if (performance.now() > until) throw last
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
