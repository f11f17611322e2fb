import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Runtime } from '#platform/runtime'
import * as own from '../applying/store.ts'
import { type Compiled, compile } from '../compile.ts'
import type { Feed, FileFormat, Source } from '../contract.ts'
import { beginningOf, blocksOf, decoded, packedAs } from '../files/store.ts'
import { type Positions, readHeader } from '../reading.ts'
import * as store from '../store.ts'

/** A file with everything that reading it needs; without a path, its rows in quarantine are given again. */
export interface Given {
  feed: Feed
  source: Source
  path?: string
  bytes: number
  /** The joined files by their names in the mapping. */
  joined: ReadonlyMap<string, string>
  asOf: string | null
  bank: { zone: string; currency: string }
  control: { rows: number | null; sumMinor: number | null }
}

/** How far with this file, 0..1, and a sentence. */
export type FeedProgress = (done: number, sentence: string) => void

/** A file that cannot be read as what the mapping says: refused as a whole, nothing of it applied. */
export class Refusal extends Error {
  readonly code: string
  readonly facts: Record<string, unknown>
  constructor(code: string, facts: Record<string, unknown>, message: string) {
    super(message)
    this.code = code
    this.facts = facts
  }
}

const FILE_BYTES_MAX = 64 * 1024 ** 3
const SLICE_LINES = 2_000_000

/** Where each column stands, from the header or from the mapping; a file that is something else is refused. */
async function positionsOf(
  path: string,
  columns: readonly string[],
  format: FileFormat,
  others: 'refuse' | 'ignore',
): Promise<Positions> {
  const file = basename(path)
  const beginning = await beginningOf(path)
  if (beginning.length === 0) throw new Refusal('empty_file', { file }, `${file} is empty.`)
  const packed = packedAs(beginning)
  if (packed !== undefined && packed !== format.type) {
    throw new Refusal(
      'packed_file',
      { file, found: packed, expected: format.type },
      `${file} is ${packed}; ${format.type} was expected. Packed files are not opened here, whatever size they would unpack to: give the unpacked file.`,
    )
  }
  if (format.type === 'parquet' && packed !== 'parquet')
    throw new Refusal('not_parquet', { file }, `${file} is not a Parquet file.`)
  if (format.type !== 'delimited' || format.header === false) return new Map(columns.map((name, at) => [name, at + 1]))
  const header = readHeader(decoded(beginning, format).split('\n', 1)[0]!, columns, format, others)
  if (header.ok) return header.positions
  const { reason, found, expected, missing, extra } = header
  throw new Refusal(
    reason,
    { file, line: 1, found: found.slice(0, 50), expected, missing, extra },
    reason === 'wrong_delimiter'
      ? `Line 1 of ${file} is one field: it is not parted by "${format.delimiter ?? ','}".`
      : `Line 1 of ${file} is not the header the mapping needs: missing ${missing.join(', ') || 'none'}; unknown ${extra.join(', ') || 'none'}.`,
  )
}

/** Reads one file into the lake; a line is a row. Returns how many rows it has. */
async function readPart(
  rt: Runtime,
  feedId: number,
  part: string,
  path: string,
  columns: readonly string[],
  format: FileFormat,
  progress: (bytes: number) => void,
): Promise<number> {
  if (format.type === 'parquet') {
    await store.insertParquet(rt.lake, feedId, part, columns, createReadStream(path)).catch((error: unknown) => {
      throw new Refusal(
        'malformed_parquet',
        { file: basename(path), expected: columns },
        `${basename(path)} cannot be read as Parquet with the columns ${columns.join(', ')}: ${String((error as Error).message).slice(0, 300)}`,
      )
    })
    return store.countLines(rt.lake, feedId, part)
  }
  const skip = format.type === 'delimited' && format.header !== false ? 1 : 0
  let line = skip
  let bytes = 0
  for await (const block of blocksOf(path, format, skip)) {
    await store.insertLines(rt.lake, feedId, part, line, block.bytes)
    line += block.lines
    bytes += block.bytes.length
    progress(bytes)
  }
  return line - skip
}

export interface Headers {
  [part: string]: [string, number][]
}

/** Everything before the first effect: read, look up, compute, mark what is repeated. Repeated if a restart lost it. */
export async function stageRows(
  rt: Runtime,
  given: Given,
  progress: FeedProgress,
): Promise<{ compiled: Compiled; rows: number; headers: Headers }> {
  const { feed, source, path, joined } = given
  const { feedId } = feed
  const positions = new Map<string, Positions>()
  await store.dropStage(rt.lake, feedId)
  let rows: number
  if (path === undefined) {
    const staged = (await store.findSteps(rt.db, feedId)).find(({ step }) => step === 'staged')
    const header =
      (staged?.facts.headers as Headers | undefined)?.main ??
      source.columns.map((name, at): [string, number] => [name, at + 1])
    positions.set('main', new Map(header))
    rows = await store.insertAgain(rt.lake, await store.openQuarantine(rt.db, feedId), feedId)
  } else {
    const bytesMax = source.fileBytesMax ?? FILE_BYTES_MAX
    if (given.bytes > bytesMax) {
      throw new Refusal(
        'file_too_large',
        { file: basename(path), found: given.bytes, expected: bytesMax },
        `${basename(path)} has ${given.bytes} bytes; at most ${bytesMax} are read.`,
      )
    }
    positions.set('main', await positionsOf(path, source.columns, source.format, source.otherColumns ?? 'refuse'))
    rows = await readPart(rt, feedId, 'main', path, source.columns, source.format, (bytes) =>
      progress((0.2 * bytes) / Math.max(given.bytes, 1), 'reading'),
    )
  }
  for (const [name, file] of Object.entries(source.with ?? {})) {
    const format = file.format ?? source.format
    const from = joined.get(name)!
    positions.set(name, await positionsOf(from, file.columns, format, 'ignore'))
    await readPart(rt, feedId, name, from, file.columns, format, () => {})
  }
  progress(0.25, 'looking up')
  const { stage } = store.stageOf(feedId)
  const compiled = compile(source, { stage, ...given.bank, asOf: given.asOf, positions })
  for (const { kind, namespace } of compiled.lookups)
    await store.insertKeys(rt.lake, await store.keysOf(rt.db, kind, namespace, feedId))
  if (source.fields.counterparty && !source.fields.own_transfer)
    await store.insertKeys(rt.lake, await store.ownNumbers(rt.db, feedId))
  await own.createStage(rt.lake, feedId, compiled.createStage)
  const last = rows === 0 ? 0 : await own.lastLine(rt.lake, feedId)
  for (let from = 0; from < last; from += SLICE_LINES) {
    progress(0.25 + (0.25 * from) / last, 'computing')
    await own.fillStage(rt.lake, feedId, compiled.fillStage, from, from + SLICE_LINES)
  }
  await own.markRepeated(rt.lake, feedId)
  if (source.target === 'transaction') {
    const filled = new Set(Object.keys(source.fields))
    for (const month of await own.monthsOf(rt.lake, feedId))
      if ((await own.countOthers(rt.lake, feedId, month)) > 0) await own.markKnown(rt.lake, feedId, filled, month)
  }
  return { compiled, rows, headers: Object.fromEntries([...positions].map(([part, found]) => [part, [...found]])) }
}
