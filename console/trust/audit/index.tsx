import { register } from '../../shell/registration.ts'

const needs = 'trust.audit:read'

export default register({
  nav: [{ part: 'trust', to: '/trust/audit', title: 'Audit', icon: 'audit', needs, order: 50 }],
  routes: [{ path: '/trust/audit', page: () => import('./audit-page.tsx'), needs }],
})
