import { register } from '../../shell/registration.ts'

const NEEDS = 'know.interactions:read'

export default register({
  nav: [{ part: 'know', to: '/know/interactions', title: 'Contacts', icon: 'message', needs: NEEDS, order: 50 }],
  routes: [{ path: '/know/interactions', page: () => import('./interactions-page.tsx'), needs: NEEDS }],
})
