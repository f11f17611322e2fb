import { type Route, route } from '#platform/http'
import { DeskReply, ToldBody, ToldReply } from './contract.ts'
import { deskOf, tellAtDesk } from './index.ts'

/** For members of staff who talk with a customer. */
export const deskRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/inbound/desk',
    summary: 'Where staff say something to a customer, and what may be noted of what a customer tells.',
    needs: 'engage.inbound:ask',
    rate: { perMinute: 600 },
    reply: DeskReply,
    handle: ({ rt }) => deskOf(rt),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/told',
    summary: 'Notes what a customer told a member of staff, once for each key; known to the next question anywhere.',
    needs: 'engage.inbound:respond',
    rate: { perMinute: 600 },
    scope: 'customer',
    body: ToldBody,
    reply: ToldReply,
    handle: ({ rt, actor, body }) => tellAtDesk(rt, { ...body, actor }),
  }),
]
