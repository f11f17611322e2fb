import { route } from '#platform/http'
import { ActionsReply } from './contract.ts'
import { actionsNow } from './index.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/api/decide/propositions/actions',
    summary: 'Every action of the running playbook with its issue, group, class and treatments.',
    needs: 'decide.propositions:read',
    rate: { perMinute: 120 },
    reply: ActionsReply,
    handle: ({ rt }) => actionsNow(rt),
  }),
]
