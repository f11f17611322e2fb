import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

const needs = 'engage.webhooks:read'

export default register({
  nav: [{ part: 'engage', to: '/engage/webhooks', title: 'Webhooks', icon: 'hook', needs, order: 60 }],
  routes: [
    { path: '/engage/webhooks', page: () => import('./webhooks-page.tsx'), needs },
    { path: '/engage/webhooks/$webhookId', page: () => import('./webhook-page.tsx'), needs },
  ],
  home: [{ id: 'webhooks', needs, order: 50, panel: () => import('./home-panel.tsx') }],
  search: [
    {
      title: 'Webhooks',
      needs,
      find: async (text, signal) => {
        const { webhooks } = await call(endpoints.list, {}, { signal })
        const asked = text.toLowerCase()
        return webhooks
          .filter(({ title, url }) => title.toLowerCase().includes(asked) || url.toLowerCase().includes(asked))
          .slice(0, 8)
          .map(({ webhookId, title, url }) => ({
            id: webhookId,
            label: title,
            description: url,
            to: `/engage/webhooks/${webhookId}`,
          }))
      },
    },
  ],
})
