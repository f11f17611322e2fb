import { register } from '../../shell/registration.ts'

const NEEDS = 'know.events:quarantine'

export default register({
  nav: [{ part: 'know', to: '/know/events', title: 'Events', icon: 'event', needs: NEEDS, order: 70 }],
  routes: [{ path: '/know/events', page: () => import('./events-page.tsx'), needs: NEEDS }],
})
