import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { bodyOf, readAll } from './body.ts'
import { type Counts, type Engine, type Lane, literal } from './engine.ts'
import { insertBody } from './insert.ts'
import { type Asked, insertOfBody, killedId, placeholders, readRequest, verbOf } from './request.ts'
import { cancelledError, type Running, type Turns } from './running.ts'

export interface ServeOptions {
  readonly key: string
  readonly spoolFolder: string
  readonly queryMemoryBytes: number
  readonly queryTimeoutMs: number
  readonly nextId: () => string
  readonly say: (message: string) => void
}

/** A statement in the body or URL; the data of an INSERT is not bounded by this. */
const STATEMENT_BYTES_MAX = 16 * 1024 * 1024
/** What a query may run over its limit before it is stopped from outside. */
const OVERTIME_MS = 2_000

const STATUS: Record<number, number> = {
  36: 400,
  46: 404,
  47: 404,
  60: 404,
  62: 400,
  81: 404,
  159: 408,
  202: 503,
  216: 409,
  241: 507,
  394: 499,
  516: 401,
}

const codeOf = (message: string): number => Number(/^Code: (\d+)\./.exec(message)?.[1] ?? 1002)

function sendError(response: ServerResponse, error: unknown, queryId: string): void {
  const said = error instanceof Error ? error.message : String(error)
  const message = /^Code: \d+\./.test(said) ? said : `Code: 1002. DB::Exception: ${said} (UNKNOWN_EXCEPTION)`
  if (response.headersSent) {
    // Rows are already on their way: a broken connection is the one sign that cannot be taken for an end.
    response.destroy()
    return
  }
  const code = codeOf(message)
  response.writeHead(STATUS[code] ?? 500, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(code),
    'x-clickhouse-query-id': queryId,
  })
  response.end(`${message}\n`)
}

const summary = (counts: Counts, resultRows = 0): string =>
  JSON.stringify({
    read_rows: String(counts.readRows),
    read_bytes: String(counts.readBytes),
    written_rows: String(counts.writtenRows),
    written_bytes: String(counts.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(resultRows),
    result_bytes: '0',
    elapsed_ns: String(Math.round(counts.elapsedMs * 1e6)),
  })

/** Resolves when the sink takes more, or the caller has left. */
function drained(sink: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      sink.off('drain', go)
      response.off('close', go)
      resolve()
    }
    sink.once('drain', go)
    response.once('close', go)
    if (response.destroyed) go()
  })
}

function knowsKey(request: IncomingMessage, key: string): boolean {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')
  const given = basic
    ? Buffer.from(basic[1]!, 'base64').toString().split(':').slice(1).join(':')
    : String(request.headers['x-clickhouse-key'] ?? '')
  const a = Buffer.from(given)
  const b = Buffer.from(key)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** ClickHouse's HTTP interface over an engine inside this process. */
export function serve(engine: Engine, queue: Turns, options: ServeOptions): Server {
  /** Parameters stay with a lane; one that a statement uses must have been given with it. */
  const paramsOf = new WeakMap<Lane, Set<string>>()

  function limited(asked: Asked): ReadonlyMap<string, string> {
    const settings = new Map([
      ['max_memory_usage', String(options.queryMemoryBytes)],
      ['max_execution_time', String(options.queryTimeoutMs / 1000)],
      ...asked.settings,
    ])
    if (asked.readonly) settings.set('readonly', '2')
    return settings
  }

  async function withLane<T>(
    asked: Asked,
    sql: string,
    work: (lane: Lane, prologue: string) => Promise<T>,
  ): Promise<T> {
    const settings = limited(asked)
    const used = placeholders(sql)
    let lane = await engine.lane(settings, asked.database)
    const stale = paramsOf.get(lane)
    if (stale && used.some((name) => stale.has(name) && !asked.params.has(name))) {
      engine.release(lane, false)
      lane = await engine.lane(new Map([...settings]), asked.database)
    }
    const given = [...asked.params].filter(([name]) => used.includes(name))
    if (given.length > 0) {
      const known = paramsOf.get(lane) ?? new Set<string>()
      for (const [name] of given) known.add(name)
      paramsOf.set(lane, known)
    }
    const prologue = given.map(([name, value]) => `SET param_${name} = ${literal(value)};\n`).join('')
    // What changes a lane's state must not reach the next caller; nor may what ended in an error.
    let reusable = !/^(SET|USE|CREATE|DROP)$/.test(verbOf(sql)) || !/^\s*(SET|USE)\b|\bTEMPORARY\b/i.test(sql)
    try {
      return await work(lane, prologue)
    } catch (error) {
      reusable = false
      throw error
    } finally {
      engine.release(lane, reusable)
    }
  }

  async function select(asked: Asked, sql: string, running: Running, response: ServerResponse): Promise<void> {
    await withLane(asked, sql, async (lane, prologue) => {
      const marked = `${running.mark}${sql}`
      const headers = {
        'content-type': 'application/octet-stream',
        'x-clickhouse-query-id': asked.queryId,
        'x-clickhouse-format': asked.format,
        'x-clickhouse-timezone': 'UTC',
        ...(asked.compress ? { 'content-encoding': 'gzip' } : {}),
      }
      if (asked.streamed) {
        if (prologue) await lane.run(prologue, 'Null')
        const sink = asked.compress ? createGzip() : response
        for await (const chunk of lane.stream(marked, asked.format)) {
          if (running.cancelled) throw cancelledError()
          if (!response.headersSent) {
            response.writeHead(200, headers)
            if (sink !== response) sink.pipe(response)
          }
          if (!sink.write(chunk)) await drained(sink, response)
        }
        if (!response.headersSent) response.writeHead(200, headers)
        if (sink !== response && !response.writableEnded) sink.pipe(response)
        sink.end()
        return
      }
      const { bytes, counts } = await lane.run(`${prologue}${marked}`, asked.format)
      if (running.cancelled) throw cancelledError()
      response.writeHead(200, { ...headers, 'x-clickhouse-summary': summary(counts) })
      if (!asked.compress) response.end(bytes)
      else {
        const packed = createGzip()
        packed.pipe(response)
        packed.end(bytes)
      }
    })
  }

  /** Bodies that the engine is about to fetch, by a name that nobody can guess. */
  const offered = new Map<string, Readable>()

  function offering(body: Readable): { url: string; withdraw(): void } {
    const name = options.nextId()
    offered.set(name, body)
    const { port } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}/body/${name}`, withdraw: () => offered.delete(name) }
  }

  function offer(name: string, response: ServerResponse): void {
    const body = offered.get(name)
    offered.delete(name)
    if (!body) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    // A body that breaks off must not look like one that ended.
    pipeline(body, response).catch(() => response.destroy())
  }

  async function answer(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const inUrl = asked.query !== undefined ? insertOfBody(asked.query, asked.format) : undefined
    const sql = inUrl
      ? ''
      : [asked.query, (await readAll(bodyOf(request), STATEMENT_BYTES_MAX)).toString()].filter(Boolean).join('\n')
    const killed = killedId(sql, asked.params)
    if (killed !== undefined) {
      const found = await queue.cancel(killed)
      response.writeHead(200, { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-query-id': asked.queryId })
      response.end(found ? `waiting\t${killed}\tdefault\t\n` : '')
      return
    }
    let over = false
    response.once('close', () => {
      over = true
      if (!response.writableFinished) void queue.cancel(asked.queryId)
    })
    const limitMs = asked.settings.has('max_execution_time')
      ? Number(asked.settings.get('max_execution_time')) * 1000
      : options.queryTimeoutMs
    await queue.run(asked.queryId, async (running) => {
      if (over) throw cancelledError()
      const clock = setTimeout(
        () => {
          options.say(`query ${asked.queryId} ran over its limit of ${limitMs} ms and is stopped`)
          void queue.cancel(asked.queryId)
        },
        Math.min(limitMs > 0 ? limitMs + OVERTIME_MS : 2 ** 31 - 1, 2 ** 31 - 1),
      )
      try {
        if (!inUrl) return await select(asked, sql, running, response)
        const counts = await withLane(asked, inUrl.head, async (lane, prologue) => {
          if (prologue) await lane.run(prologue, 'Null')
          return insertBody(lane, inUrl, bodyOf(request), running, { spoolFolder: options.spoolFolder, offering })
        })
        if (running.cancelled) throw cancelledError()
        response.writeHead(200, {
          'content-type': 'text/plain; charset=UTF-8',
          'x-clickhouse-query-id': asked.queryId,
          'x-clickhouse-summary': summary(counts),
        })
        response.end()
      } finally {
        clearTimeout(clock)
      }
    })
  }

  const server = createServer(
    { keepAliveTimeout: 30_000, requestTimeout: 0, maxHeaderSize: 1024 * 1024 },
    (request, response) => {
      const path = (request.url ?? '/').split('?')[0]
      if (path === '/ping') {
        response.writeHead(200, { 'content-type': 'text/plain' }).end('Ok.\n')
        return
      }
      if (path?.startsWith('/body/')) {
        offer(path.slice('/body/'.length), response)
        return
      }
      if (!knowsKey(request, options.key)) {
        sendError(response, new Error('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)'), '')
        request.resume()
        return
      }
      const asked = readRequest(request, options.nextId)
      answer(asked, request, response).catch((error) => {
        sendError(response, error, asked.queryId)
        request.resume()
      })
    },
  )
  return server
}
