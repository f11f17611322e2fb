import { register } from '../../shell/registration.ts'

export default register({
  nav: [
    {
      part: 'learn',
      to: '/learn/outcomes',
      title: 'Outcomes',
      icon: 'outcome',
      needs: 'learn.outcomes:read',
      order: 20,
    },
  ],
  routes: [{ path: '/learn/outcomes', page: () => import('./outcomes-page.tsx'), needs: 'learn.outcomes:read' }],
  home: [
    {
      id: 'outcomes',
      needs: 'learn.outcomes:read',
      roles: ['board_member', 'customer_strategist', 'product_owner', 'campaign_manager', 'data_scientist'],
      order: 20,
      wide: true,
      panel: () => import('./home-panel.tsx'),
    },
  ],
})
