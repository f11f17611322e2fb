import { type Route, route } from '#platform/http'
import { LiftQuery, LiftReply } from './contract.ts'
import { liftReport } from './index.ts'

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
]
