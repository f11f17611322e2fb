import { register } from '../../shell/registration.ts'

const needs = ['trust.consents:count', 'trust.consents:read']

export default register({
  nav: [{ part: 'trust', to: '/trust/consents', title: 'Consents', icon: 'consent', needs, order: 30 }],
  routes: [
    { path: '/trust/consents', page: () => import('./consents-page.tsx'), needs },
    { path: '/trust/consents/$customerId', page: () => import('./customer-page.tsx'), needs: 'trust.consents:read' },
  ],
})
