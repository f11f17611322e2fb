import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Type from 'typebox'
import { unavailable } from '#platform/errors'
import { type Route, route } from '#platform/http'
import { withLock } from '#platform/supervision'

const ROOT = join(import.meta.dirname, '../..')
const SDK = join(ROOT, 'sdk')
/** Beside what npm installed, since it is made from it and may be deleted at any time. */
const BUILDS = join(ROOT, 'node_modules/.cache/clientele-sdk')
const BUILD_TIMEOUT_MS = 60_000

/** The sources and the versions of what builds them, as one name. */
function sourcesHash(): string {
  const hash = createHash('sha256')
  const sources = readdirSync(join(SDK, 'source')).sort()
  for (const path of [...sources.map((name) => join(SDK, 'source', name)), join(SDK, 'build.ts')])
    hash.update(readFileSync(path)).update('\0')
  return hash
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
    .slice(0, 20)
}

/** The folder of the built script, made first when it is missing or its sources have changed since. */
export async function sdkFolder(): Promise<string> {
  const folder = join(BUILDS, sourcesHash())
  const built = (): boolean => existsSync(join(folder, 'clientele.mjs.br'))
  if (built()) return folder
  mkdirSync(BUILDS, { recursive: true })
  await withLock(join(BUILDS, 'build.lock'), BUILD_TIMEOUT_MS, async () => {
    if (built()) return
    // In a process of its own, so that the server never loads the bundler.
    const build = [join(SDK, 'build.ts'), folder]
    await promisify(execFile)(process.execPath, build, { cwd: ROOT, timeout: BUILD_TIMEOUT_MS })
  })
  return folder
}

interface Script {
  readonly etag: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly br: Buffer
}

const scripts = new Map<string, Promise<Script>>()

function scriptOf(file: string): Promise<Script> {
  let found = scripts.get(file)
  if (!found) {
    found = sdkFolder().then((folder) => {
      const plain = readFileSync(join(folder, file))
      return {
        plain,
        etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
        gzip: readFileSync(join(folder, `${file}.gz`)),
        br: readFileSync(join(folder, `${file}.br`)),
      }
    })
    scripts.set(file, found)
    found.catch(() => scripts.delete(file))
  }
  return found
}

// Pages of the bank's other origins load it: it holds nothing of anybody's. A page that pins it by its digest
// (integrity) loads it with crossorigin.
const HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  vary: 'accept-encoding',
}

const served = (file: string, summary: string): Route =>
  route({
    method: 'GET',
    url: `/sdk/${file}`,
    summary,
    needs: 'public',
    rate: { perMinute: 6000 },
    produces: 'text/javascript; charset=utf-8',
    reply: Type.Unknown(),
    handle: async ({ request, reply }) => {
      const script = await scriptOf(file).catch((error: unknown) => {
        throw unavailable(
          'sdk_not_built',
          {},
          'The script for the bank’s pages could not be built.',
          'Run npm ci, then start again.',
          error,
        )
      })
      reply.headers({ ...HEADERS, etag: script.etag })
      if (request.headers['if-none-match'] === script.etag) return reply.code(304).send()
      const taken = String(request.headers['accept-encoding'] ?? '')
      const coding = /\bbr\b/.test(taken) ? 'br' : /\bgzip\b/.test(taken) ? 'gzip' : undefined
      if (coding) reply.header('content-encoding', coding)
      return reply.send(coding ? script[coding] : script.plain)
    },
  })

/** The script for the bank's own pages: for a script element, and as a module. */
export const sdkRoutes: readonly Route[] = [
  served('clientele.js', 'The script for the bank’s own pages: placements, answers, consents; sets window.Clientele'),
  served('clientele.mjs', 'The same as a module'),
]
