import { type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import { RestartBody, StopBody, StopParams, StopReply, StopsQuery, StopsReply, VersionReply } from './contract.ts'
import { confirmRestart, listStops, proposeRestart, stop, stopsNow } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/stops',
    summary: 'What is stopped now, and who asks that it may start again.',
    needs: 'trust.stops:read',
    rate: { perMinute: 600 },
    query: StopsQuery,
    reply: StopsReply,
    handle: async ({ rt, query }) => {
      const { version } = await stopsNow(rt.db)
      const rows = await listStops(rt.db, { all: query.all ?? false })
      return {
        version,
        stops: rows.map((row) => ({
          ...row,
          stoppedAt: row.stoppedAt.toISOString(),
          restart: row.restart && { ...row.restart, proposedAt: row.restart.proposedAt.toISOString() },
          confirmedAt: row.confirmedAt?.toISOString() ?? null,
        })),
      }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/stops',
    summary: 'Stop an action, a template, a channel, or everything: in force everywhere within seconds.',
    needs: 'trust.stops:stop',
    rate: { perMinute: 60 },
    idempotent: true,
    body: StopBody,
    reply: StopReply,
    status: 201,
    handle: ({ rt, body, actor }) => stop(rt, body, actor),
  }),
  route({
    method: 'POST',
    url: '/api/trust/stops/:stopId/restart',
    summary: 'Propose that what was stopped starts again; another person confirms.',
    needs: 'trust.stops:start',
    rate: { perMinute: 60 },
    params: StopParams,
    body: RestartBody,
    reply: Done,
    handle: async ({ rt, params, body, actor }) => {
      await proposeRestart(rt, params.stopId, body.reason, actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/stops/:stopId/restart/confirmation',
    summary: 'Confirm, as a second person, that it starts again.',
    needs: 'trust.stops:start',
    rate: { perMinute: 60 },
    params: StopParams,
    reply: VersionReply,
    handle: ({ rt, params, actor }) => confirmRestart(rt, params.stopId, actor),
  }),
]
