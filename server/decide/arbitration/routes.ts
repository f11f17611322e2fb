import { route } from '#platform/http'
import { CalibrationQuery, CalibrationReply, LearningQuery, LearningReply, PropensitiesReply } from './contract.ts'
import { calibration, learning, propensities } from './index.ts'

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
  route({
    method: 'GET',
    url: '/api/decide/arbitration/learning',
    summary: 'What was known at the end of each of the latest days: offers seen and taken up, per action and channel.',
    needs: 'decide.arbitration:read',
    rate: { perMinute: 60 },
    query: LearningQuery,
    reply: LearningReply,
    handle: ({ rt, query }) => learning(rt, query.daysMax ?? 90),
  }),
  route({
    method: 'GET',
    url: '/api/decide/arbitration/calibration',
    summary:
      'Whether what was believed came true: the offers of each day, foretold with what was known the evening before.',
    needs: 'decide.arbitration:read',
    rate: { perMinute: 30 },
    query: CalibrationQuery,
    reply: CalibrationReply,
    handle: ({ rt, query }) => calibration(rt, query.daysMax ?? 90),
  }),
]
