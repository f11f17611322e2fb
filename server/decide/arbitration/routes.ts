import { route } from '#platform/http'
import { PropensitiesReply } from './contract.ts'
import { propensities } from './index.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/api/decide/arbitration/propensities',
    summary: 'Offers seen and taken up, per treatment and channel.',
    needs: 'decide.arbitration:read',
    rate: { perMinute: 120 },
    reply: PropensitiesReply,
    handle: async ({ rt }) => ({ propensities: await propensities(rt) }),
  }),
]
