import { register } from '../../shell/registration.ts'

const needs = ['platform.jobs:read', 'platform.outbox:read']

export default register({
  nav: [{ part: 'trust', to: '/platform/jobs', title: 'Background work', icon: 'wait', needs, order: 80 }],
  routes: [{ path: '/platform/jobs', page: () => import('./jobs-page.tsx'), needs }],
})
