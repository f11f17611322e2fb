import { type Route, route } from '#platform/http'
import * as contract from './contract.ts'
import { feedHealth, giveAgain, listFeeds, quarantinedLine, viewQuarantine } from './index.ts'
import { waitingFor } from './waiting.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/know/sources/feeds',
    summary: 'The files given and what became of their rows, newest first, a page at a time.',
    needs: 'know.sources:read',
    rate: { perMinute: 120 },
    query: contract.FeedsQuery,
    reply: contract.FeedList,
    handle: ({ rt, query }) => listFeeds(rt, { ...query, limit: query.limit ?? 100 }),
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
    handle: ({ rt, actor, params, query }) => viewQuarantine(rt, { feedId: params.feedId, ...query, actor }),
  }),
  route({
    method: 'GET',
    url: '/api/know/sources/feeds/:feedId/quarantine/:line',
    summary: 'One row in quarantine, as the source wrote it, and why it is there.',
    needs: 'know.sources:write',
    rate: { perMinute: 300 },
    params: contract.QuarantinedLineParams,
    reply: contract.QuarantinedRow,
    handle: ({ rt, actor, params }) => quarantinedLine(rt, params.feedId, params.line, actor),
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
