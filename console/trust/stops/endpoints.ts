import type { Done } from '#platform/http/contract'
import type * as playbook from '#trust/playbook/contract'
import type * as contract from '#trust/stops/contract'
import { endpoint } from '../../shell/api.ts'

export const stops = endpoint<{ query: typeof contract.StopsQuery; reply: typeof contract.StopsReply }>(
  'GET',
  '/api/trust/stops',
)
export const stop = endpoint<{ body: typeof contract.StopBody; reply: typeof contract.StopReply }>(
  'POST',
  '/api/trust/stops',
)
export const propose = endpoint<{
  params: typeof contract.StopParams
  body: typeof contract.RestartBody
  reply: typeof Done
}>('POST', '/api/trust/stops/:stopId/restart')
export const confirm = endpoint<{ params: typeof contract.StopParams; reply: typeof contract.VersionReply }>(
  'POST',
  '/api/trust/stops/:stopId/restart/confirmation',
)
/** What there is to stop. */
export const documents = endpoint<{ query: typeof playbook.RevisionQuery; reply: typeof playbook.RevisionReply }>(
  'GET',
  '/api/trust/playbook',
)
