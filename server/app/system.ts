import Type from 'typebox'
import { forgetKeys, openapi, type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import { cancelJob, countJobs, findJob, forgetJobs, type Job, type JobRow, listJobs } from '#platform/jobs'
import { JobParams, JobReply, JobsReply } from '#platform/jobs/contract'
import { backlog, giveAgain, setAside } from '#platform/outbox'
import { MessageKey, SetAsideReply } from '#platform/outbox/contract'
import type { Runtime } from '#platform/runtime'
import { metricsOf, type Reading } from '#platform/telemetry'
import { forgetSessions } from '#trust/access'
import { record } from '#trust/audit'

/** What the system itself lets be read. */
export const systemReadings: readonly Reading[] = [
  {
    name: 'clientele_jobs',
    help: 'Jobs of the last thirty days by what they do and how they stand: waiting, running, done, failed, cancelled.',
    labels: ['name', 'state'],
    read: async (rt) =>
      (await countJobs(rt)).map(({ name, state, jobs }) => ({ labels: { name, state }, value: jobs })),
  },
  {
    name: 'clientele_clickhouse_starts',
    help: 'How often the ClickHouse of this data directory was started: more while the server runs means that it died. Absent by URL.',
    labels: [],
    read: async ({ lake }) => (lake.starts === undefined ? [] : [{ value: lake.starts() }]),
  },
]

const Text = Type.String()
const Unknown = Type.Unknown()

// A payload may name customers, so a job is shown without it.
const shown = ({ payload: _, createdAt, endedAt, ...job }: JobRow) => ({
  ...job,
  createdAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
})

/** Whether each store answers, and how long it took. */
export async function readiness(
  rt: Runtime,
): Promise<{ ready: boolean; stores: { store: string; ready: boolean; ms: number }[] }> {
  const ask = async (store: string, question: () => Promise<unknown>) => {
    const began = performance.now()
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('no answer within 2 s')), 2000).unref(),
    )
    const ready = await Promise.race([question(), late]).then(
      () => true,
      () => false,
    )
    return { store, ready, ms: Math.round(performance.now() - began) }
  }
  const stores = await Promise.all([
    ask('postgres', () => rt.db`select 1`),
    ask('clickhouse', () => rt.lake.query('select 1')),
  ])
  return { ready: stores.every(({ ready }) => ready), stores }
}

/** The routes of the server itself. `all`: every route, for the reference; `readings`: what modules let be read. */
export const systemRoutes = (all: () => readonly Route[], readings: () => readonly Reading[]): Route[] => {
  let document: unknown
  return [
    route({
      method: 'GET',
      url: '/health',
      summary: 'Whether the process answers.',
      needs: 'public',
      rate: { perMinute: 6000 },
      reply: Type.Object({ healthy: Type.Literal(true) }),
      handle: () => ({ healthy: true as const }),
    }),
    route({
      method: 'GET',
      url: '/ready',
      summary: 'Whether the stores answer; 503 when one does not.',
      needs: 'public',
      rate: { perMinute: 600 },
      reply: Type.Object({
        ready: Type.Boolean(),
        stores: Type.Array(Type.Object({ store: Text, ready: Type.Boolean(), ms: Type.Integer() })),
      }),
      handle: async ({ rt, reply }) => {
        const found = await readiness(rt)
        if (!found.ready) reply.code(503)
        return found
      },
    }),
    route({
      method: 'GET',
      url: '/metrics',
      summary: 'Numbers of this process, in the Prometheus text format.',
      needs: 'platform.metrics:read',
      rate: { perMinute: 120 },
      reply: Unknown,
      produces: 'text/plain; version=0.0.4; charset=utf-8',
      handle: async ({ rt }) => {
        const { customers, oldestSeconds } = await backlog(rt)
        const found = metricsOf(rt)
        found.outboxCustomers.set(customers)
        found.outboxOldestSeconds.set(oldestSeconds)
        return found.text(rt, readings())
      },
    }),
    route({
      method: 'GET',
      url: '/api/openapi.json',
      summary: 'This reference, as OpenAPI 3.1.',
      needs: 'public',
      rate: { perMinute: 60 },
      reply: Unknown,
      handle: () => (document ??= openapi(all())),
    }),
    route({
      method: 'GET',
      url: '/api/platform/jobs',
      summary: 'The latest jobs.',
      needs: 'platform.jobs:read',
      rate: { perMinute: 120 },
      reply: JobsReply,
      handle: async ({ rt }) => ({ jobs: (await listJobs(rt)).map(shown) }),
    }),
    route({
      method: 'GET',
      url: '/api/platform/jobs/:jobId',
      summary: 'One job and its progress.',
      needs: 'platform.jobs:read',
      rate: { perMinute: 600 },
      params: JobParams,
      reply: JobReply,
      handle: async ({ rt, params }) => shown(await findJob(rt, params.jobId)),
    }),
    route({
      method: 'PUT',
      url: '/api/platform/jobs/:jobId/cancellation',
      summary: 'Cancel a job: at once when it waits, else at its next safe place.',
      needs: 'platform.jobs:cancel',
      rate: { perMinute: 60 },
      params: JobParams,
      reply: Done,
      handle: async ({ rt, actor, params }) => {
        await cancelJob(rt, params.jobId)
        await record(rt, { actor, action: 'platform.jobs:cancelled', subject: params.jobId })
        return { done: true as const }
      },
    }),
    route({
      method: 'GET',
      url: '/api/platform/outbox/set-aside',
      summary: 'Messages that a subscription could not handle.',
      needs: 'platform.outbox:read',
      rate: { perMinute: 120 },
      reply: SetAsideReply,
      handle: async ({ rt }) => ({
        // The reason may quote a value: it is for the log and the database.
        messages: (await setAside(rt)).map(({ reason: _, setAsideAt, ...message }) => ({
          ...message,
          setAsideAt: setAsideAt.toISOString(),
        })),
      }),
    }),
    route({
      method: 'POST',
      url: '/api/platform/outbox/set-aside',
      summary: 'Give a message that was set aside again.',
      needs: 'platform.outbox:give_again',
      rate: { perMinute: 120 },
      body: MessageKey,
      reply: Done,
      handle: async ({ rt, actor, body }) => {
        await giveAgain(rt, body)
        await record(rt, {
          actor,
          action: 'platform.outbox:given_again',
          subject: `${body.subscription} ${body.version}-${body.sequence}`,
          ...(body.customerId > 0 ? { customerIds: [body.customerId] } : {}),
        })
        return { done: true as const }
      },
    }),
  ]
}

const KEYS_KEPT_DAYS = 7

export const systemJobs: Job[] = [
  {
    name: 'platform.forget',
    schedule: { everySeconds: 3600 },
    handle: async (rt) => ({
      keys: await forgetKeys(rt.db, KEYS_KEPT_DAYS),
      jobs: await forgetJobs(rt),
      sessions: await forgetSessions(rt),
    }),
  },
]
