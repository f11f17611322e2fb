import { type Route, route, whenCallerLeaves } from '#platform/http'
import { AcceptanceQuery, AcceptanceReply, LiftQuery, LiftReply, SeriesQuery, SeriesReply } from './contract.ts'
import { acceptanceBy, liftReport, liftSeries } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/learn/outcomes/lift',
    summary: 'What contact changed, for each action: treated against control by intention to treat, with its interval',
    needs: 'learn.outcomes:read',
    rate: { perMinute: 60 },
    query: LiftQuery,
    reply: LiftReply,
    handle: async ({ rt, query }) => {
      const { asOf, lines } = await liftReport(rt, query)
      return { asOf: asOf.toISOString(), lines }
    },
  }),
  route({
    method: 'GET',
    url: '/api/learn/outcomes/lift/series',
    summary: 'The same for one action week by week or month by month',
    needs: 'learn.outcomes:read',
    rate: { perMinute: 30 },
    query: SeriesQuery,
    reply: SeriesReply,
    handle: async ({ rt, query }) => {
      const { asOf, lines } = await liftSeries(rt, query)
      return { asOf: asOf.toISOString(), lines }
    },
  }),
  route({
    method: 'GET',
    url: '/api/learn/outcomes/acceptance',
    summary: 'What became of contacts, by action, channel, treatment, segment or over time, with the share accepted',
    needs: 'learn.outcomes:read',
    rate: { perMinute: 120 },
    query: AcceptanceQuery,
    reply: AcceptanceReply,
    handle: ({ rt, query, request }) => acceptanceBy(rt, query, whenCallerLeaves(request)),
  }),
]
