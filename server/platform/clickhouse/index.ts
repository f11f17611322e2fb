import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { unavailable } from '#platform/errors'
import type { Log } from '#platform/runtime'
import { supervise } from './supervised.ts'

export { endAbandoned as endAbandonedLake, keepFor as keepLakeFor } from './supervised.ts'

/** Values for `{name:Type}` placeholders. */
export type LakeParams = Readonly<Record<string, unknown>>

export interface LakeOptions {
  /** The name under which `cancel` finds the query; must be new. */
  readonly queryId?: string
  /** Aborting it stops the query inside the engine. */
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  readonly memoryBytes?: number
  /** Settings of ClickHouse for this query alone. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** ClickHouse, embedded or by URL. SQL is ClickHouse's; values go in as `{name:Type}` placeholders, never as text. */
export interface Lake {
  /** Rows as objects. 64-bit integers are numbers, dates and times are text. */
  query<T = Record<string, unknown>>(sql: string, params?: LakeParams, options?: LakeOptions): Promise<T[]>
  /** A statement without rows: DDL, INSERT … SELECT. */
  command(sql: string, params?: LakeParams, options?: LakeOptions): Promise<void>
  /**
   * Rows into a table: objects, or a stream of bytes in `format` (default JSONEachRow). `columns` limits and orders
   * them. Returns how many rows were written. A stream is written in pieces: what a failed one had written stays.
   */
  insert(
    table: string,
    rows: readonly object[] | Readable,
    options?: LakeOptions & { format?: string; columns?: readonly string[] },
  ): Promise<number>
  /** An INSERT statement of its own, such as `insert into t select … from input('raw String')`, fed with bytes in `format`. */
  insertFrom(
    sql: string,
    body: Readable | Buffer | string,
    options: LakeOptions & { format: string; params?: LakeParams },
  ): Promise<number>
  /** The bytes of the result in `format` (default JSONEachRow), while it is computed. */
  stream(sql: string, params?: LakeParams, options?: LakeOptions & { format?: string }): Promise<Readable>
  /** Stops the query of that name; false when none runs. */
  cancel(queryId: string): Promise<boolean>
  /** Where it answers now; without the key. */
  readonly url: string
  /** How often the embedded engine was started in its data directory; absent by URL. */
  readonly starts?: (() => number) | undefined
}

export interface OpenLake extends Lake {
  /** The process id of the child; undefined by URL. */
  pid(): number | undefined
  close(): Promise<void>
}

export interface LakeOpenOptions {
  readonly dataDir: string
  readonly url?: string | undefined
  readonly queryMemoryBytes?: number
  readonly queryTimeoutMs?: number
  readonly queriesAtOnce?: number
  readonly log: Log
}

const GIB = 1024 ** 3
const BLOCK_BYTES = 256 * 1024
/** Errors of a connection that was never made: the statement has not reached the engine, so it may be sent again. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOENT', 'EAI_AGAIN', 'EHOSTUNREACH'])
const READS = /^\s*(select|with|show|describe|exists|explain)\b/i

const codeOf = (error: unknown): string => String((error as { code?: string })?.code ?? '')

/** Small pieces joined to blocks: a stream of single rows would otherwise cost a system call for each. */
async function* blocks(source: Readable): AsyncIterable<Buffer> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const part of source as AsyncIterable<Buffer | string>) {
    const piece = typeof part === 'string' ? Buffer.from(part) : part
    parts.push(piece)
    bytes += piece.length
    if (bytes < BLOCK_BYTES) continue
    yield parts.length === 1 ? piece : Buffer.concat(parts, bytes)
    parts = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(parts, bytes)
}

export async function openLake(options: LakeOpenOptions): Promise<OpenLake> {
  const queryTimeoutMs = options.queryTimeoutMs ?? 300_000
  const queryMemoryBytes = options.queryMemoryBytes ?? 2 * GIB
  const child = options.url
    ? undefined
    : await supervise({
        dataDir: options.dataDir,
        queryMemoryBytes,
        queryTimeoutMs,
        queriesAtOnce: options.queriesAtOnce ?? 16,
        say: (facts, message) => options.log.info(facts, message),
      })
  let url = options.url ?? ''
  let client: ClickHouseClient | undefined

  async function current(): Promise<ClickHouseClient> {
    if (child) {
      const address = await child.ensure()
      const now = `http://127.0.0.1:${address.port}`
      if (now !== url) {
        await client?.close()
        client = undefined
        url = now
      }
    }
    client ??= createClient({
      url,
      ...(child ? { username: 'default', password: child.key } : {}),
      application: 'clientele',
      request_timeout: queryTimeoutMs + 10_000,
      max_open_connections: 64,
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
      // An own server has logged it already; messages may quote values.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_input_format: 'best_effort' },
    })
    return client
  }

  /** Runs `send`, again when the connection could not be made; a read also when it broke, since it changes nothing. */
  async function sent<T>(
    isRead: boolean,
    signal: AbortSignal | undefined,
    send: (client: ClickHouseClient) => Promise<T>,
  ): Promise<T> {
    const until = performance.now() + 10_000
    for (;;) {
      const to = await current()
      try {
        return await send(to)
      } catch (error) {
        if (error instanceof ClickHouseError || signal?.aborted) throw error
        const again =
          NEVER_SENT.has(codeOf(error)) || (isRead && /ECONNRESET|EPIPE|hang up/.test(`${codeOf(error)} ${error}`))
        if (!again) throw error
        if (performance.now() > until)
          throw unavailable(
            'clickhouse_away',
            { url, reason: String(error) },
            'ClickHouse does not answer.',
            'Try again; see its log.',
            error,
          )
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  const settingsOf = (o: LakeOptions = {}) => ({
    max_execution_time: Math.ceil((o.timeoutMs ?? queryTimeoutMs) / 10) / 100,
    max_memory_usage: String(o.memoryBytes ?? queryMemoryBytes),
    ...o.settings,
  })

  /** A query's common words; when the signal aborts, the engine is told as well, since closing a connection stops nothing in a cluster. */
  function words(o: LakeOptions = {}) {
    const query_id = o.queryId ?? randomUUID()
    o.signal?.addEventListener('abort', () => void lake.cancel(query_id).catch(() => {}), { once: true })
    return { query_id, clickhouse_settings: settingsOf(o), ...(o.signal ? { abort_signal: o.signal } : {}) }
  }

  const lake: OpenLake = {
    get url() {
      return url
    },
    query: <T>(sql: string, params: LakeParams = {}, o: LakeOptions = {}) =>
      sent(READS.test(sql), o.signal, async (to) => {
        const found = await to.query({ query: sql, query_params: { ...params }, format: 'JSONEachRow', ...words(o) })
        return (await found.json()) as T[]
      }),
    command: (sql, params = {}, o = {}) =>
      sent(false, o.signal, async (to) => {
        await to.command({ query: sql, query_params: { ...params }, ...words(o) })
      }),
    insert: (table, rows, o = {}) => {
      const format = o.format ?? 'JSONEachRow'
      const into = `insert into ${table}${o.columns ? ` (${o.columns.join(', ')})` : ''}`
      if (rows instanceof Readable) return lake.insertFrom(into, rows, { ...o, format })
      if (rows.length === 0) return Promise.resolve(0)
      let text = ''
      for (const row of rows) text += `${JSON.stringify(row)}\n`
      return lake.insertFrom(into, text, { ...o, format })
    },
    insertFrom: (sql, body, o) =>
      sent(false, o.signal, async (to) => {
        const values = Readable.from(body instanceof Readable ? blocks(body) : [Buffer.from(body)], {
          objectMode: false,
        })
        const { query_id, clickhouse_settings, ...rest } = words(o)
        const result = await to.exec({
          query: `${sql} format ${o.format}`,
          values,
          query_params: { ...o.params },
          query_id,
          clickhouse_settings: { ...clickhouse_settings, wait_end_of_query: 1 },
          ...rest,
        })
        result.stream.resume()
        return Number(result.summary?.written_rows ?? 0)
      }),
    stream: (sql, params = {}, o = {}) =>
      sent(true, o.signal, async (to) => {
        const result = await to.exec({
          query: `${sql} format ${o.format ?? 'JSONEachRow'}`,
          query_params: { ...params },
          // The embedded child sends rows while it finds them only when asked to; a server does so anyway.
          http_headers: { 'X-Clientele-Streamed': '1' },
          ...words(o),
        })
        return result.stream as Readable
      }),
    cancel: async (queryId) => {
      const to = await current()
      const result = await to.exec({
        query: 'KILL QUERY WHERE query_id = {id:String} ASYNC',
        query_params: { id: queryId },
      })
      let said = ''
      for await (const part of result.stream as Readable) said += part
      return said.trim() !== ''
    },
    pid: () => child?.pid(),
    starts: child && (() => child.starts()),
    close: async () => {
      await client?.close()
      await child?.close()
    },
  }
  await current()
  return lake
}
