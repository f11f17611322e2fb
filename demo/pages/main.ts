import { parseArgs } from 'node:util'
import { dayOf } from '../days.ts'
import { buildPages } from './server.ts'

/**
 * Riverside Bank's internet bank and app: a process of its own, which speaks to Clientele only as a bank's server does.
 * The key comes by the environment (RIVERSIDE_KEY); says as one line of JSON where it listens, and with --deliver as one
 * line each what folder of files the core has made there; ends with its input.
 */
const text = { type: 'string' as const }
const { values } = parseArgs({
  options: {
    url: text,
    'public-url': text,
    host: text,
    port: text,
    seed: text,
    size: text,
    today: text,
    years: text,
    deliver: text,
    'with-parent': { type: 'boolean', default: false },
  },
})

const say = (said: Record<string, string>): void => void process.stdout.write(`${JSON.stringify(said)}\n`)

const url = values.url ?? 'http://127.0.0.1:4000'
const app = buildPages({
  door: { url, apiKey: process.env.RIVERSIDE_KEY ?? '' },
  publicUrl: values['public-url'] ?? url,
  bank: {
    seed: Number(values.seed ?? 7),
    size: Number(values.size ?? 20_000),
    today: dayOf(values.today ?? new Date().toISOString().slice(0, 10)),
    years: Number(values.years ?? 2),
  },
  now: () => new Date(),
  hosts: values.host ? [values.host] : [],
  ...(values.deliver ? { post: { folder: values.deliver, carry: (delivered) => say({ delivered }) } } : {}),
})

const end = (): void => void app.close().then(() => process.exit(0))
process.once('SIGTERM', end)
process.once('SIGINT', end)
// Whoever started it holds the other end of its input: when that process is gone, however it went, so is this one.
if (values['with-parent']) process.stdin.resume().once('end', end).once('error', end)

try {
  const listening = await app.listen({ host: values.host ?? '127.0.0.1', port: Number(values.port ?? 4001) })
  say({ listening })
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
  process.stdin.pause()
}
