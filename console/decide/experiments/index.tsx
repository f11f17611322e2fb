import { register } from '../../shell/registration.ts'

export default register({
  nav: [
    {
      part: 'decide',
      to: '/decide/experiments',
      title: 'Experiments',
      icon: 'experiment',
      needs: 'decide.experiments:read',
      order: 50,
    },
  ],
  routes: [
    { path: '/decide/experiments', page: () => import('./experiments-page.tsx'), needs: 'decide.experiments:read' },
  ],
})
