import { register } from '../../shell/registration.ts'

const DECISION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export default register({
  nav: [
    {
      part: 'decide',
      to: '/decide/decisions',
      title: 'Decisions',
      icon: 'decide',
      needs: 'decide.decisions:read',
      order: 10,
    },
  ],
  routes: [
    { path: '/decide/decisions', page: () => import('./decisions-page.tsx'), needs: 'decide.decisions:read' },
    {
      path: '/decide/decisions/$decisionId',
      page: () => import('./decision-page.tsx'),
      needs: 'decide.decisions:explain',
    },
  ],
  search: [
    {
      title: 'Decisions',
      needs: 'decide.decisions:explain',
      // A decision is found by its number alone; whether it is there is told by its page, which puts the look on record.
      find: async (text) => {
        const id = text.trim().toLowerCase()
        return DECISION_ID.test(id)
          ? [{ id, label: `Decision ${id}`, description: 'Why it came out so', to: `/decide/decisions/${id}` }]
          : []
      },
    },
  ],
})
