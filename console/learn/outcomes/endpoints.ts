import type * as propositions from '#decide/propositions/contract'
import type * as outcomes from '#learn/outcomes/contract'
import { endpoint } from '../../shell/api.ts'

export const lift = endpoint<{ query: typeof outcomes.LiftQuery; reply: typeof outcomes.LiftReply }>(
  'GET',
  '/api/learn/outcomes/lift',
)
export const series = endpoint<{ query: typeof outcomes.SeriesQuery; reply: typeof outcomes.SeriesReply }>(
  'GET',
  '/api/learn/outcomes/lift/series',
)
export const acceptance = endpoint<{
  query: typeof outcomes.AcceptanceQuery
  reply: typeof outcomes.AcceptanceReply
}>('GET', '/api/learn/outcomes/acceptance')
export const actions = endpoint<{ reply: typeof propositions.ActionsReply }>('GET', '/api/decide/propositions/actions')
