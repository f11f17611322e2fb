import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

const NEEDS = 'know.attributes:read'

export default register({
  nav: [{ part: 'know', to: '/know/attributes', title: 'Attributes', icon: 'attribute', needs: NEEDS, order: 30 }],
  routes: [{ path: '/know/attributes', page: () => import('./attributes-page.tsx'), needs: NEEDS }],
  search: [
    {
      title: 'Attributes',
      needs: NEEDS,
      find: async (text, signal) => {
        const { attributes } = await call(endpoints.catalogue, {}, { signal })
        const wanted = text.toLowerCase()
        return attributes
          .filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(wanted))
          .slice(0, 8)
          .map(({ id, title, meaning }) => ({
            id: `attribute-${id}`,
            label: title,
            description: meaning,
            to: `/know/attributes?row=${id}`,
          }))
      },
    },
  ],
})
