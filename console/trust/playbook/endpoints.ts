import type { Done } from '#platform/http/contract'
import type * as playbook from '#trust/playbook/contract'
import { endpoint } from '../../shell/api.ts'

export const revision = endpoint<{ query: typeof playbook.RevisionQuery; reply: typeof playbook.RevisionReply }>(
  'GET',
  '/api/trust/playbook',
)
export const kinds = endpoint<{ reply: typeof playbook.KindsReply }>('GET', '/api/trust/playbook/kinds')
export const kind = endpoint<{ params: typeof playbook.KindParams; reply: typeof playbook.KindReply }>(
  'GET',
  '/api/trust/playbook/kinds/:kind',
)
export const document = endpoint<{
  params: typeof playbook.DocumentParams
  query: typeof playbook.DocumentQuery
  reply: typeof playbook.DocumentReply
}>('GET', '/api/trust/playbook/documents/:kind/:id')
export const documentHistory = endpoint<{
  params: typeof playbook.DocumentParams
  reply: typeof playbook.DocumentHistoryReply
}>('GET', '/api/trust/playbook/documents/:kind/:id/history')
export const uses = endpoint<{ params: typeof playbook.DocumentParams; reply: typeof playbook.UsesReply }>(
  'GET',
  '/api/trust/playbook/documents/:kind/:id/uses',
)
export const check = endpoint<{ body: typeof playbook.CheckBody; reply: typeof playbook.CheckReply }>(
  'POST',
  '/api/trust/playbook/check',
)
export const drafts = endpoint<{ query: typeof playbook.HistoryQuery; reply: typeof playbook.DraftsReply }>(
  'GET',
  '/api/trust/playbook/drafts',
)
export const begin = endpoint<{ body: typeof playbook.DraftBody; reply: typeof playbook.DraftMade }>(
  'POST',
  '/api/trust/playbook/drafts',
)
export const review = endpoint<{
  params: typeof playbook.DraftParams
  query: typeof playbook.ReviewQuery
  reply: typeof playbook.ReviewReply
}>('GET', '/api/trust/playbook/drafts/:draftId')
export const draftDocuments = endpoint<{
  params: typeof playbook.DraftParams
  reply: typeof playbook.DraftDocumentsReply
}>('GET', '/api/trust/playbook/drafts/:draftId/documents')
export const draftDocument = endpoint<{
  params: typeof playbook.DraftChangeParams
  reply: typeof playbook.DraftDocumentReply
}>('GET', '/api/trust/playbook/drafts/:draftId/documents/:kind/:id')
export const write = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.ChangesBody
  reply: typeof Done
}>('PUT', '/api/trust/playbook/drafts/:draftId/documents')
export const drop = endpoint<{ params: typeof playbook.DraftChangeParams; reply: typeof Done }>(
  'DELETE',
  '/api/trust/playbook/drafts/:draftId/documents/:kind/:id',
)
export const requestReview = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.ReviewRequestBody
  reply: typeof Done
}>('PUT', '/api/trust/playbook/drafts/:draftId/review-request')
export const withdraw = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.ReasonBody
  reply: typeof Done
}>('POST', '/api/trust/playbook/drafts/:draftId/withdrawal')
export const askEffect = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.EffectBody
  reply: typeof playbook.EffectAsked
}>('POST', '/api/trust/playbook/drafts/:draftId/effects')
export const effect = endpoint<{ params: typeof playbook.EffectParams; reply: typeof playbook.EffectState }>(
  'GET',
  '/api/trust/playbook/drafts/:draftId/effects/:effectId',
)
export const cancelEffect = endpoint<{ params: typeof playbook.EffectParams; reply: typeof Done }>(
  'DELETE',
  '/api/trust/playbook/drafts/:draftId/effects/:effectId',
)
export const approve = endpoint<{
  params: typeof playbook.DraftParams
  body: typeof playbook.ApproveBody
  reply: typeof playbook.ApprovalReply
}>('POST', '/api/trust/playbook/drafts/:draftId/approvals')
export const servers = endpoint<{ params: typeof playbook.ApprovalParams; reply: typeof playbook.ServersReply }>(
  'GET',
  '/api/trust/playbook/approvals/:approvalId/servers',
)
export const activate = endpoint<{ params: typeof playbook.ApprovalParams; reply: typeof playbook.ActivationReply }>(
  'POST',
  '/api/trust/playbook/approvals/:approvalId/activation',
)
export const history = endpoint<{ query: typeof playbook.HistoryQuery; reply: typeof playbook.HistoryReply }>(
  'GET',
  '/api/trust/playbook/history',
)
export const diff = endpoint<{ query: typeof playbook.DiffQuery; reply: typeof playbook.DiffReply }>(
  'GET',
  '/api/trust/playbook/diff',
)
export const undo = endpoint<{
  params: typeof playbook.SequenceParams
  body: typeof playbook.ReasonBody
  reply: typeof playbook.DraftMade
}>('POST', '/api/trust/playbook/history/:sequence/undo')
/** What the top bar shows; read again when something was activated. */
export const running = { url: '/api/trust/playbook/running' }
