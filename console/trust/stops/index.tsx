import { register } from '../../shell/registration.ts'
import { StopsBanner } from './banner.tsx'

const needs = 'trust.stops:read'

export default register({
  nav: [{ part: 'trust', to: '/trust/stops', title: 'Emergency stop', icon: 'stop', needs, order: 20 }],
  routes: [{ path: '/trust/stops', page: () => import('./stops-page.tsx'), needs }],
  banner: [{ needs, show: () => <StopsBanner /> }],
})
