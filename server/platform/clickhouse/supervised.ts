import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unavailable } from '#platform/errors'
import { ended, enter, type Identity, isAlive, residents, signal, withLock } from '#platform/supervision'
import type { ChildOptions } from './child.ts'

export interface SupervisedOptions {
  readonly dataDir: string
  readonly queryMemoryBytes: number
  readonly queryTimeoutMs: number
  readonly queriesAtOnce: number
  readonly say: (facts: Record<string, unknown>, message: string) => void
}

/** Where the child answers. */
export interface Address {
  readonly identity: Identity
  readonly port: number
}

export interface Supervised {
  readonly key: string
  /** The running child; starts it again when it has died. */
  ensure(): Promise<Address>
  /** The process id of the child while it runs. */
  pid(): number | undefined
  /** How often a child was started in this data directory, by whichever process. */
  starts(): number
  close(): Promise<void>
}

const START_TIMEOUT_MS = 30_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function readAddress(file: string): Address | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Address
  } catch {
    return undefined
  }
}

const startsIn = (file: string): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0)

const placeIn = (dataDir: string) => ({
  dataDir,
  keyFile: join(dataDir, 'clickhouse.key'),
  logFile: join(dataDir, 'clickhouse.log'),
  addressFile: join(dataDir, 'clickhouse.address'),
  residentsFolder: join(dataDir, 'clickhouse.residents'),
  lockFile: join(dataDir, 'clickhouse.lock'),
  startsFile: join(dataDir, 'clickhouse.starts'),
})

async function stop(addressFile: string): Promise<void> {
  const address = readAddress(addressFile)
  if (!address) return
  signal(address.identity, 'SIGTERM')
  if (await ended(address.identity, 8_000)) return
  signal(address.identity, 'SIGKILL')
  await ended(address.identity, 2_000)
}

/** How much less than others the child gets of a processor that both want (nice: −20..19). */
const NICENESS = 19

// A count over everybody takes every core it finds. Decisions and sign-ins on the same machine must not wait for it, so
// it gives way; on an idle machine it is as fast as before. Its threads inherit this, as none has been made yet.
function giveWay(pid: number | undefined): void {
  try {
    if (pid === undefined) return
    setPriority(pid, NICENESS)
    // Where Linux shares the processor out by session, a process's own niceness counts within its session only.
    writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS))
  } catch {
    // It ended already, or the system has no priorities.
  }
}

/** Ends the child of a data directory whose servers were all killed. Returns false when a live one still uses it. */
export async function endAbandoned(dataDir: string): Promise<boolean> {
  const place = placeIn(realpathSync(dataDir))
  return withLock(place.lockFile, START_TIMEOUT_MS, async () => {
    if (residents(place.residentsFolder) > 0) return false
    await stop(place.addressFile)
    return true
  })
}

/** Keeps the child of a data directory running until that process has ended or the stay is left. */
export const keepFor = (dataDir: string, identity: Identity): { leave(): void } =>
  enter(placeIn(dataDir).residentsFolder, identity)

/**
 * Opens the ClickHouse of a data directory: starts the child when none runs, joins the one another process started.
 * It is started again by any of them as soon as it dies.
 */
export async function supervise(options: SupervisedOptions): Promise<Supervised> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const { dataDir, keyFile, logFile, addressFile, residentsFolder, lockFile, startsFile } = placeIn(
    realpathSync(options.dataDir),
  )
  const locked = <T>(work: () => Promise<T>) => withLock(lockFile, START_TIMEOUT_MS * 2, work)
  const alive = (): Address | undefined => {
    const address = readAddress(addressFile)
    return address && isAlive(address.identity) ? address : undefined
  }

  async function start(): Promise<Address> {
    const running = alive()
    if (running) return running
    const began = performance.now()
    if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
    const told: ChildOptions = {
      folder: join(dataDir, 'clickhouse'),
      keyFile,
      addressFile,
      residentsFolder,
      spoolFolder: join(dataDir, 'clickhouse.spool'),
      port: readAddress(addressFile)?.port ?? 0,
      queryMemoryBytes: options.queryMemoryBytes,
      queryTimeoutMs: options.queryTimeoutMs,
      queriesAtOnce: options.queriesAtOnce,
    }
    rmSync(addressFile, { force: true })
    const until = performance.now() + START_TIMEOUT_MS
    let gone: string | undefined
    do {
      const log = openSync(logFile, 'a', 0o600)
      const child = spawn(
        process.execPath,
        ['--max-old-space-size=2048', fileURLToPath(new URL('./child.ts', import.meta.url)), JSON.stringify(told)],
        {
          cwd: dataDir,
          detached: true,
          stdio: ['ignore', log, log],
          // One thread for each query that may run, and some for the files and the killing.
          env: { PATH: process.env.PATH ?? '', TZ: 'UTC', UV_THREADPOOL_SIZE: String(options.queriesAtOnce + 8) },
        },
      )
      closeSync(log)
      child.unref()
      giveWay(child.pid)
      gone = undefined
      child.once('exit', (code, by) => {
        gone = `it ended with ${by ?? `status ${code}`}`
      })
      child.once('error', (error) => {
        gone = error.message
      })
      while (gone === undefined && performance.now() < until) {
        const address = alive()
        if (address) {
          writeFileSync(startsFile, String(startsIn(startsFile) + 1))
          options.say({ ms: Math.round(performance.now() - began), port: address.port }, 'ClickHouse started')
          return address
        }
        await pause(5)
      }
      // After kill -9 the folder's own lock can be held for a moment longer.
      await pause(200)
    } while (performance.now() < until)
    throw unavailable(
      'clickhouse_not_started',
      { folder: told.folder, reason: gone ?? `no answer after ${START_TIMEOUT_MS} ms`, said: tail(logFile) },
      `ClickHouse did not start in ${told.folder}: ${gone ?? 'it does not answer'}.`,
      `See ${logFile}.`,
    )
  }

  const stay = enter(residentsFolder)
  try {
    await locked(start)
  } catch (error) {
    stay.leave()
    throw error
  }
  let closing = false
  let mending: Promise<Address> | undefined
  const ensure = (): Promise<Address> => {
    const running = alive()
    if (running) return Promise.resolve(running)
    if (closing) return Promise.reject(unavailable('clickhouse_closed', {}, 'ClickHouse is being closed.'))
    mending ??= locked(start).finally(() => {
      mending = undefined
    })
    return mending
  }
  const watch = setInterval(() => {
    ensure().catch((error) => options.say({ error: String(error) }, 'ClickHouse could not be started again'))
  }, 200)
  watch.unref()
  return {
    key: readFileSync(keyFile, 'utf8').trim(),
    ensure,
    pid: () => {
      const running = alive()
      return running && Number.parseInt(running.identity, 10)
    },
    starts: () => startsIn(startsFile),
    close: async () => {
      if (closing) return
      closing = true
      clearInterval(watch)
      await mending?.catch(() => {})
      await locked(async () => {
        stay.leave()
        if (residents(residentsFolder) === 0) await stop(addressFile)
      })
    },
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-800)
  } catch {
    return ''
  }
}
