import type * as interactions from '#know/interactions/contract'
import { endpoint } from '../../shell/api.ts'

export const trialBalance = endpoint<{
  query: typeof interactions.TrialBalanceQuery
  reply: typeof interactions.TrialBalanceReply
}>('GET', '/api/know/interactions/trial-balance')
