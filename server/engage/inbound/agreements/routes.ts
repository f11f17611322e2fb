import type { Actor } from '#platform/http'
import { type Route, route } from '#platform/http'
import { CustomerParams } from '#platform/http/contract'
import { ResponseReply } from '../contract.ts'
import type { CustomerActor } from '../tokens/index.ts'
import { AgreementsReply, MyAgreements, MySignature } from './contract.ts'
import { agreementsMine, signMine, viewAgreements } from './index.ts'

/** On a route that needs 'customer' nobody else gets this far. */
const customer = (actor: Actor): CustomerActor => actor as CustomerActor

export const agreementRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/inbound/agreements/:customerId',
    summary: 'What one holder agreed to and others must sign too: who has, who has not, and until when',
    needs: 'engage.inbound:respond',
    rate: { perMinute: 600 },
    scope: 'customer',
    params: CustomerParams,
    reply: AgreementsReply,
    handle: async ({ rt, actor, params }) => ({
      agreements: await viewAgreements(rt, { customerId: params.customerId, actor }),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/engage/inbound/mine/agreements',
    summary: 'What waits for the agreement of the customer who asks, or of those who sign with them',
    needs: 'customer',
    rate: { perMinute: 120 },
    reply: MyAgreements,
    handle: ({ rt, actor }) => agreementsMine(rt, customer(actor)),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/mine/agreements',
    summary: 'The customer agrees to what another holder began, or refuses it; repeated without effect',
    needs: 'customer',
    rate: { perMinute: 60 },
    body: MySignature,
    reply: ResponseReply,
    handle: async ({ rt, actor, body }) => {
      const { contactId, state, repeated, awaiting } = await signMine(rt, customer(actor), body)
      return { contactId, state, repeated, awaiting }
    },
  }),
]
