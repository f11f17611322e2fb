import type { CustomerParams } from '#platform/http/contract'
import type * as consents from '#trust/consents/contract'
import { endpoint } from '../../shell/api.ts'

export const overview = endpoint<{ reply: typeof consents.ConsentOverview }>('GET', '/api/trust/consents/overview')
export const today = endpoint<{ params: typeof CustomerParams; reply: typeof consents.ConsentsReply }>(
  'GET',
  '/api/trust/consents/:customerId',
)
export const history = endpoint<{ params: typeof CustomerParams; reply: typeof consents.ConsentHistory }>(
  'GET',
  '/api/trust/consents/:customerId/history',
)
export const say = endpoint<{
  params: typeof CustomerParams
  body: typeof consents.Statement
  reply: typeof consents.ConsentsReply
}>('POST', '/api/trust/consents/:customerId')
/** A file, followed as a link. */
export const exported = '/api/trust/consents/export'
