/**
 * A server process that kills a store, or itself, after a chosen statement of a request. Forked by the scenario; it is
 * told over IPC when: `{ victim, after }` counts the statements and replies of requests from then on.
 */

import { openBank } from '#app/bank'
import { subscriptions, wire } from '#app/modules'
import { buildApp } from '#app/server'
import { startRelay } from '#platform/outbox'
import type { Db } from '#platform/postgres'
import { followPlaybook } from '#trust/playbook'

export type Victim = 'server' | 'postgres' | 'clickhouse'
export interface Order {
  readonly victim: Victim
  /** Counted from 1. */
  readonly after: number
}
export type Word =
  | { readonly url: string }
  | { readonly armed: true }
  | { readonly killed: Victim; readonly step: string }
  | { readonly counted: number }

const say = (word: Word): boolean => process.send!(word)
const bank = await openBank({
  dataDir: process.argv[2]!,
  env: { CLIENTELE_LOG_LEVEL: 'silent', CLIENTELE_SHARED_BUFFERS_BYTES: '67108864' },
})
let order: Order | undefined
let steps = 0
/** A killed process may be seen for a moment longer. */
let killed: number | undefined

function step(what: string): void {
  if (!order || ++steps < order.after) return
  const { victim } = order
  order = undefined
  say({ killed: victim, step: what })
  killed = victim === 'server' ? process.pid : bank.pids()[victim]!
  process.kill(killed, 'SIGKILL')
}

/** A store that is still dead from the last time cannot be killed: wait for it. */
async function arm(told: Order): Promise<void> {
  const isBack = (victim: 'postgres' | 'clickhouse'): boolean => {
    const pid = bank.pids()[victim]
    return pid !== undefined && pid !== killed
  }
  while (told.victim !== 'server' && !isBack(told.victim)) await new Promise((resolve) => setTimeout(resolve, 20))
  order = told
  steps = 0
  say({ armed: true })
}

/** The same database, counting each statement when it has been answered: what comes next has not been sent yet. */
function counted(db: Db): Db {
  return new Proxy(db, {
    apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
      const query = Reflect.apply(target as never, self, [strings, ...values]) as Promise<unknown>
      // A piece of a statement is never awaited, only whole statements are.
      if (typeof query?.then !== 'function') return query
      const then = query.then.bind(query)
      const words = strings.join('…').replace(/\s+/g, ' ').trim().slice(0, 60)
      // biome-ignore lint/suspicious/noThenProperty: the query stays the driver's own object, which its pieces must be.
      query.then = ((done, failed) =>
        then((rows) => {
          step(words)
          return done ? done(rows) : rows
        }, failed)) as typeof query.then
      return query
    },
    get(target, name) {
      const found = Reflect.get(target, name)
      // The session of a transaction counts as well.
      if (name === 'reserve') return async () => counted((await found.call(target)) as Db)
      return typeof found === 'function' ? found.bind(target) : found
    },
  })
}

wire()
const { rt } = bank
const app = buildApp({ ...rt, db: counted(rt.db) })
app.addHook('onSend', async (request, _reply, payload) => {
  if (request.method === 'POST') step('the reply')
  return payload
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const follower = await followPlaybook(rt, { name: url })
const relay = startRelay(rt, subscriptions, { idleMs: 50, leaseMs: 2_000 })
process.on('message', (told: Order | 'count' | 'stop') => {
  if (told === 'count') return void say({ counted: steps })
  if (told !== 'stop') {
    void arm(told)
    return
  }
  void (async () => {
    await app.close()
    await Promise.all([relay.stop(), follower.close()])
    await bank.close()
    process.exit(0)
  })()
})
say({ url })
