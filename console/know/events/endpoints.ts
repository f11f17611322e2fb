import type * as events from '#know/events/contract'
import { endpoint } from '../../shell/api.ts'

export const intake = endpoint<{ reply: typeof events.IntakeReply }>('GET', '/api/know/events/intake')
export const quarantine = endpoint<{ query: typeof events.QuarantineQuery; reply: typeof events.QuarantineReply }>(
  'GET',
  '/api/know/events/quarantine',
)
export const retry = endpoint<{ body: typeof events.RetryRequest; reply: typeof events.RetryReply }>(
  'POST',
  '/api/know/events/quarantine/retries',
)
export const drop = endpoint<{ body: typeof events.DropRequest; reply: typeof events.DropReply }>(
  'POST',
  '/api/know/events/quarantine/drops',
)
