import type { ActionsReply } from '#decide/propositions/contract'
import { call } from '../../shell/api.ts'
import { register } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

/** Kept for a minute: the search asks with every pause in typing. */
let kept: { at: number; actions: Promise<ActionsReply> } | undefined
const KEPT_MS = 60_000

export default register({
  nav: [
    {
      part: 'decide',
      to: '/decide/propositions',
      title: 'Propositions',
      icon: 'action',
      needs: 'decide.propositions:read',
      order: 20,
    },
  ],
  routes: [
    {
      path: '/decide/propositions',
      page: () => import('./propositions-page.tsx'),
      needs: 'decide.propositions:read',
    },
    {
      path: '/decide/propositions/actions/$actionId',
      page: () => import('./action-page.tsx'),
      needs: 'decide.propositions:read',
    },
  ],
  search: [
    {
      title: 'Actions',
      needs: 'decide.propositions:read',
      find: async (text, signal) => {
        if (!kept || Date.now() - kept.at > KEPT_MS) kept = { at: Date.now(), actions: call(endpoints.actions, {}) }
        const { actions } = await kept.actions.catch((error: unknown) => {
          kept = undefined
          throw error
        })
        if (signal.aborted) return []
        const asked = text.toLowerCase()
        return actions
          .filter(({ title, action }) => title.toLowerCase().includes(asked) || action.includes(asked))
          .slice(0, 8)
          .map(({ action, title, issue, group }) => ({
            id: action,
            label: title,
            description: `${issue.replaceAll('_', ' ')}, ${group.replaceAll('_', ' ')}`,
            to: `/decide/propositions/actions/${action}`,
          }))
      },
    },
  ],
})
