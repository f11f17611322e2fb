import { type Route, route } from '#platform/http'
import { agreementRoutes } from './agreements/routes.ts'
import { callRoutes } from './calls/routes.ts'
import { AskReply, AskRequest, ResponseReply, ResponseRequest } from './contract.ts'
import { deskRoutes } from './desk/routes.ts'
import { ask, respond } from './index.ts'
import { customerRoutes } from './mine/routes.ts'
import { placeRoutes } from './places/routes.ts'

export const routes: Route[] = [
  route({
    method: 'POST',
    url: '/api/engage/inbound/ask',
    summary: 'What to show to one customer at one placement, now: decided, claimed and durable before the reply',
    needs: 'engage.inbound:ask',
    rate: { perMinute: 600_000 },
    body: AskRequest,
    reply: AskReply,
    scope: 'customer',
    handle: ({ rt, actor, body }) => ask(rt, { ...body, actor }),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/responses',
    summary: 'What the customer did: impression, click, accept, refuse, not now, never; repeated without effect',
    needs: 'engage.inbound:respond',
    rate: { perMinute: 600_000 },
    body: ResponseRequest,
    reply: ResponseReply,
    handle: async ({ rt, actor, body }) => {
      const { occurredAt, ...rest } = body
      const { contactId, state, repeated, awaiting } = await respond(rt, {
        ...rest,
        actor,
        ...(occurredAt ? { occurredAt: new Date(occurredAt) } : {}),
      })
      return { contactId, state, repeated, awaiting }
    },
  }),
  ...agreementRoutes,
  ...callRoutes,
  ...deskRoutes,
  ...placeRoutes,
  ...customerRoutes,
]
