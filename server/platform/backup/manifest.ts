import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { invalid } from '#platform/errors'
import type { Migration } from '#platform/migrations'

export const FORMAT = 1

/** One table's rows in the folder. */
export interface CopiedTable {
  /** "schema.table", unquoted. */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  /** Path inside the folder. */
  readonly file: string
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string
  readonly bytes: number
  /** How ClickHouse would make the table; for those that code made, not a migration. */
  readonly create?: string
}

export interface Manifest {
  readonly format: number
  /** The moment that the copy shows. */
  readonly takenAt: string
  readonly migrations: readonly Pick<Migration, 'store' | 'name' | 'digest'>[]
  readonly postgres: readonly CopiedTable[]
  readonly sequences: readonly { readonly name: string; readonly value: number }[]
  readonly lake: readonly CopiedTable[]
  /** Key files of the data directory, which are no part of either store. */
  readonly keys: readonly string[]
}

export const MANIFEST = 'manifest.json'

/** Reads a copy's manifest; throws `copy_unreadable` when there is none or it is of another kind. */
export function readManifest(folder: string): Manifest {
  const wrong = (found: string) =>
    invalid(
      'copy_unreadable',
      { folder, found, expected: `a folder with ${MANIFEST} of format ${FORMAT}` },
      `${folder} is no copy of a bank: ${found}.`,
      'Name the folder that backup or export wrote. A copy that was not finished has no manifest.',
    )
  let manifest: Manifest
  try {
    manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest
  } catch (error) {
    throw wrong((error as Error).message)
  }
  if (manifest.format !== FORMAT) throw wrong(`its format is ${manifest.format}`)
  return manifest
}

/** A stream that passes bytes on, and what it has seen of them. */
export interface Measure {
  readonly through: Transform
  bytes(): number
  /** SHA-256, hexadecimal; asked once, after the end. */
  digest(): string
}

export function measure(): Measure {
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  return { through, bytes: () => bytes, digest: () => hash.digest('hex') }
}

/** Told after each table. */
export type Progress = (step: {
  store: 'postgres' | 'lake'
  table: string
  rows: number
  done: number
  total: number
}) => void
