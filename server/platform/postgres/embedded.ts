import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unavailable } from '#platform/errors'
import { ended, enter, type Identity, identityOf, residents, signal, withLock } from '#platform/supervision'
import { type Binaries, binariesFor } from './binaries.ts'
import { type RunAs, runAs } from './run-as.ts'
import type { Connection } from './types.ts'

/** The folder of PostgreSQL inside a data directory, and what lies beside it. */
interface Place {
  readonly pgData: string
  readonly keyFile: string
  readonly lockFile: string
  readonly residentsFolder: string
  readonly logFile: string
}

const placeIn = (dataDir: string): Place => ({
  pgData: join(dataDir, 'postgres'),
  keyFile: join(dataDir, 'postgres.key'),
  lockFile: join(dataDir, 'postgres.lock'),
  residentsFolder: join(dataDir, 'postgres.residents'),
  logFile: join(dataDir, 'postgres.log'),
})

const PORT = 5432
/** Length of sun_path on Linux without its closing zero. */
const SOCKET_PATH_BYTES_MAX = 107
const START_TIMEOUT_MS = 30_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly sharedBuffersBytes: number
  /** A loopback port to answer on besides the socket, for tools such as psql; 0 for none. */
  readonly port: number
  /** Told about starts, restarts and stops. */
  readonly say: (facts: Record<string, unknown>, message: string) => void
}

export interface Embedded {
  readonly connection: Connection
  /** Starts PostgreSQL again when it has died. Resolves at once when it runs. */
  ensure(): Promise<void>
  pid(): number | undefined
  close(): Promise<void>
}

/** The postmaster that serves exactly this folder, if one runs. The file may name a recycled id, so its work place is compared. */
function postmaster(pgData: string): Identity | undefined {
  let pid: number
  try {
    pid = Number.parseInt(readFileSync(join(pgData, 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return undefined
  }
  const identity = identityOf(pid)
  if (!identity || process.platform !== 'linux') return identity
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgData) ? identity : undefined
  } catch {
    return undefined
  }
}

/**
 * Ends the processes of a database whose postmaster was killed. As a rule they notice by themselves; one that waits for
 * a lock or for input from a process that is gone does not, and would hold up the next start for as long.
 */
async function endOrphans(pgData: string): Promise<void> {
  if (process.platform !== 'linux') return
  const folder = realpathSync(pgData)
  const orphans = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && worksIn(name) === folder)
    .map((name) => identityOf(Number(name)))
    .filter((identity) => identity !== undefined)
  for (const orphan of orphans) signal(orphan, 'SIGKILL')
  await Promise.all(orphans.map((orphan) => ended(orphan, 2_000)))
}

/**
 * Removes the file of a crashed postmaster when its process id has been given to somebody else: PostgreSQL would take
 * that one for itself. Otherwise the file stays, since by it the next postmaster finds and frees the shared memory.
 */
function forgetRecycled(pgData: string): void {
  const file = join(pgData, 'postmaster.pid')
  try {
    if (identityOf(Number.parseInt(readFileSync(file, 'utf8'), 10))) rmSync(file)
  } catch {
    // There is none.
  }
}

/** The folder a process of PostgreSQL works in; undefined for other processes, and for ours. */
function worksIn(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
      ? readlinkSync(`/proc/${pid}/cwd`)
      : undefined
  } catch {
    return undefined
  }
}

function isReady(pgData: string): boolean {
  try {
    // The last line is PostgreSQL's own word on whether it takes connections.
    return /^ready\s*$/m.test(readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')[7] ?? '')
  } catch {
    return false
  }
}

const SETTINGS = (options: EmbeddedOptions): Record<string, string | number> => ({
  listen_addresses: options.port === 0 ? '' : '127.0.0.1',
  unix_socket_directories: '.',
  port: options.port || PORT,
  max_connections: 120,
  shared_buffers: `${Math.round(options.sharedBuffersBytes / 1024)}kB`,
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '2GB',
  wal_buffers: '16MB',
  min_wal_size: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: 0.9,
  // A page's compression costs more of two cores than its bytes cost of the disk.
  wal_compression: 'off',
  // Commits that arrive together share one flush of the log; alone, a commit does not wait.
  commit_delay: 200,
  commit_siblings: 4,
  random_page_cost: 1.1,
  max_worker_processes: 8,
  max_parallel_workers: 2,
  max_parallel_workers_per_gather: 1,
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  autovacuum_naptime: '15s',
  autovacuum_vacuum_cost_limit: 1000,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m ',
  // Statements may hold personal data; the log keeps the error, not the statement.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: 0,
})

/** `cwd` is the data folder, entered before the account is changed: it may lie where that account cannot walk to. */
const workPlace = (pgData: string) => (process.platform === 'linux' ? '/proc/self/cwd' : pgData)
const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

function create(place: Place, binaries: Binaries, as: RunAs): void {
  mkdirSync(place.pgData, { recursive: true, mode: 0o700 })
  chmodSync(place.pgData, 0o700)
  if (as.ids.uid !== undefined) chownSync(place.pgData, as.ids.uid, as.ids.gid!)
  const passwordFile = `${place.keyFile}.once`
  writeFileSync(passwordFile, `${readFileSync(place.keyFile, 'utf8').trim()}\n`, { mode: 0o600 })
  if (as.ids.uid !== undefined) chownSync(passwordFile, as.ids.uid, as.ids.gid!)
  const password = openSync(passwordFile, 'r')
  try {
    const made = spawnSync(
      binaries.initdb,
      [
        '-D',
        workPlace(place.pgData),
        '-U',
        'clientele',
        '-E',
        'UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--data-checksums',
        '--auth=scram-sha-256',
        '--pwfile=/dev/fd/3',
      ],
      {
        ...as.ids,
        cwd: place.pgData,
        env: cleanEnvironment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe', password],
      },
    )
    if (made.status !== 0) {
      // Half a database is of no use to anybody, and the next start must not take it for a whole one.
      rmSync(place.pgData, { recursive: true, force: true })
      throw unavailable(
        'postgres_not_created',
        {
          folder: place.pgData,
          account: as.name,
          exit: made.status,
          said: (made.stderr || String(made.error)).slice(-800),
        },
        `PostgreSQL could not create its files in ${place.pgData}.`,
        'See what it said; check free space and the rights of the folder.',
      )
    }
  } finally {
    closeSync(password)
    rmSync(passwordFile, { force: true })
  }
}

function launch(place: Place, binaries: Binaries, as: RunAs, options: EmbeddedOptions): Promise<string | undefined> {
  const log = openSync(place.logFile, 'a', 0o600)
  const settings = Object.entries(SETTINGS(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Its own session: Ctrl-C is for the server, which still has to finish its requests on this database.
  const child = spawn(binaries.postgres, ['-D', workPlace(place.pgData), ...settings], {
    ...as.ids,
    cwd: place.pgData,
    env: cleanEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  return new Promise((resolve, reject) => {
    const until = performance.now() + START_TIMEOUT_MS
    let gone: string | undefined
    child.once('error', reject)
    child.once('exit', (code, by) => {
      gone = `it ended with ${by ?? `status ${code}`}`
    })
    const look = (): void => {
      if (gone !== undefined) resolve(gone)
      else if (isReady(place.pgData) && postmaster(place.pgData)) resolve(undefined)
      else if (performance.now() > until) resolve(`it was not ready after ${START_TIMEOUT_MS} ms`)
      else setTimeout(look, 8)
    }
    look()
  })
}

function lastWords(place: Place): string {
  try {
    return readFileSync(place.logFile, 'utf8').slice(-1200)
  } catch {
    return ''
  }
}

async function startIn(place: Place, options: EmbeddedOptions): Promise<void> {
  if (postmaster(place.pgData) && isReady(place.pgData)) return
  const began = performance.now()
  const as = runAs(place.pgData)
  const binaries = binariesFor(as)
  if (!existsSync(place.keyFile))
    writeFileSync(place.keyFile, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  const isNew = !existsSync(join(place.pgData, 'PG_VERSION'))
  if (isNew) create(place, binaries, as)
  const found = readFileSync(join(place.pgData, 'PG_VERSION'), 'utf8').trim()
  const brought = binaries.version.split('.')[0]!
  if (found !== brought)
    throw unavailable(
      'postgres_of_another_version',
      { folder: place.pgData, found, expected: brought },
      `The files in ${place.pgData} are of PostgreSQL ${found}; this build brings ${brought}.`,
      'Export with the build that made them, and import into a new data directory with this one.',
    )
  if (as.ids.uid !== undefined && statSync(place.pgData).uid !== as.ids.uid) chownTree(place.pgData, as)
  let problem: string | undefined
  const until = performance.now() + START_TIMEOUT_MS
  do {
    if (!postmaster(place.pgData)) {
      await endOrphans(place.pgData)
      forgetRecycled(place.pgData)
    }
    problem = await launch(place, binaries, as, options)
    if (problem === undefined) {
      options.say({ ms: Math.round(performance.now() - began), account: as.name, created: isNew }, 'PostgreSQL started')
      return
    }
    // After kill -9 the new one is refused until the last child of the old one has ended.
    await pause(150)
  } while (performance.now() < until && /still in use|already exists|is another postmaster/i.test(lastWords(place)))
  throw unavailable(
    'postgres_not_started',
    { folder: place.pgData, account: as.name, reason: problem, said: lastWords(place).slice(-600) },
    `PostgreSQL did not start in ${place.pgData}: ${problem}.`,
    `See ${place.logFile}.`,
  )
}

function chownTree(folder: string, as: RunAs): void {
  const changed = spawnSync('chown', ['-R', `${as.ids.uid}:${as.ids.gid}`, folder], { encoding: 'utf8' })
  if (changed.status !== 0) throw new Error(`chown of ${folder} failed: ${changed.stderr}`)
}

/** A path to the socket short enough for the kernel: through a handle on the folder when the folder's name is long. */
function socketPath(pgData: string, name: string): { path: string; close(): void } {
  const path = join(pgData, name)
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return { path, close: () => {} }
  const handle = openSync(pgData, 'r')
  return { path: `/proc/self/fd/${handle}/${name}`, close: () => closeSync(handle) }
}

async function stop(place: Place): Promise<void> {
  const identity = postmaster(place.pgData)
  if (!identity) return
  signal(identity, 'SIGINT')
  if (await ended(identity, START_TIMEOUT_MS)) return
  // Immediate shutdown: what was committed is in the log and is replayed at the next start.
  signal(identity, 'SIGQUIT')
  await ended(identity, 5_000)
}

/** Ends the PostgreSQL of a data directory whose servers were all killed. Returns false when a live one still uses it. */
export async function endAbandoned(dataDir: string): Promise<boolean> {
  const place = placeIn(realpathSync(dataDir))
  return withLock(place.lockFile, START_TIMEOUT_MS, async () => {
    if (residents(place.residentsFolder) > 0) return false
    await stop(place)
    return true
  })
}

/** Keeps the PostgreSQL of a data directory running until that process has ended or the stay is left. */
export const keepFor = (dataDir: string, identity: Identity): { leave(): void } =>
  enter(placeIn(dataDir).residentsFolder, identity)

/**
 * Opens the PostgreSQL of a data directory: creates and starts it when it does not run, joins it when another process
 * has started it. It runs as long as any process uses it, and is started again by any of them when it dies.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const place = placeIn(realpathSync(options.dataDir))
  const locked = <T>(work: () => Promise<T>) => withLock(place.lockFile, START_TIMEOUT_MS * 2, work)
  const stay = enter(place.residentsFolder)
  try {
    await locked(() => startIn(place, options))
  } catch (error) {
    stay.leave()
    throw error
  }
  // Whoever started it chose the port; it stands in the fourth line of its own file.
  const port = Number(readFileSync(join(place.pgData, 'postmaster.pid'), 'utf8').split('\n')[3])
  const socket = socketPath(place.pgData, `.s.PGSQL.${port}`)
  let closing = false
  let mending: Promise<void> | undefined
  const ensure = (): Promise<void> => {
    if (closing || postmaster(place.pgData)) return Promise.resolve()
    mending ??= locked(() => startIn(place, options)).finally(() => {
      mending = undefined
    })
    return mending
  }
  const watch = setInterval(() => {
    ensure().catch((error) => options.say({ error: String(error) }, 'PostgreSQL could not be started again'))
  }, 250)
  watch.unref()
  return {
    connection: {
      host: 'localhost',
      port,
      path: socket.path,
      user: 'clientele',
      password: readFileSync(place.keyFile, 'utf8').trim(),
      database: 'clientele',
    },
    ensure,
    pid: () => {
      const identity = postmaster(place.pgData)
      return identity === undefined ? undefined : Number.parseInt(identity, 10)
    },
    close: async () => {
      if (closing) return
      closing = true
      clearInterval(watch)
      await mending?.catch(() => {})
      await locked(async () => {
        stay.leave()
        if (residents(place.residentsFolder) === 0) await stop(place)
      })
      socket.close()
    },
  }
}
