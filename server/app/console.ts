import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { unavailable } from '#platform/errors'
import { type Pages, readPages } from '#platform/http'
import { withLock } from '#platform/supervision'

const ROOT = join(import.meta.dirname, '../..')
const SOURCES = join(ROOT, 'console')
/** Beside what npm installed, since it is made from it and may be deleted at any time. */
const BUILDS = join(ROOT, 'node_modules/.cache/clientele-console')
/** Builds kept: this one, and those that a server of another branch or commit may still want. */
const BUILDS_KEPT = 4
const BUILD_TIMEOUT_MS = 300_000

/** Everything that a build depends on, as one name: the console's sources and the versions of its parts. */
export function sourcesHash(): string {
  const hash = createHash('sha256')
  const take = (path: string): void => {
    hash
      .update(`${relative(ROOT, path).split(sep).join('/')}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  const files = readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|css|html|svg)$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) take(file)
  take(join(ROOT, 'package-lock.json'))
  return hash.digest('hex').slice(0, 20)
}

/** Runs the build in a process of its own, so that the server never loads the bundler. */
async function build(out: string): Promise<void> {
  const child = spawn(process.execPath, [join(SOURCES, 'build.ts'), out], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), BUILD_TIMEOUT_MS)
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    said = `${said}${piece.toString('utf8')}`.slice(-4000)
  })
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  if (status !== 0) {
    throw unavailable(
      'console_not_built',
      { status },
      `The console could not be built: ${said.trim() || 'the build was ended'}`,
      'Run npm ci, then start again; or mend what the message names.',
    )
  }
}

/** The folder of the console's build, made first when it is missing or its sources have changed since. */
export async function consoleFolder(say: (sentence: string) => void = () => {}): Promise<string> {
  const folder = join(BUILDS, sourcesHash())
  const built = () => existsSync(join(folder, 'index.html'))
  mkdirSync(BUILDS, { recursive: true })
  if (!built()) {
    await withLock(join(BUILDS, 'build.lock'), BUILD_TIMEOUT_MS, async () => {
      if (built()) return
      const began = performance.now()
      say('Building the console: a few seconds, this once.')
      await build(folder)
      say(`The console is built (${((performance.now() - began) / 1000).toFixed(1)} s).`)
    })
  }
  const now = new Date()
  utimesSync(folder, now, now)
  forgetOldBuilds()
  return folder
}

function forgetOldBuilds(): void {
  const builds = readdirSync(BUILDS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{20}$/.test(entry.name))
    .map((entry) => ({ path: join(BUILDS, entry.name), usedMs: statSync(join(BUILDS, entry.name)).mtimeMs }))
    .sort((a, b) => b.usedMs - a.usedMs)
  for (const { path } of builds.slice(BUILDS_KEPT)) rmSync(path, { recursive: true, force: true })
}

/** The console, built when needed and read into memory. */
export const consolePages = async (say?: (sentence: string) => void): Promise<Pages> =>
  readPages(await consoleFolder(say))
