import type * as attributes from '#know/attributes/contract'
import type * as segments from '#know/segments/contract'
import type { Done } from '#platform/http/contract'
import type * as playbook from '#trust/playbook/contract'
import { endpoint } from '../../shell/api.ts'

export const list = endpoint<{ reply: typeof segments.SegmentListReply }>('GET', '/api/know/segments')
export const count = endpoint<{ body: typeof segments.CountRequest; reply: typeof segments.CountReply }>(
  'POST',
  '/api/know/segments/count',
)
export const anatomy = endpoint<{ body: typeof segments.AnatomyRequest; reply: typeof segments.AnatomyReply }>(
  'POST',
  '/api/know/segments/anatomy',
)
export const sizes = endpoint<{ reply: typeof segments.SizesReply }>('GET', '/api/know/segments/sizes')
export const base = endpoint<{ query: typeof segments.BaseQuery; reply: typeof segments.BaseReply }>(
  'GET',
  '/api/know/segments/base',
)
export const members = endpoint<{
  params: typeof segments.MembersParams
  query: typeof segments.MembersQuery
  reply: typeof segments.MembersReply
}>('GET', '/api/know/segments/:segmentId/members')
/** A file, followed as a link. */
export const membersExport = '/api/know/segments/:segmentId/members/export'
export const uses = endpoint<{ params: typeof segments.MembersParams; reply: typeof segments.UsesReply }>(
  'GET',
  '/api/know/segments/:segmentId/uses',
)
export const catalogue = endpoint<{ reply: typeof attributes.CatalogueReply }>('GET', '/api/know/attributes')
export const document = endpoint<{ params: typeof playbook.DocumentParams; reply: typeof playbook.DocumentReply }>(
  'GET',
  '/api/trust/playbook/documents/:kind/:id',
)
export const drafts = endpoint<{ reply: typeof playbook.DraftsReply }>('GET', '/api/trust/playbook/drafts')
export const beginDraft = endpoint<{ body: typeof playbook.DraftBody; reply: typeof playbook.DraftMade }>(
  'POST',
  '/api/trust/playbook/drafts',
)
export const writeIntoDraft = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.ChangesBody
  reply: typeof Done
}>('PUT', '/api/trust/playbook/drafts/:draftId/documents')
