import { type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import { ViewBody, ViewParams, ViewsQuery, ViewsReply } from './contract.ts'
import { listViews, removeView, saveView } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/views',
    summary: 'My saved views, and those that colleagues share with a role of mine.',
    needs: 'signed-in',
    rate: { perMinute: 600 },
    query: ViewsQuery,
    reply: ViewsReply,
    handle: async ({ rt, actor, query }) => ({ views: await listViews(rt, actor, query.page) }),
  }),
  route({
    method: 'PUT',
    url: '/api/trust/views/:viewId',
    summary: 'Save a view of a page, for me or for a role.',
    needs: 'signed-in',
    rate: { perMinute: 120 },
    params: ViewParams,
    body: ViewBody,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await saveView(rt, params.viewId, body, actor)
      return { done: true as const }
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/trust/views/:viewId',
    summary: 'Remove a view of mine.',
    needs: 'signed-in',
    rate: { perMinute: 120 },
    params: ViewParams,
    reply: Done,
    handle: async ({ rt, actor, params }) => {
      await removeView(rt, params.viewId, actor)
      return { done: true as const }
    },
  }),
]
