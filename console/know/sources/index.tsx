import { register } from '../../shell/registration.ts'

const needs = 'know.sources:read'

export default register({
  nav: [{ part: 'know', to: '/know/sources', title: 'Feeds', icon: 'feed', needs, order: 60 }],
  routes: [
    { path: '/know/sources', page: () => import('./feeds-page.tsx'), needs },
    { path: '/know/sources/$feedId', page: () => import('./quarantine-page.tsx'), needs: 'know.sources:write' },
  ],
})
