import type { TreatmentsReply } from '#engage/content/contract'
import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

const needs = 'decide.propositions:read'

/** Kept for a minute: the search asks with every pause in typing. */
let kept: { at: number; reply: Promise<TreatmentsReply> } | undefined
const KEPT_MS = 60_000

export default register({
  nav: [{ part: 'engage', to: '/engage/content', title: 'Messages', icon: 'talk', needs, order: 20 }],
  routes: [
    { path: '/engage/content', page: () => import('./messages-page.tsx'), needs },
    { path: '/engage/content/$treatmentId', page: () => import('./message-page.tsx'), needs },
  ],
  search: [
    {
      title: 'Messages',
      needs,
      find: async (text, signal) => {
        if (!kept || Date.now() - kept.at > KEPT_MS) kept = { at: Date.now(), reply: call(endpoints.treatments, {}) }
        const { treatments } = await kept.reply.catch((error: unknown) => {
          kept = undefined
          throw error
        })
        if (signal.aborted) return []
        const asked = text.toLowerCase()
        return treatments
          .filter(({ title, treatment }) => title.toLowerCase().includes(asked) || treatment.includes(asked))
          .slice(0, 6)
          .map(({ treatment, title, channelTitle }) => ({
            id: treatment,
            label: title,
            description: channelTitle,
            to: `/engage/content/${treatment}`,
          }))
      },
    },
  ],
})
