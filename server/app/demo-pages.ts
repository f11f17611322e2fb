import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { quietNights } from '#app/demo-nights'
import { demoPost } from '#app/demo-post'
import { loadConfig, type Overrides } from '#platform/config'
import type { Runtime } from '#platform/runtime'
import { createKey, revokeKey, systemActor } from '#trust/access'

const ROOT = join(import.meta.dirname, '../..')
/** What the demo bank's own server may do: what its channels do, and asking for its customers' tokens. */
const PERMISSIONS = ['engage.inbound:token', 'engage.inbound:ask', 'engage.inbound:respond', 'know.events:create']
const KEY_DAYS = 90

/**
 * The setting that lets the demo bank's pages call this server, beside those that are set: on this machine only, and
 * only where they are started.
 */
export function withPagesOrigins(env: Readonly<Record<string, string | undefined>>): Overrides {
  const { http, demo } = loadConfig(env)
  if (!demo.pages) return {}
  return {
    http: { origins: [...http.origins, `http://127.0.0.1:${demo.port}`, `http://localhost:${demo.port}`] },
  }
}

interface Made {
  seed: number
  today: string
  years: number
  size: number
}

/** What the demo bank was made from, as its generator wrote it down; undefined where there is no demo bank. */
function madeOf(rt: Runtime): Made | undefined {
  const file = join(rt.config.stores.dataDir, 'riverside/generate.order.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Made) : undefined
}

export interface DemoPages {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts the demo bank's internet bank and app, a process of its own that has a key and no more; undefined where there
 * is no demo bank, where they are not wanted, or where their port is taken, which is said.
 */
export async function startDemoPages(
  rt: Runtime,
  serverUrl: string,
  say: (sentence: string) => void,
): Promise<DemoPages | undefined> {
  const made = madeOf(rt)
  if (!made || !rt.config.demo.pages) return undefined
  const actor = systemActor('demo bank')
  const title = 'Riverside Bank, internet bank and app (demo)'
  const postFolder = join(rt.config.stores.dataDir, 'riverside/day')
  const post = demoPost(rt, postFolder)
  const { keyId, key } = await createKey(rt, { title, permissions: PERMISSIONS, days: KEY_DAYS }, actor)
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', join(ROOT, 'demo/pages/main.ts'), '--with-parent'],
      ...['--url', serverUrl, '--public-url', rt.config.http.publicUrl ?? serverUrl],
      ...['--port', String(rt.config.demo.port), '--seed', String(made.seed), '--size', String(made.size)],
      ...['--today', made.today, '--years', String(made.years), '--deliver', postFolder],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, RIVERSIDE_KEY: key } },
  )
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const folder = join(rt.config.stores.dataDir, 'riverside')
  const endNights = quietNights(rt, { folder, madeOn: made.today })
  const close = async (): Promise<void> => {
    endNights()
    // The end of its input is its sign to go.
    child.stdin.end()
    const late = setTimeout(() => child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(late)
    await post.close()
    await revokeKey(rt, keyId, 'the demo bank’s pages have ended', actor)
  }
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then(() => '{"failed":"its process ended"}'),
  ])
  const { listening, failed } = JSON.parse(first) as { listening?: string; failed?: string }
  lines.on('line', (line) => {
    const { delivered } = JSON.parse(line) as { delivered?: string }
    if (delivered) post.take(delivered)
  })
  if (listening === undefined) {
    say(`The demo bank’s pages could not be started: ${failed}. Set CLIENTELE_DEMO_PORT to another port.`)
    await close()
    return undefined
  }
  return { url: listening, close }
}
