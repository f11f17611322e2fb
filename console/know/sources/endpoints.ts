import type * as sources from '#know/sources/contract'
import { endpoint } from '../../shell/api.ts'

export const feeds = endpoint<{ reply: typeof sources.FeedList }>('GET', '/api/know/sources/feeds')
export const health = endpoint<{ reply: typeof sources.FeedHealthList }>('GET', '/api/know/sources/health')
