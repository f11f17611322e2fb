import type { Actor } from '#platform/http'
import { type Route, route } from '#platform/http'
import { TokenReply, TokenRequest } from '../tokens/contract.ts'
import { type CustomerActor, giveToken } from '../tokens/index.ts'
import * as contract from './contract.ts'
import { askMine, consentsMine, respondMine, sayMine, tellMine } from './index.ts'

/** On a route that needs 'customer' nobody else gets this far. */
const customer = (actor: Actor): CustomerActor => actor as CustomerActor

/** What a customer's own browser may call, and how the bank's system lets it. */
export const customerRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/engage/inbound/tokens',
    summary: 'A short-lived token with which one customer’s browser may ask, answer, and see to its own consents',
    needs: 'engage.inbound:token',
    rate: { perMinute: 60_000 },
    scope: 'customer',
    body: TokenRequest,
    reply: TokenReply,
    status: 201,
    handle: async ({ rt, actor, body }) => {
      const { token, customerId, expiresAt } = await giveToken(rt, { ...body, actor })
      return { token, customerId, expiresAt: expiresAt.toISOString() }
    },
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/mine/placements',
    summary: 'What to show to the customer who asks, at one placement, now; never why',
    needs: 'customer',
    rate: { perMinute: 120 },
    body: contract.MyPlacementRequest,
    reply: contract.MyPlacementReply,
    handle: ({ rt, actor, body }) => askMine(rt, customer(actor), body),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/mine/responses',
    summary: 'What the customer did with what they were shown; repeated without effect',
    needs: 'customer',
    rate: { perMinute: 600 },
    body: contract.MyResponseRequest,
    reply: contract.MyResponseReply,
    handle: async ({ rt, actor, body }) => {
      const { contactId, state, repeated, awaiting } = await respondMine(rt, customer(actor), body)
      return { contactId, state, repeated, awaiting }
    },
  }),
  route({
    method: 'GET',
    url: '/api/engage/inbound/mine/consents',
    summary: 'What the customer who asks agrees to',
    needs: 'customer',
    rate: { perMinute: 120 },
    reply: contract.MyConsents,
    handle: ({ rt, actor }) => consentsMine(rt, customer(actor)),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/mine/consents',
    summary: 'The customer says yes or no to one use; it holds before the answer',
    needs: 'customer',
    rate: { perMinute: 60 },
    idempotent: true,
    body: contract.MyStatement,
    reply: contract.MyConsents,
    handle: ({ rt, actor, body }) => sayMine(rt, customer(actor), body),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/mine/plans',
    summary: 'The customer tells of a plan or a need, once for each key',
    needs: 'customer',
    rate: { perMinute: 30 },
    body: contract.MyPlan,
    reply: contract.MyPlanReply,
    handle: ({ rt, actor, body }) => tellMine(rt, customer(actor), body),
  }),
]
