import { openBank } from '#app/bank'
import { consolePages } from '#app/console'
import {
  bringEvents,
  bringHistory,
  bringRecent,
  type DemoBank,
  demoBank,
  noteBegun,
  noteComplete,
  unfinishedBank,
} from '#app/demo-bank'
import { type DemoPages, startDemoPages, withPagesOrigins } from '#app/demo-pages'
import { demoPeople } from '#app/demo-people'
import { wire } from '#app/modules'
import { progressBar } from '#app/progress'
import { startServer } from '#app/server'
import { numberOf, optionOf, type Verb } from '#app/verb'
import { systemClock } from '#platform/clock'
import type { Runtime } from '#platform/runtime'
import { createFirstAdministrator } from '#trust/access'
import { activeRevision } from '#trust/playbook'

export const start: Verb = {
  name: 'start',
  usage: 'start [--port N] [--empty]',
  sentence: 'starts the server; on first start it makes the demo bank, Riverside Bank',
  options: {
    port: { type: 'string', sentence: 'where it listens; by default 4000, or CLIENTELE_PORT' },
    host: { type: 'string', sentence: 'on which address; by default loopback only' },
    customers: { type: 'string', sentence: 'of the demo bank; by default 20,000' },
    empty: { type: 'boolean', sentence: 'no demo bank: for a bank’s own playbook and files' },
  },
  async run(call) {
    wire()
    // Without its pages the server still serves every other system, so a build that fails is said and no more.
    const building = consolePages(call.say).catch((error: unknown) => {
      call.say(error instanceof Error ? error.message : String(error))
      return undefined
    })
    const bank = await openBank({ dataDir: call.dataDir, overrides: withPagesOrigins(process.env) })
    const { rt } = bank
    const pages = await building
    const host = optionOf(call, 'host')
    const port = optionOf(call, 'port') === undefined ? undefined : numberOf(call, 'port', 4000)
    const server = await startServer(rt, { ...(host ? { host } : {}), ...(port ? { port } : {}), pages })
    const ended = untilTold()
    let bankPages: Promise<DemoPages | undefined> = Promise.resolve(undefined)
    try {
      const first = await createFirstAdministrator(rt)
      call.say(`Clientele answers on ${server.url}`)
      if (first)
        call.say(
          `First sign-in: ${first.login}, one-time password ${first.oneTimePassword} (shown once; it is changed at sign-in)`,
        )
      const empty = call.options.empty === true
      const fresh = (await activeRevision(rt)).sequence === 0
      let filling: Promise<void> = Promise.resolve()
      const order =
        unfinishedBank(rt) ??
        (fresh && !empty ? demoBank(rt, { customers: numberOf(call, 'customers', 20_000) }) : undefined)
      const ready = () => {
        call.answer({ url: server.url, ready: true }, `Ready: ${server.url}`)
        bankPages = startDemoPages(rt, server.url, call.say)
        bankPages.then(
          (found) =>
            found && call.say(`Riverside Bank’s internet bank and app: ${found.url} (guided tour: ${found.url}/tour)`),
          (error: unknown) => rt.log.error({ error: String(error) }, 'the demo bank’s pages could not be started'),
        )
        bankPages
          .then((found) => (found && !ended.signal.aborted ? demoPeople(rt) : undefined))
          .then(
            (guide) =>
              guide &&
              call.say(
                `To look around in the console: ${guide.login}, password ${guide.password}; others in docs/guide/demo-bank.md`,
              ),
            (error: unknown) => rt.log.error({ error: String(error) }, 'the demo bank’s people could not be let in'),
          )
      }
      // A bank that has its playbook can be used, also while what is missing of the demo bank still comes in.
      if (!fresh || empty) ready()
      const whenReady = fresh ? ready : () => {}
      if (order) filling = fill(rt, server.url, order, { ready: whenReady, say: call.say, signal: ended.signal })
      filling.catch((error: unknown) => {
        // Stopped half-way: the next start goes on.
        if (ended.signal.aborted) return
        rt.log.error({ error: String(error) }, 'the demo bank could not be made')
        call.say(`The demo bank could not be made: ${error instanceof Error ? error.message : String(error)}`)
      })
      await ended.promise
      call.say('Stopping: requests under way are finished.')
      return 0
    } finally {
      await (await bankPages.catch(() => undefined))?.close()
      await server.close()
      await bank.close()
    }
  },
}

/** The demo bank in two parts: usable with the first; the earlier months follow while people use it. */
async function fill(
  rt: Runtime,
  url: string,
  order: DemoBank,
  { ready, say, signal }: { ready: () => void; say: (sentence: string) => void; signal: AbortSignal },
): Promise<void> {
  noteBegun(rt, order)
  const bar = (title: string) =>
    progressBar(systemClock, (text) => process.stderr.write(text), { terminal: process.stderr.isTTY === true, title })
  const recent = bar('Making Riverside Bank')
  await bringRecent(rt, order, recent.to)
  recent.end()
  ready()
  say(`${order.customers.toLocaleString('en')} customers are here. What they told us and their earlier months follow.`)
  if (signal.aborted) return
  // Plans, pages and answers first: they change what is decided, while old months seldom do.
  await bringEvents(rt, order, url)
  if (signal.aborted) return
  const history = bar('Earlier months')
  await bringHistory(rt, order, history.to)
  history.end()
  noteComplete(rt)
  say('Riverside Bank is complete: two years of history.')
}

/** Resolves when the process is asked to stop. */
function untilTold(): { promise: Promise<void>; signal: AbortSignal } {
  const controller = new AbortController()
  const promise = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => {
        controller.abort()
        resolve()
      })
  })
  return { promise, signal: controller.signal }
}
