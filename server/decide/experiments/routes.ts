import { route } from '#platform/http'
import { ArmsReply } from './contract.ts'
import { armCounts } from './index.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/api/decide/experiments/arms',
    summary: 'How many people are in each arm of each experiment and period, and how many left the analysis.',
    needs: 'decide.experiments:read',
    rate: { perMinute: 60 },
    reply: ArmsReply,
    handle: async ({ rt }) => ({ arms: [...(await armCounts(rt))] }),
  }),
]
