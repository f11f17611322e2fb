import type { Done } from '#platform/http/contract'
import type * as contract from '#platform/jobs/contract'
import type * as outbox from '#platform/outbox/contract'
import { endpoint } from '../../shell/api.ts'

export const jobs = endpoint<{ reply: typeof contract.JobsReply }>('GET', '/api/platform/jobs')
export const cancel = endpoint<{ params: typeof contract.JobParams; reply: typeof Done }>(
  'PUT',
  '/api/platform/jobs/:jobId/cancellation',
)
export const setAside = endpoint<{ reply: typeof outbox.SetAsideReply }>('GET', '/api/platform/outbox/set-aside')
export const giveAgain = endpoint<{ body: typeof outbox.MessageKey; reply: typeof Done }>(
  'POST',
  '/api/platform/outbox/set-aside',
)
