import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

const needs = 'engage.inbound:read'

export default register({
  nav: [{ part: 'engage', to: '/engage/inbound', title: 'Placements', icon: 'place', needs, order: 30 }],
  routes: [
    { path: '/engage/inbound', page: () => import('./places-page.tsx'), needs },
    { path: '/engage/inbound/$placementId', page: () => import('./place-page.tsx'), needs },
  ],
  search: [
    {
      title: 'Placements',
      needs,
      find: async (text, signal) => {
        const { placements } = await call(endpoints.places, {}, { signal })
        const asked = text.toLowerCase()
        return placements
          .filter(({ title, placement }) => title.toLowerCase().includes(asked) || placement.includes(asked))
          .slice(0, 6)
          .map(({ placement, title, channelTitle }) => ({
            id: placement,
            label: title,
            description: channelTitle,
            to: `/engage/inbound/${placement}`,
          }))
      },
    },
  ],
})
