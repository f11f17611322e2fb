import { type Route, route } from '#platform/http'
import { CustomerParams } from '#platform/http/contract'
import { CallNoted, CallNotedReply, OpenCallsReply } from './contract.ts'
import { noteCall, viewOpenCalls } from './index.ts'

export const callRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/inbound/calls/:customerId',
    summary: 'Calls to a customer that were begun and have no answer yet, and when they asked to be called back',
    needs: 'engage.inbound:respond',
    rate: { perMinute: 600 },
    scope: 'customer',
    params: CustomerParams,
    reply: OpenCallsReply,
    handle: async ({ rt, actor, params }) => ({
      calls: await viewOpenCalls(rt, { customerId: params.customerId, actor }),
    }),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/calls',
    summary: 'What came of a call in which nothing was answered: not reached, or to be called back; once for each key',
    needs: 'engage.inbound:respond',
    rate: { perMinute: 600 },
    body: CallNoted,
    reply: CallNotedReply,
    handle: ({ rt, actor, body }) => noteCall(rt, { ...body, actor }),
  }),
]
