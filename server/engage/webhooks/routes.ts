import { type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import * as contract from './contract.ts'
import * as webhooks from './index.ts'
import { eventTypes } from './types.ts'

const BASE = '/api/engage/webhooks'
const READ = 'engage.webhooks:read'
const MANAGE = 'engage.webhooks:manage'
const done = { done: true as const }

export const routes: Route[] = [
  route({
    method: 'GET',
    url: BASE,
    summary: 'Where other systems are told of what happens, and what waits for each.',
    needs: READ,
    rate: { perMinute: 120 },
    reply: contract.WebhooksReply,
    handle: async ({ rt }) => ({ webhooks: await webhooks.listWebhooks(rt) }),
  }),
  route({
    method: 'GET',
    url: `${BASE}/types`,
    summary: 'The types of events there are: what each means, and a body as it is sent.',
    needs: READ,
    rate: { perMinute: 120 },
    reply: contract.EventTypesReply,
    handle: () => ({ types: eventTypes() }),
  }),
  route({
    method: 'POST',
    url: BASE,
    summary: 'Tell another system of some types of events; the answer holds the secret that signs, once.',
    needs: MANAGE,
    rate: { perMinute: 30 },
    body: contract.NewWebhook,
    reply: contract.WebhookMade,
    status: 201,
    handle: ({ rt, actor, body }) => webhooks.createWebhook(rt, body, actor),
  }),
  route({
    method: 'PUT',
    url: `${BASE}/:webhookId`,
    summary: 'Change a webhook, pause it, or turn it off and on; what waits is kept meanwhile.',
    needs: MANAGE,
    rate: { perMinute: 60 },
    params: contract.WebhookParams,
    body: contract.WebhookChange,
    reply: Done,
    handle: async ({ rt, actor, params, body }) => {
      await webhooks.changeWebhook(rt, params.webhookId, body, actor)
      return done
    },
  }),
  route({
    method: 'DELETE',
    url: `${BASE}/:webhookId`,
    summary: 'Take a webhook away, with what waits for it.',
    needs: MANAGE,
    rate: { perMinute: 30 },
    params: contract.WebhookParams,
    reply: Done,
    handle: async ({ rt, actor, params }) => {
      await webhooks.removeWebhook(rt, params.webhookId, actor)
      return done
    },
  }),
  route({
    method: 'POST',
    url: `${BASE}/:webhookId/secrets`,
    summary: 'A new secret, shown once; the one before signs too for a day.',
    needs: MANAGE,
    rate: { perMinute: 10 },
    params: contract.WebhookParams,
    reply: contract.SecretReply,
    status: 201,
    handle: async ({ rt, actor, params }) => {
      const { secret, oldSignsUntil } = await webhooks.renewSecret(rt, params.webhookId, actor)
      return { secret, oldSignsUntil: oldSignsUntil.toISOString() }
    },
  }),
  route({
    method: 'POST',
    url: `${BASE}/:webhookId/tests`,
    summary: 'Send a ping now, and say what came of it.',
    needs: MANAGE,
    rate: { perMinute: 20 },
    params: contract.WebhookParams,
    reply: contract.TestReply,
    handle: ({ rt, actor, params }) => webhooks.testWebhook(rt, params.webhookId, actor),
  }),
  route({
    method: 'GET',
    url: `${BASE}/:webhookId/deliveries`,
    summary: 'What was delivered, waits, or was set aside and why; the latest first, a page at a time.',
    needs: READ,
    rate: { perMinute: 120 },
    params: contract.WebhookParams,
    query: contract.DeliveriesQuery,
    reply: contract.DeliveriesReply,
    handle: ({ rt, params, query }) => webhooks.deliveriesOf(rt, params.webhookId, query),
  }),
  route({
    method: 'GET',
    url: `${BASE}/:webhookId/deliveries/:eventId`,
    summary: 'One delivery: the request, and every try with its answer.',
    needs: READ,
    rate: { perMinute: 300 },
    params: contract.DeliveryParams,
    reply: contract.DeliveryDetail,
    handle: ({ rt, actor, params }) => webhooks.deliveryOf(rt, { ...params, actor }),
  }),
  route({
    method: 'GET',
    url: `${BASE}/:webhookId/replays`,
    summary: 'How many deliveries a replay from an instant, or from an event, on would be, and how many of them wait.',
    needs: READ,
    rate: { perMinute: 600 },
    params: contract.WebhookParams,
    query: contract.ReplayQuery,
    reply: contract.ReplayCount,
    handle: ({ rt, params, query }) => webhooks.countReplay(rt, params.webhookId, query),
  }),
  route({
    method: 'POST',
    url: `${BASE}/:webhookId/replays`,
    summary: 'Deliver again what happened from an instant, or from an event, on.',
    needs: MANAGE,
    rate: { perMinute: 10 },
    params: contract.WebhookParams,
    body: contract.ReplayBody,
    reply: contract.ReplayReply,
    status: 202,
    handle: async ({ rt, actor, params, body }) => ({
      deliveries: await webhooks.replay(rt, params.webhookId, body, actor),
    }),
  }),
  route({
    method: 'POST',
    url: `${BASE}/:webhookId/set-aside/again`,
    summary: 'Deliver everything again that was set aside.',
    needs: MANAGE,
    rate: { perMinute: 10 },
    params: contract.WebhookParams,
    reply: contract.ReplayReply,
    status: 202,
    handle: async ({ rt, actor, params }) => ({
      deliveries: await webhooks.deliverSetAside(rt, params.webhookId, actor),
    }),
  }),
  route({
    method: 'POST',
    url: `${BASE}/:webhookId/deliveries/:eventId/again`,
    summary: 'Deliver one event again, such as one that was set aside.',
    needs: MANAGE,
    rate: { perMinute: 120 },
    params: contract.DeliveryParams,
    reply: Done,
    handle: async ({ rt, actor, params }) => {
      await webhooks.deliverAgain(rt, params.webhookId, params.eventId, actor)
      return done
    },
  }),
]
