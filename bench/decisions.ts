import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { openBank } from '#app/bank'
import { wire } from '#app/modules'
import { buildApp } from '#app/server'
import { DecisionReply, DecisionRequest } from '#decide/decisions/contract'
import { countSegment, listSegments } from '#know/segments'
import type { Runtime } from '#platform/runtime'
import { createKey, systemActor } from '#trust/access'
import { fillBank } from './decisions-bank.ts'
import type { Load, Loaded } from './decisions-load.ts'
import { atLeast, atMost, type BenchRun, printed } from './figure.ts'

const CUSTOMERS = 1_000_000
const CONNECTIONS = 256
const SECONDS = 12
/** Until nothing more is compiled on the way: a bank's server has run for weeks. */
const WARM_SECONDS = 10
const PATH = '/api/decide/decisions'
const ACTOR = systemActor('bench')

/**
 * Next best actions over HTTP: 44 actions, a million customers, each asked for at random, and each decision stored
 * with its claimed contact before the answer. The peer is a Fastify server that takes the same request and gives the
 * same bytes back, under the same load generator, on the same machine in the same minute.
 */
export const run: BenchRun = async ({ size, progress }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clientele-bench-'))
  wire()
  const bank = await openBank({ dataDir })
  try {
    const { rt } = bank
    const customers = Math.max(2000, Math.round(CUSTOMERS * size))
    const seconds = Math.max(3, Math.round(SECONDS * Math.min(1, size)))
    await fillBank(rt, customers, progress)
    const permissions = ['decide.decisions:create']
    const { key } = await createKey(rt, { title: 'bench', permissions }, ACTOR)
    const app = buildApp(rt)
    await app.listen({ host: '127.0.0.1', port: 0 })
    try {
      const at = { host: '127.0.0.1', path: PATH, key, customers, connections: CONNECTIONS }
      const load: Omit<Load, 'seconds'> = { ...at, port: portOf(app) }
      const answer = await app.inject({
        method: 'POST',
        url: PATH,
        headers: { authorization: `Bearer ${key}` },
        payload: {
          customerId: await somebodyOffered(rt, customers),
          channel: 'app',
          placement: 'app_home',
          actionsMax: 1,
        },
      })
      const warm = await under({ ...load, seconds: Math.max(3, Math.round(WARM_SECONDS * Math.min(1, size))) })
      progress(`warmed up with ${warm.answered} decisions`)
      const cpuBefore = process.cpuUsage()
      const most = await under({ ...load, seconds })
      const cpu = process.cpuUsage(cpuBefore)
      progress(`${Math.round(most.perSecond)} decisions/s, p99 ${most.p99Ms} ms, ${most.failed} failed`)
      const echo = await echoed(answer.json(), { ...at, seconds: Math.max(3, Math.round(seconds / 2)) })
      progress(`${Math.round(echo.perSecond)} echoes/s of ${answer.body.length} bytes`)
      const counting = keepCounting(rt)
      const half = await under({ ...load, seconds, rate: most.perSecond / 2 })
      const counts = await counting.stop()
      progress(
        `at half the rate: p50 ${half.p50Ms.toFixed(1)} ms, p99 ${half.p99Ms.toFixed(1)} ms, ${counts} segment counts meanwhile`,
      )
      if (most.failed + half.failed + echo.failed > 0)
        throw new Error(`requests failed: ${most.failed} at most, ${half.failed} at half, ${echo.failed} echoed`)
      // Silence is cheaper than an offer: a bank that has nothing to say would measure something else.
      const stored = await rt.db<{ decisions: number; offered: number }[]>`
        select count(*)::int as decisions, count(*) filter (where contacts > 0)::int as offered from decide.decision`
      if (stored[0]!.offered < stored[0]!.decisions / 3)
        throw new Error(`only ${stored[0]!.offered} of ${stored[0]!.decisions} decisions had something to say`)
      return {
        figures: [
          atLeast(
            'decisions, durable before the reply',
            '/s',
            most.perSecond,
            'Fastify echo of the same bytes',
            echo.perSecond,
            0.25,
          ),
          atMost('p99 at half that rate, while segments are counted', 'ms', half.p99Ms, 'limit', 15),
          printed('p50 at half that rate', 'ms', half.p50Ms),
          printed('CPU of the server process per decision', 'µs', (cpu.user + cpu.system) / most.answered),
          printed('segment counts over everybody meanwhile', 'counts', counts),
          printed('decisions stored', 'decisions', stored[0]!.decisions),
          printed('of them with something to say', '%', (100 * stored[0]!.offered) / stored[0]!.decisions),
        ],
      }
    } finally {
      await app.close()
    }
  } finally {
    await bank.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const portOf = (app: { server: { address(): string | AddressInfo | null } }): number =>
  (app.server.address() as AddressInfo).port

/** A customer to whom something is said, so that the bytes echoed are those of an offer and not of an empty answer. */
async function somebodyOffered(rt: Runtime, customers: number): Promise<number> {
  const { decideFor } = await import('#decide/decisions')
  for (let customerId = 1; customerId <= Math.min(customers, 500); customerId++) {
    const reply = await decideFor(rt, {
      customerId,
      channel: 'app',
      placement: 'app_home',
      actionsMax: 1,
      actor: ACTOR,
    })
    if (reply.actions[0]?.offer) return customerId
  }
  return 1
}

/** Lets another process ask, and answers what it measured. */
async function under(load: Load): Promise<Loaded> {
  const child = fork(new URL('./decisions-load.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    return await new Promise<Loaded>((resolve, reject) => {
      child.on('message', (message: { loaded: Loaded } | { failed: string }) =>
        'failed' in message ? reject(new Error(message.failed)) : resolve(message.loaded),
      )
      child.on('exit', (code) => reject(new Error(`the load process ended with ${code}`)))
      child.send(load)
    })
  } finally {
    child.kill()
  }
}

/** A server that does nothing but take the request, check it against its schema and give the same answer back. */
async function echoed(answer: unknown, load: Omit<Load, 'port'>): Promise<Loaded> {
  const echo = Fastify()
  echo.post(PATH, { schema: { body: DecisionRequest, response: { 200: DecisionReply } } }, () => answer)
  await echo.listen({ host: '127.0.0.1', port: 0 })
  try {
    await under({ ...load, port: portOf(echo), seconds: 3 })
    return await under({ ...load, port: portOf(echo) })
  } finally {
    await echo.close()
  }
}

/** Counts the segments of the playbook over everybody, one after the other, until it is stopped. */
function keepCounting(rt: Runtime): { stop(): Promise<number> } {
  let going = true
  let counts = 0
  const work = (async () => {
    const { segments } = await listSegments(rt)
    for (let n = 0; going && segments.length > 0; n++) {
      await countSegment(rt, { segment: segments[n % segments.length]!.id }, { actor: ACTOR })
      counts++
    }
  })()
  return {
    stop: async () => {
      going = false
      await work
      return counts
    },
  }
}
