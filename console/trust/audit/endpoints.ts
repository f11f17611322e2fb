import type * as audit from '#trust/audit/contract'
import { endpoint } from '../../shell/api.ts'

export const entries = endpoint<{ query: typeof audit.AuditQuery; reply: typeof audit.AuditPage }>(
  'GET',
  '/api/trust/audit/entries',
)
export const verify = endpoint<{ reply: typeof audit.AuditReport }>('POST', '/api/trust/audit/verifications')
/** A file, followed as a link. */
export const exported = '/api/trust/audit/export'
