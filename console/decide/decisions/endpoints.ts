import type * as decisions from '#decide/decisions/contract'
import type * as propositions from '#decide/propositions/contract'
import type * as content from '#engage/content/contract'
import { endpoint } from '../../shell/api.ts'

export const list = endpoint<{ query: typeof decisions.DecisionsQuery; reply: typeof decisions.DecisionsReply }>(
  'GET',
  '/api/decide/decisions',
)
export const facts = endpoint<{
  params: typeof decisions.DecisionParams
  reply: typeof decisions.DecisionFactsReply
}>('GET', '/api/decide/decisions/:decisionId/facts')
export const replay = endpoint<{
  params: typeof decisions.DecisionParams
  reply: typeof decisions.ReplayReply
}>('POST', '/api/decide/decisions/:decisionId/replay')
export const whatIf = endpoint<{
  params: typeof decisions.DecisionParams
  body: typeof decisions.WhatIfRequest
  reply: typeof decisions.WhatIfReply
}>('POST', '/api/decide/decisions/:decisionId/what-if')
export const preview = endpoint<{ body: typeof decisions.PreviewRequest; reply: typeof decisions.PreviewReply }>(
  'POST',
  '/api/decide/decisions/preview',
)
export const actions = endpoint<{ reply: typeof propositions.ActionsReply }>('GET', '/api/decide/propositions/actions')
/** Why a decision came out so, and the words as the customer read them. */
export const read = endpoint<{ params: typeof content.ReadParams; reply: typeof content.ReadReply }>(
  'GET',
  '/api/engage/content/decisions/:decisionId',
)
