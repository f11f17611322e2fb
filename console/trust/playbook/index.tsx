import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

const needs = 'trust.playbook:read'

export default register({
  nav: [{ part: 'trust', to: '/trust/playbook', title: 'Playbook', icon: 'playbook', needs, order: 10 }],
  routes: [
    { path: '/trust/playbook', page: () => import('./playbook-page.tsx'), needs },
    { path: '/trust/playbook/documents/$kind/$id', page: () => import('./document-page.tsx'), needs },
    { path: '/trust/playbook/drafts/$draftId', page: () => import('./draft-page.tsx'), needs },
    { path: '/trust/playbook/drafts/$draftId/$kind/$id', page: () => import('./editor-page.tsx'), needs },
  ],
  search: [
    {
      title: t('searchTitle'),
      needs,
      find: async (text, signal) => {
        const { documents } = await call(endpoints.revision, { query: {} }, { signal })
        const lower = text.toLowerCase()
        return documents
          .filter(({ id, title }) => title.toLowerCase().includes(lower) || id.includes(lower))
          .slice(0, 8)
          .map(({ kind, id, title }) => ({
            id: `${kind}/${id}`,
            label: title,
            description: `${kind} ${id}`,
            to: `/trust/playbook/documents/${kind}/${id}`,
          }))
      },
    },
  ],
  home: [{ id: 'approvals', needs: 'trust.playbook:approve', order: 30, panel: () => import('./home-approvals.tsx') }],
})
