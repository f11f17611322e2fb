import { register } from '../../shell/registration.ts'

const needs = 'trust.access:read'

export default register({
  nav: [{ part: 'trust', to: '/trust/access', title: 'Access', icon: 'key', needs, order: 40 }],
  routes: [{ path: '/trust/access', page: () => import('./access-page.tsx'), needs }],
})
