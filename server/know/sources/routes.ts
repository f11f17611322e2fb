import { type Route, route } from '#platform/http'
import * as contract from './contract.ts'
import { feedHealth, giveAgain, listFeeds, quarantineOf } from './index.ts'
import { waitingFor } from './waiting.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/know/sources/feeds',
    summary: 'The latest files given and what became of their rows.',
    needs: 'know.sources:read',
    rate: { perMinute: 120 },
    reply: contract.FeedList,
    handle: async ({ rt }) => ({ feeds: await listFeeds(rt) }),
  }),
  route({
    method: 'GET',
    url: '/api/know/sources/health',
    summary: 'Whether each source has come when it should, and up to which date it is known.',
    needs: 'know.sources:read',
    rate: { perMinute: 120 },
    reply: contract.FeedHealthList,
    handle: async ({ rt }) => ({ sources: await feedHealth(rt) }),
  }),
  route({
    method: 'GET',
    url: '/api/know/sources/waiting',
    summary: 'What waits for each source that is late, unbalanced, refused or never came.',
    needs: 'know.sources:read',
    rate: { perMinute: 120 },
    reply: contract.WaitingReply,
    handle: async ({ rt }) => ({ waiting: await waitingFor(rt, await feedHealth(rt)) }),
  }),
  route({
    method: 'GET',
    url: '/api/know/sources/feeds/:feedId/quarantine',
    summary: 'Rows that could not be applied, with their reasons.',
    needs: 'know.sources:write',
    rate: { perMinute: 120 },
    params: contract.FeedParams,
    query: contract.QuarantineQuery,
    reply: contract.QuarantineReply,
    handle: ({ rt, params, query }) => quarantineOf(rt, params.feedId, query.after ?? 0, query.limit ?? 100),
  }),
  route({
    method: 'POST',
    url: '/api/know/sources/feeds/:feedId/quarantine/again',
    summary: 'Give the rows in quarantine again, through the mapping as it is now.',
    needs: 'know.sources:write',
    rate: { perMinute: 12 },
    params: contract.FeedParams,
    body: contract.GiveAgainBody,
    reply: contract.Feed,
    handle: async ({ rt, actor, params, body }) =>
      (await giveAgain(rt, { feedId: params.feedId, actor, ...(body.asOf ? { asOf: body.asOf } : {}) })).feed,
  }),
]
