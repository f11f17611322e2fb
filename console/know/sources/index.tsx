import { register } from '../../shell/registration.ts'

export default register({
  nav: [{ part: 'know', to: '/know/sources', title: 'Feeds', icon: 'feed', needs: 'know.sources:read', order: 60 }],
  routes: [{ path: '/know/sources', page: () => import('./feeds-page.tsx'), needs: 'know.sources:read' }],
})
