import type * as decisions from '#decide/decisions/contract'
import type * as inbound from '#engage/inbound/contract'
import type * as timelineContract from '#engage/timeline/contract'
import type * as attributes from '#know/attributes/contract'
import type * as customers from '#know/customers/contract'
import type * as segments from '#know/segments/contract'
import type * as trust from '#trust/consents/contract'
import { endpoint } from '../../shell/api.ts'

export const search = endpoint<{ query: typeof customers.SearchQuery; reply: typeof customers.SearchReply }>(
  'GET',
  '/api/know/customers',
)
export const customer = endpoint<{
  params: typeof customers.ViewParams
  query: typeof customers.ViewQuery
  reply: typeof customers.CustomerView
}>('GET', '/api/know/customers/:customerId')
export const consents = endpoint<{ params: typeof customers.ViewParams; reply: typeof trust.ConsentsReply }>(
  'GET',
  '/api/trust/consents/:customerId',
)
export const segmentsOf = endpoint<{
  params: typeof segments.CustomerSegmentsParams
  reply: typeof segments.CustomerSegmentsReply
}>('GET', '/api/know/segments/of/:customerId')
export const facts = endpoint<{ params: typeof attributes.FactsParams; reply: typeof attributes.FactsReply }>(
  'GET',
  '/api/know/attributes/of/:customerId',
)
export const preview = endpoint<{ body: typeof decisions.PreviewRequest; reply: typeof decisions.PreviewReply }>(
  'POST',
  '/api/decide/decisions/preview',
)
export const timeline = endpoint<{
  params: typeof timelineContract.TimelineParams
  query: typeof timelineContract.TimelineQuery
  reply: typeof timelineContract.TimelineReply
}>('GET', '/api/engage/timeline/:customerId')
export const transactions = endpoint<{
  params: typeof timelineContract.TimelineParams
  query: typeof timelineContract.TransactionsQuery
  reply: typeof timelineContract.TransactionsReply
}>('GET', '/api/engage/timeline/:customerId/transactions')
export const complaints = endpoint<{
  query: typeof customers.ComplaintsQuery
  reply: typeof customers.ComplaintsReply
}>('GET', '/api/know/customers/complaints')
/** Where staff say something, and what may be noted of what a customer tells. */
export const desk = endpoint<{ reply: typeof inbound.DeskReply }>('GET', '/api/engage/inbound/desk')
export const ask = endpoint<{ body: typeof inbound.AskRequest; reply: typeof inbound.AskReply }>(
  'POST',
  '/api/engage/inbound/ask',
)
export const respond = endpoint<{ body: typeof inbound.ResponseRequest; reply: typeof inbound.ResponseReply }>(
  'POST',
  '/api/engage/inbound/responses',
)
/** Calls to the customer that were begun and have no answer yet, and what came of one in which nothing was answered. */
export const calls = endpoint<{ params: typeof timelineContract.TimelineParams; reply: typeof inbound.OpenCallsReply }>(
  'GET',
  '/api/engage/inbound/calls/:customerId',
)
export const noteCall = endpoint<{ body: typeof inbound.CallNoted; reply: typeof inbound.CallNotedReply }>(
  'POST',
  '/api/engage/inbound/calls',
)
/** What one holder agreed to and others must sign too. */
export const agreements = endpoint<{
  params: typeof timelineContract.TimelineParams
  reply: typeof inbound.AgreementsReply
}>('GET', '/api/engage/inbound/agreements/:customerId')
export const told = endpoint<{ body: typeof inbound.ToldBody; reply: typeof inbound.ToldReply }>(
  'POST',
  '/api/engage/inbound/told',
)
/** Whose a contact or a decision is. */
export const whose = endpoint<{ params: typeof timelineContract.IdParams; reply: typeof timelineContract.IdReply }>(
  'GET',
  '/api/engage/timeline/ids/:id',
)
