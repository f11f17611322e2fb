import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Db } from './types.ts'

/** What a column may be given as. Arrays become PostgreSQL arrays, plain objects JSON. */
export type CopyValue = unknown

const BLOCK_BYTES = 256 * 1024
const SPECIAL = /[\\\n\r\t]/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escaped = (text: string): string => text.replace(SPECIAL, (found) => ESCAPES[found]!)

function arrayText(values: readonly unknown[]): string {
  const parts = values.map((value) => {
    if (value === null || value === undefined) return 'NULL'
    if (Array.isArray(value)) return arrayText(value)
    return `"${plain(value).replace(/[\\"]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  if (Array.isArray(value)) return arrayText(value)
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return String(value)
}

/** One value in COPY's text format. */
export function copyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'number') return String(value)
  return escaped(plain(value))
}

/** One row in COPY's text format, with its line end. */
export function copyLine(row: readonly CopyValue[]): string {
  let line = copyText(row[0])
  for (let i = 1; i < row.length; i++) line += `\t${copyText(row[i])}`
  return `${line}\n`
}

async function* blocks(
  rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>,
  count: { rows: number },
) {
  let block = ''
  for await (const row of rows) {
    block += copyLine(row)
    count.rows++
    if (block.length >= BLOCK_BYTES) {
      yield Buffer.from(block)
      block = ''
    }
  }
  if (block.length > 0) yield Buffer.from(block)
}

/**
 * Loads rows into a table by COPY, all or none, as fast as PostgreSQL takes them; returns how many. `table` and
 * `columns` are names that code wrote, never input. A thrown row source ends the COPY without effect.
 */
export async function copyRows(
  db: Db,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>,
): Promise<number> {
  const count = { rows: 0 }
  await copyFrom(
    db,
    table,
    columns,
    Readable.from(blocks(rows, count), { objectMode: false, highWaterMark: BLOCK_BYTES }),
  )
  return count.rows
}

/**
 * Rejects when PostgreSQL refuses the rows after it was told that they are all. postgres.js has resolved the query
 * with its stream by then and drops the error, so that the stream would neither finish nor fail; the one place that
 * still sees it is the query's own `reject`.
 */
function refusalOf(copying: object): Promise<never> {
  const query = copying as { reject(error: unknown): void }
  const pass = query.reject.bind(query)
  const refused = new Promise<never>((_, reject) => {
    query.reject = (error) => {
      reject(error)
      pass(error)
    }
  })
  refused.catch(() => {})
  return refused
}

/**
 * A session that nobody else sends statements down while it copies: what is given already, or one reserved of a pool,
 * which would put others' statements in line behind a COPY, where the driver refuses them.
 */
async function sessionOf(db: Db): Promise<{ session: Db; free(): Promise<void> }> {
  if (!('reserve' in db)) return { session: db, free: async () => {} }
  const session = await db.reserve()
  const free = async () => {
    // A COPY that its reader left goes on until PostgreSQL has sent all of it.
    for (let copies = true; copies; ) {
      copies = await session`select`.then(
        () => false,
        (error: { code?: string }) => error.code === 'COPY_IN_PROGRESS',
      )
      if (copies) await setTimeout(20)
    }
    session.release()
  }
  return { session, free }
}

/** Loads bytes that are already in COPY's text format (or another, by `options`, such as "format csv"). */
export async function copyFrom(
  db: Db,
  table: string,
  columns: readonly string[],
  source: Readable,
  options = 'format text',
): Promise<void> {
  const { session, free } = await sessionOf(db)
  try {
    const copying = session.unsafe(`copy ${table} (${columns.join(', ')}) from stdin with (${options})`)
    const refused = refusalOf(copying)
    const sink = (await copying.writable()) as Writable
    const done = pipeline(source, sink)
    // Whichever ends first is heard; the other may still fail for the same reason.
    done.catch(() => {})
    try {
      await Promise.race([done, refused])
    } finally {
      if (!sink.writableFinished) sink.destroy()
    }
  } finally {
    source.destroy()
    await free()
  }
}

/** The bytes of a query's or table's rows in COPY's text format. `source` is "schema.table (a, b)" or "(select …)". */
export async function copyTo(db: Db, source: string, options = 'format text'): Promise<Readable> {
  const { session, free } = await sessionOf(db)
  let bytes: Readable
  try {
    bytes = (await session.unsafe(`copy ${source} to stdout with (${options})`).readable()) as Readable
  } catch (error) {
    await free()
    throw error
  }
  // The driver pauses its socket when this stream is full, and resumes it when more is read; nothing is read after the
  // end. Without this, a COPY whose last piece filled the stream would leave the connection deaf for ever.
  bytes.once('close', () => {
    bytes._read(0)
    free().catch(() => {})
  })
  return bytes
}
