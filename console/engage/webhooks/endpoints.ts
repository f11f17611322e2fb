import type * as webhooks from '#engage/webhooks/contract'
import type { Done } from '#platform/http/contract'
import { endpoint } from '../../shell/api.ts'

export const list = endpoint<{ reply: typeof webhooks.WebhooksReply }>('GET', '/api/engage/webhooks')
export const types = endpoint<{ reply: typeof webhooks.EventTypesReply }>('GET', '/api/engage/webhooks/types')
export const make = endpoint<{ body: typeof webhooks.NewWebhook; reply: typeof webhooks.WebhookMade }>(
  'POST',
  '/api/engage/webhooks',
)
export const change = endpoint<{
  params: typeof webhooks.WebhookParams
  body: typeof webhooks.WebhookChange
  reply: typeof Done
}>('PUT', '/api/engage/webhooks/:webhookId')
export const remove = endpoint<{ params: typeof webhooks.WebhookParams; reply: typeof Done }>(
  'DELETE',
  '/api/engage/webhooks/:webhookId',
)
export const renew = endpoint<{ params: typeof webhooks.WebhookParams; reply: typeof webhooks.SecretReply }>(
  'POST',
  '/api/engage/webhooks/:webhookId/secrets',
)
export const test = endpoint<{ params: typeof webhooks.WebhookParams; reply: typeof webhooks.TestReply }>(
  'POST',
  '/api/engage/webhooks/:webhookId/tests',
)
export const deliveries = endpoint<{
  params: typeof webhooks.WebhookParams
  query: typeof webhooks.DeliveriesQuery
  reply: typeof webhooks.DeliveriesReply
}>('GET', '/api/engage/webhooks/:webhookId/deliveries')
export const delivery = endpoint<{ params: typeof webhooks.DeliveryParams; reply: typeof webhooks.DeliveryDetail }>(
  'GET',
  '/api/engage/webhooks/:webhookId/deliveries/:eventId',
)
export const again = endpoint<{ params: typeof webhooks.DeliveryParams; reply: typeof Done }>(
  'POST',
  '/api/engage/webhooks/:webhookId/deliveries/:eventId/again',
)
export const allAgain = endpoint<{ params: typeof webhooks.WebhookParams; reply: typeof webhooks.ReplayReply }>(
  'POST',
  '/api/engage/webhooks/:webhookId/set-aside/again',
)
export const countReplay = endpoint<{
  params: typeof webhooks.WebhookParams
  query: typeof webhooks.ReplayQuery
  reply: typeof webhooks.ReplayCount
}>('GET', '/api/engage/webhooks/:webhookId/replays')
export const replay = endpoint<{
  params: typeof webhooks.WebhookParams
  body: typeof webhooks.ReplayBody
  reply: typeof webhooks.ReplayReply
}>('POST', '/api/engage/webhooks/:webhookId/replays')
