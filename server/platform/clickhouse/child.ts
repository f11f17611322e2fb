/**
 * The process that hosts chdb on the folder given to it and speaks ClickHouse's HTTP interface on loopback. It is
 * started by `supervised.ts`, outlives the server that started it while another one uses it, and ends by itself when
 * nobody does.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { ownIdentity, residents } from '#platform/supervision'
import { openEngine } from './engine.ts'
import { turns } from './running.ts'
import { serve } from './serve.ts'

/** What the child is told, as JSON in its first argument. */
export interface ChildOptions {
  readonly folder: string
  readonly keyFile: string
  /** Where it writes `{ identity, port }` once it answers. */
  readonly addressFile: string
  readonly residentsFolder: string
  readonly spoolFolder: string
  /** The port to take again after a restart; any free one when it is taken or 0. */
  readonly port: number
  readonly queryMemoryBytes: number
  readonly queryTimeoutMs: number
  readonly queriesAtOnce: number
}

const LONELY_MS = 4_000
const say = (message: string): void => {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`)
}

const options = JSON.parse(process.argv[2] ?? '{}') as ChildOptions
mkdirSync(options.folder, { recursive: true, mode: 0o700 })
rmSync(options.spoolFolder, { recursive: true, force: true })

const engine = openEngine(
  options.folder,
  [
    // Two cores are shared with PostgreSQL and the server: many merges at once would only make all of them wait.
    '--background_pool_size=4',
    '--background_schedule_pool_size=4',
    '--background_common_pool_size=2',
    '--background_move_pool_size=1',
    '--background_fetches_pool_size=1',
    '--background_buffer_flush_schedule_pool_size=1',
    '--background_message_broker_schedule_pool_size=1',
    '--background_distributed_schedule_pool_size=1',
    '--timezone=UTC',
    '--output_format_json_quote_64bit_integers=0',
    '--async_load_databases=0',
  ],
  options.queriesAtOnce * 2,
)

const queue = turns(engine, options.queriesAtOnce, options.queriesAtOnce * 64, (id) => {
  say(`query ${id} does not stop: this process ends, and is started again`)
  process.exit(70)
})
const server = serve(engine, queue, {
  key: readFileSync(options.keyFile, 'utf8').trim(),
  spoolFolder: options.spoolFolder,
  queryMemoryBytes: options.queryMemoryBytes,
  queryTimeoutMs: options.queryTimeoutMs,
  nextId: randomUUID,
  say,
})

function listen(port: number): void {
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (port !== 0 && error.code === 'EADDRINUSE') return listen(0)
    say(`cannot listen: ${error.message}`)
    process.exit(71)
  })
  server.listen(port, '127.0.0.1', () => {
    const address = { identity: ownIdentity(), port: (server.address() as AddressInfo).port }
    writeFileSync(`${options.addressFile}.new`, JSON.stringify(address), { mode: 0o600 })
    renameSync(`${options.addressFile}.new`, options.addressFile)
    say(`listens on port ${address.port}`)
  })
}
listen(options.port)

let ending = false
async function end(why: string): Promise<void> {
  if (ending) return
  ending = true
  say(`ends: ${why}`)
  server.close()
  server.closeIdleConnections()
  const until = performance.now() + 5_000
  while (queue.count() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  // A query still running holds its connection; the engine's files are consistent at any moment anyway.
  if (queue.count() === 0) engine.close()
  process.exit(0)
}
process.on('SIGTERM', () => void end('asked to'))
process.on('SIGINT', () => void end('asked to'))

let lonelySince = 0
setInterval(() => {
  const now = performance.now()
  if (residents(options.residentsFolder) > 0) lonelySince = 0
  else if (lonelySince === 0) lonelySince = now
  else if (now - lonelySince > LONELY_MS) void end('nobody uses it any more')
}, 1_000)
