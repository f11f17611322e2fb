import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/** Formats in which a line end is always the end of a row, so that a stream can be given to the engine in pieces. */
const LINE_FORMATS = new Set([
  'JSONEachRow',
  'JSONCompactEachRow',
  'JSONStringsEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'LineAsString',
  'TabSeparatedRaw',
  'TSVRaw',
  'JSONAsString',
  'JSONLines',
  'NDJSON',
])
export const isLineFormat = (format: string): boolean => LINE_FORMATS.has(format)

/** The body as bytes, unpacked when it is gzip. */
export function bodyOf(request: IncomingMessage): Readable {
  if (request.headers['content-encoding'] !== 'gzip') return request
  const unpacked = createGunzip()
  request.on('error', (error) => unpacked.destroy(error))
  return request.pipe(unpacked)
}

export class TooLarge extends Error {}

/** Reads all of it, at most bytesMax. */
export async function readAll(body: Readable, bytesMax: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > bytesMax)
      throw new TooLarge(`Code: 62. DB::Exception: The statement is longer than ${bytesMax} bytes. (SYNTAX_ERROR)`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Pieces of about pieceBytes that each end with a line. */
export async function* linePieces(body: Readable, pieceBytes: number, rowBytesMax: number): AsyncIterable<Buffer> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes < pieceBytes) continue
    const joined = Buffer.concat(parts)
    const end = joined.lastIndexOf(10)
    if (end < 0) {
      if (bytes > rowBytesMax)
        throw new Error(
          `Code: 27. DB::Exception: A row is longer than ${rowBytesMax} bytes. (CANNOT_PARSE_INPUT_ASSERTION_FAILED)`,
        )
      parts = [joined]
      continue
    }
    yield joined.subarray(0, end + 1)
    parts = [joined.subarray(end + 1)]
    bytes = parts[0]!.length
  }
  if (bytes > 0) yield Buffer.concat(parts)
}

let spooled = 0

/** Writes the body to a file that is removed afterwards, for formats that cannot be cut. */
export async function withSpooled<T>(
  body: Readable | Buffer,
  folder: string,
  work: (file: string) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${process.pid}-${++spooled}`)
  try {
    if (Buffer.isBuffer(body)) writeFileSync(file, body, { mode: 0o600 })
    else await pipeline(body, createWriteStream(file, { mode: 0o600 }))
    return await work(file)
  } finally {
    rmSync(file, { force: true })
  }
}
