import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

const NEEDS = 'know.segments:read'

export default register({
  nav: [{ part: 'know', to: '/know/segments', title: 'Segments', icon: 'segment', needs: NEEDS, order: 20 }],
  routes: [
    { path: '/know/segments', page: () => import('./segments-page.tsx'), needs: NEEDS },
    { path: '/know/segments/new', page: () => import('./segment-page.tsx'), needs: 'know.segments:count' },
    { path: '/know/segments/$segmentId', page: () => import('./segment-page.tsx'), needs: NEEDS },
    {
      path: '/know/segments/$segmentId/members',
      page: () => import('./members-page.tsx'),
      needs: 'know.segments:list',
    },
  ],
  home: [
    {
      id: 'base',
      needs: 'know.segments:count',
      roles: ['board_member', 'customer_strategist', 'segment_manager'],
      order: 25,
      wide: true,
      panel: () => import('./base.tsx'),
    },
  ],
  search: [
    {
      title: 'Segments',
      needs: NEEDS,
      find: async (text, signal) => {
        const { segments } = await call(endpoints.list, {}, { signal })
        const wanted = text.toLowerCase()
        return segments
          .filter(({ id, title, meaning }) => `${id} ${title} ${meaning ?? ''}`.toLowerCase().includes(wanted))
          .slice(0, 8)
          .map(({ id, title, meaning }) => ({
            id: `segment-${id}`,
            label: title,
            description: meaning ?? '',
            to: `/know/segments/${id}`,
          }))
      },
    },
  ],
})
