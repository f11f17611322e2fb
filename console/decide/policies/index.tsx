import { register } from '../../shell/registration.ts'

export default register({
  nav: [
    {
      part: 'decide',
      to: '/decide/policies',
      title: 'Policies',
      icon: 'policy',
      needs: 'decide.policies:read',
      order: 30,
    },
  ],
  routes: [{ path: '/decide/policies', page: () => import('./policies-page.tsx'), needs: 'decide.policies:read' }],
})
