import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '#platform/errors'
import type { FileFormat } from '../contract.ts'
import { literal } from '../quote.ts'

/** Files in the folder that a pattern names, in the order of their names. * stands for any text. */
export async function filesOf(folder: string, pattern: string): Promise<string[]> {
  const matches = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw invalid(
      'folder_unreadable',
      { folder, found: error.code ?? String(error) },
      `The folder ${folder} cannot be read.`,
      'Check its name and that this user may read it.',
    )
  })
  return names
    .filter((name) => matches.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** The one file of a pattern; a complaint when there is none, or more than one. */
export async function fileOf(folder: string, pattern: string, source: string): Promise<string> {
  const found = await filesOf(folder, pattern)
  if (found.length === 1) return found[0]!
  throw invalid(
    found.length === 0 ? 'file_missing' : 'file_ambiguous',
    { source, folder, expected: pattern, found: found.length },
    `The source ${source} needs one file ${pattern} in ${folder}; ${found.length} are there.`,
    'Put the file into the folder, or mend the name in the mapping.',
  )
}

/** SHA-256 of what a feed is made of: its file, and those that are joined to it. */
export async function digestOfFiles(paths: readonly string[]): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for (const [at, path] of paths.entries()) {
    for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer)
    const { size } = await stat(path)
    if (at === 0) bytes = size
    hash.update(`\0${size}\0`)
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** The first bytes of a file: enough to know a packed or a UTF-16 file, and to read a header. */
export async function beginningOf(path: string, bytesMax = 65_536): Promise<Buffer> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytesMax), 0, bytesMax, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** What a file's first bytes say it is, when that is nothing that can be read as text. */
export function packedAs(beginning: Buffer): string | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => beginning[at] === byte)
  if (starts(0x1f, 0x8b)) return 'gzip'
  if (starts(0x50, 0x4b, 0x03, 0x04)) return 'zip'
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd'
  if (starts(0x42, 0x5a, 0x68)) return 'bzip2'
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return 'UTF-16'
  if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet'
  return undefined
}

/** A text of the file as the encoding of its format has it; bytes that are wrong become U+FFFD. */
export const decoded = (bytes: Buffer, { encoding = 'utf-8' }: FileFormat): string =>
  new TextDecoder(encoding).decode(bytes)

export interface Block {
  bytes: Buffer
  /** How many lines end in it (the last of the file need not end). */
  lines: number
}

const BLOCK_BYTES = 16 * 1024 * 1024
const LINE_BYTES_MAX = 64 * 1024 * 1024

/**
 * The file as UTF-8 in blocks of about 16 MiB that each end with a line, without its first `skip` lines. A line of more
 * than 64 MiB is a complaint: no row of a bank is that long, so the file is not what it was said to be.
 */
export async function* blocksOf(path: string, format: FileFormat, skip: number): AsyncGenerator<Block> {
  const encoding = format.encoding ?? 'utf-8'
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding)
  let parts: Buffer[] = []
  let size = 0
  let skipped = 0
  let begun = false
  const cut = (whole: Buffer): Buffer => {
    let from = 0
    while (skipped < skip) {
      const end = whole.indexOf(10, from)
      if (end < 0) return Buffer.alloc(0)
      from = end + 1
      skipped++
    }
    return whole.subarray(from)
  }
  for await (const raw of createReadStream(path, { highWaterMark: 1 << 20 })) {
    let part = decoder ? Buffer.from(decoder.decode(raw as Buffer, { stream: true })) : (raw as Buffer)
    // A byte order mark is no part of the first field.
    if (!begun && part[0] === 0xef && part[1] === 0xbb && part[2] === 0xbf) part = part.subarray(3)
    begun = true
    parts.push(part)
    size += part.length
    if (size < BLOCK_BYTES) continue
    const whole = Buffer.concat(parts)
    const end = whole.lastIndexOf(10)
    if (end < 0) {
      if (size > LINE_BYTES_MAX) {
        throw invalid(
          'line_too_long',
          { file: path, found: `more than ${LINE_BYTES_MAX} bytes without a line end`, expected: 'lines' },
          'The file has no line ends where rows should end.',
          'Check that the file is what the mapping says it is.',
        )
      }
      parts = [whole]
      continue
    }
    const bytes = cut(whole.subarray(0, end + 1))
    if (bytes.length > 0) yield { bytes, lines: linesIn(bytes) }
    parts = [whole.subarray(end + 1)]
    size = parts[0]!.length
  }
  // A character that was cut off at the end of the file is told as one that has no meaning.
  if (decoder) parts.push(Buffer.from(decoder.decode()))
  const rest = withoutBlankEnd(cut(Buffer.concat(parts)))
  if (rest.length > 0) yield { bytes: rest, lines: linesIn(rest) }
}

const LINE_END = 10
const CARRIAGE_RETURN = 13
/** What old systems write behind the last line of a file. */
const END_OF_FILE = 26

/** The lines without the blank ones at their end, which are no rows: with them no count would agree with the sender's. */
function withoutBlankEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && [LINE_END, CARRIAGE_RETURN, END_OF_FILE].includes(bytes[end - 1]!)) end--
  if (end === 0) return bytes.subarray(0, 0)
  if (bytes[end] === CARRIAGE_RETURN && bytes[end + 1] === LINE_END) end++
  return bytes.subarray(0, bytes[end] === LINE_END ? end + 1 : end)
}

function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return lines + (bytes[bytes.length - 1] === 10 ? 0 : 1)
}

/** What a control file says; undefined when it is not there. */
export async function controlOf(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below, with the place.
  }
  throw invalid(
    'control_malformed',
    { file: path, found: text.slice(0, 100), expected: '{"rows": 100, "sum": "12.50", "businessDate": "2026-03-02"}' },
    `The control file ${path} is not a JSON object.`,
    'Ask the sender for a whole one.',
  )
}
