import type { FastifyInstance } from 'fastify'
import { customerAsking } from '#engage/inbound'
import { startDeliverer } from '#engage/webhooks'
import { buildServer, closeServer, type Pages } from '#platform/http'
import { startWorkers } from '#platform/jobs'
import { startRelay } from '#platform/outbox'
import type { Runtime } from '#platform/runtime'
import { metricsOf } from '#platform/telemetry'
import { authenticator, mustSee, readGroups } from '#trust/access'
import { activeRevision, bankOf, followPlaybook } from '#trust/playbook'
import { jobs, routes, subscriptions, wire } from './modules.ts'

/**
 * The HTTP server over all modules, not yet listening. For tests: `checkReplies`, every answer against its schema, and
 * `limitRates` false.
 */
export function buildApp(
  rt: Runtime,
  {
    checkReplies = false,
    limitRates = true,
    pages,
  }: { checkReplies?: boolean; limitRates?: boolean; pages?: Pages | undefined } = {},
): FastifyInstance {
  wire()
  // What groups of the identity provider mean is checked before anybody signs in by them.
  readGroups(rt.config.access.oidcGroups)
  const metrics = metricsOf(rt)
  return buildServer({
    rt,
    routes,
    authenticate: authenticator(() => performance.now()),
    customer: (rt, request) => customerAsking(rt, request.headers),
    origins: rt.config.http.origins,
    admit: mustSee,
    observe: (route) => metrics.observe(route),
    checkReplies,
    limitRates,
    trustProxy: rt.config.http.trustProxy,
    pages,
  })
}

export interface Server {
  /** Where it listens, e.g. http://127.0.0.1:4000. */
  readonly url: string
  /** Stops taking requests, finishes those under way, and lets jobs and messages go to other servers. */
  close(): Promise<void>
}

/** One server process on a pair of stores, of which there may be several. `port`: 0 takes any free one. */
export async function startServer(
  rt: Runtime,
  {
    host = rt.config.http.host,
    port = rt.config.http.port,
    withWorkers = true,
    pages,
  }: { host?: string; port?: number; withWorkers?: boolean; pages?: Pages | undefined } = {},
): Promise<Server> {
  const app = buildApp(rt, { pages })
  const url = await app.listen({ host, port })
  const follower = await followPlaybook(rt, { name: url })
  const relay = startRelay(rt, subscriptions)
  const deliverer = withWorkers ? startDeliverer(rt) : undefined
  const workers = withWorkers ? startWorkers(rt, jobs, { zone: () => zoneOf(rt) }) : undefined
  rt.log.info({ url }, 'the server listens')
  let closing: Promise<void> | undefined
  return {
    url,
    close() {
      closing ??= (async () => {
        await closeServer(app, rt.config.http.drainMs)
        await Promise.all([workers?.stop(), relay.stop(), deliverer?.stop(), follower.close()])
        rt.log.info({ url }, 'the server has stopped')
      })()
      return closing
    },
  }
}

/** The bank's zone, for schedules; undefined while the bank has no playbook that says it. */
async function zoneOf(rt: Runtime): Promise<string | undefined> {
  const revision = await activeRevision(rt)
  return revision.sequence === 0 ? undefined : bankOf(revision).zone
}
