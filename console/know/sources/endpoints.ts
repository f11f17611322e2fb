import type * as sources from '#know/sources/contract'
import { endpoint } from '../../shell/api.ts'

export const feeds = endpoint<{ query: typeof sources.FeedsQuery; reply: typeof sources.FeedList }>(
  'GET',
  '/api/know/sources/feeds',
)
export const health = endpoint<{ reply: typeof sources.FeedHealthList }>('GET', '/api/know/sources/health')
export const waiting = endpoint<{ reply: typeof sources.WaitingReply }>('GET', '/api/know/sources/waiting')
export const quarantine = endpoint<{
  params: typeof sources.FeedParams
  query: typeof sources.QuarantineQuery
  reply: typeof sources.QuarantineReply
}>('GET', '/api/know/sources/feeds/:feedId/quarantine')
export const giveAgain = endpoint<{
  params: typeof sources.FeedParams
  body: typeof sources.GiveAgainBody
  reply: typeof sources.Feed
}>('POST', '/api/know/sources/feeds/:feedId/quarantine/again')
