import { register } from '../../shell/registration.ts'

const needs = 'trust.privacy:read'

export default register({
  nav: [{ part: 'trust', to: '/trust/privacy', title: 'Personal data', icon: 'privacy', needs, order: 60 }],
  routes: [{ path: '/trust/privacy', page: () => import('./privacy-page.tsx'), needs }],
})
