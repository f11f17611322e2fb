import { createRequire } from 'node:module'

/** What the native library gives for one finished statement. */
interface RawResult {
  bytes?: Uint8Array
  rowsRead?: number
  bytesRead?: number
  rowsWritten?: number
  bytesWritten?: number
  elapsed: number
}

type Connection = { readonly native: unique symbol }
type StreamHandle = { readonly stream: unique symbol }

/** The functions of chdb's native addon that are used; its JavaScript wrapper cannot run statements in parallel. */
interface Native {
  CreateConnection(path: string, args: readonly string[]): Connection
  CloseConnection(connection: Connection): void
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<RawResult>
  InsertRawAsyncConnection(
    connection: Connection,
    prefix: string,
    body: Buffer,
    countLines: boolean,
  ): Promise<RawResult>
  StreamQuery(connection: Connection, sql: string, format: string): StreamHandle
  StreamFetch(handle: StreamHandle): Promise<RawResult & { done: boolean }>
  StreamCancel(handle: StreamHandle): void
}

const PACKAGES: Record<string, string> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
  'darwin-x64': '@chdb/lib-darwin-x64',
}

function loadNative(): Native {
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  if (!name) throw new Error(`chdb has no engine for ${process.platform}-${process.arch}; set CLICKHOUSE_URL`)
  const chdb = createRequire(import.meta.url).resolve('chdb')
  return createRequire(chdb)(name) as Native
}

/** What was read and written, as ClickHouse's X-ClickHouse-Summary counts it. */
export interface Counts {
  readRows: number
  readBytes: number
  writtenRows: number
  writtenBytes: number
  elapsedMs: number
}

/** One connection of the engine. Settings and parameters given to it stay with it, so it serves one kind of caller. */
export interface Lane {
  readonly signature: string
  run(sql: string, format: string): Promise<{ bytes: Buffer; counts: Counts }>
  /** Runs an INSERT that brings its rows itself, from a file or a URL; counts what was written. */
  insert(sql: string): Promise<Counts>
  stream(sql: string, format: string): AsyncIterable<Buffer>
  close(): void
}

export interface Engine {
  /** A lane with these settings; an idle one when there is one. Give it back with `release`. */
  lane(settings: ReadonlyMap<string, string>, database: string): Promise<Lane>
  release(lane: Lane, reusable: boolean): void
  close(): void
}

const NO_ROWS = Buffer.alloc(0)

const countsOf = (raw: RawResult): Counts => ({
  readRows: raw.rowsRead ?? 0,
  readBytes: raw.bytesRead ?? 0,
  writtenRows: raw.rowsWritten ?? 0,
  writtenBytes: raw.bytesWritten ?? 0,
  elapsedMs: raw.elapsed * 1000,
})

/** A text as a string literal of ClickHouse. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

export const name = (text: string): string => `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``

/** Opens the engine on a folder. Only one process may have a folder open; the engine itself sees to that. */
export function openEngine(folder: string, args: readonly string[], idleLanesMax: number): Engine {
  const native = loadNative()
  const first = native.CreateConnection(folder, args)
  const idle: Lane[] = []

  async function open(signature: string, settings: ReadonlyMap<string, string>, database: string): Promise<Lane> {
    const connection = native.CreateConnection(folder, args)
    const lane: Lane = {
      signature,
      run: async (sql, format) => {
        const raw = await native.QueryAsyncConnection(connection, sql, format)
        const bytes = raw.bytes ?? new Uint8Array(0)
        return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), counts: countsOf(raw) }
      },
      // Given as an insert without rows beside it, since only inserts report what they wrote.
      insert: async (sql) => countsOf(await native.InsertRawAsyncConnection(connection, sql, NO_ROWS, false)),
      stream: (sql, format) => chunks(native, connection, sql, format),
      close: () => native.CloseConnection(connection),
    }
    const set = [...settings].map(([setting, value]) => `${name(setting)} = ${literal(value)}`)
    try {
      if (database !== 'default') await native.QueryAsyncConnection(connection, `USE ${name(database)}`, 'Null')
      if (set.length > 0) await native.QueryAsyncConnection(connection, `SET ${set.join(', ')}`, 'Null')
    } catch (error) {
      lane.close()
      throw error
    }
    return lane
  }

  return {
    lane: async (settings, database) => {
      const signature = JSON.stringify([database, ...[...settings].sort(([a], [b]) => (a < b ? -1 : 1))])
      const at = idle.findLastIndex((lane) => lane.signature === signature)
      return at < 0 ? await open(signature, settings, database) : idle.splice(at, 1)[0]!
    },
    release: (lane, reusable) => {
      if (!reusable) return lane.close()
      idle.push(lane)
      if (idle.length > idleLanesMax) idle.shift()!.close()
    },
    close: () => {
      for (const lane of idle.splice(0)) lane.close()
      native.CloseConnection(first)
    },
  }
}

async function* chunks(native: Native, connection: Connection, sql: string, format: string): AsyncIterable<Buffer> {
  const handle = native.StreamQuery(connection, sql, format)
  try {
    for (;;) {
      const raw = await native.StreamFetch(handle)
      if (raw.done) return
      const bytes = raw.bytes ?? new Uint8Array(0)
      if (bytes.byteLength > 0) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
  } finally {
    native.StreamCancel(handle)
  }
}
