import { route } from '#platform/http'
import { ActionsReply, CatalogueQuery, CatalogueReply } from './contract.ts'
import { actionsNow, documentsOfKinds } from './index.ts'

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
  route({
    method: 'GET',
    url: '/api/decide/propositions/documents',
    summary: 'The documents of some kinds, whole: what may be said, to whom, how often and in which order.',
    needs: 'decide.propositions:read',
    rate: { perMinute: 120 },
    query: CatalogueQuery,
    reply: CatalogueReply,
    handle: ({ rt, query }) => documentsOfKinds(rt, query),
  }),
]
