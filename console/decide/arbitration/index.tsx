import { register } from '../../shell/registration.ts'

export default register({
  nav: [
    {
      part: 'decide',
      to: '/decide/arbitration',
      title: 'Arbitration',
      icon: 'scale',
      needs: 'decide.arbitration:read',
      order: 40,
    },
  ],
  routes: [
    { path: '/decide/arbitration', page: () => import('./arbitration-page.tsx'), needs: 'decide.arbitration:read' },
  ],
})
