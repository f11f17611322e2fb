import type { Readable } from 'node:stream'
import { isLineFormat, linePieces, withSpooled } from './body.ts'
import { type Counts, type Lane, literal } from './engine.ts'
import type { InsertOfBody } from './request.ts'
import { cancelledError, type Running } from './running.ts'

/** Where a body waits for the engine. */
export interface Places {
  readonly spoolFolder: string
  /** Offers the body once under a URL that nobody can guess. */
  offering(body: Readable): { url: string; withdraw(): void }
}

const PIECE_BYTES = 32 * 1024 * 1024
const ROW_BYTES_MAX = 128 * 1024 * 1024
const READS_INPUT = /\binput\s*\(/i
/** Formats that are read from their end. */
const NEEDS_WHOLE_FILE = /^(Parquet|ORC|Arrow)$/
const FETCH_ONCE = 'SET http_make_head_request = 0, http_max_tries = 1, http_receive_timeout = 600;\n'
const NOTHING: Counts = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0, elapsedMs: 0 }

const plus = (a: Counts, b: Counts): Counts => ({
  readRows: a.readRows + b.readRows,
  readBytes: a.readBytes + b.readBytes,
  writtenRows: a.writtenRows + b.writtenRows,
  writtenBytes: a.writtenBytes + b.writtenBytes,
  elapsedMs: a.elapsedMs + b.elapsedMs,
})

/**
 * Runs an INSERT whose rows are the body. The engine takes rows beside a statement too, but there an empty line ends
 * them, and what follows is run as SQL: whoever can put an empty line into a file could run statements. So rows reach
 * it in files, or by url() where the statement reads input(), and are only ever data.
 */
export async function insertBody(
  lane: Lane,
  { head, format }: InsertOfBody,
  body: Readable,
  running: Running,
  places: Places,
): Promise<Counts> {
  const fromFile = (rows: Readable | Buffer, statement: (file: string) => string): Promise<Counts> =>
    withSpooled(rows, places.spoolFolder, (file) => {
      if (running.cancelled) throw cancelledError()
      return lane.insert(`${running.mark}${statement(literal(file))}`)
    })
  const infile = (file: string): string => `${head.trimEnd()} FROM INFILE ${file} FORMAT ${format}`

  if (READS_INPUT.test(head)) {
    const readingFrom = (source: string): string => head.replace(READS_INPUT, () => `${source}, ${format}, `)
    if (NEEDS_WHOLE_FILE.test(format)) return fromFile(body, (file) => readingFrom(`file(${file}`))
    // The engine fetches the rows while they come in: nothing is held but what is on its way.
    const offer = places.offering(body)
    try {
      return await lane.insert(`${FETCH_ONCE}${running.mark}${readingFrom(`url(${literal(offer.url)}`)}`)
    } finally {
      offer.withdraw()
    }
  }
  if (!isLineFormat(format)) return fromFile(body, infile)
  let counts = NOTHING
  for await (const piece of linePieces(body, PIECE_BYTES, ROW_BYTES_MAX))
    counts = plus(counts, await fromFile(piece, infile))
  return counts
}
