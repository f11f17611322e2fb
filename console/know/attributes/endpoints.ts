import type * as attributes from '#know/attributes/contract'
import type * as playbook from '#trust/playbook/contract'
import { endpoint } from '../../shell/api.ts'

export const catalogue = endpoint<{ reply: typeof attributes.CatalogueReply }>('GET', '/api/know/attributes')
export const uses = endpoint<{ params: typeof playbook.DocumentParams; reply: typeof playbook.UsesReply }>(
  'GET',
  '/api/trust/playbook/documents/:kind/:id/uses',
)
export const compute = endpoint<{
  body: typeof attributes.ComputeRequest
  reply: typeof attributes.ComputeReply
}>('POST', '/api/know/attributes/computations')
