import { register } from '../../shell/registration.ts'

const needs = 'learn.pulse:read'

export default register({
  nav: [{ part: 'learn', to: '/learn/pulse', title: 'Pulse', icon: 'pulse', needs, order: 10 }],
  routes: [{ path: '/learn/pulse', page: () => import('./pulse-page.tsx'), needs }],
  home: [
    { id: 'pulse', needs, order: 10, wide: true, panel: () => import('./home-panel.tsx') },
    // Whoever steers the loop, which whoever sees outcomes does.
    { id: 'pictures', needs: 'learn.outcomes:read', order: 60, wide: true, panel: () => import('./home-charts.tsx') },
  ],
})
