import type * as experiments from '#decide/experiments/contract'
import type * as propositions from '#decide/propositions/contract'
import { endpoint } from '../../shell/api.ts'

export const arms = endpoint<{ reply: typeof experiments.ArmsReply }>('GET', '/api/decide/experiments/arms')
export const documents = endpoint<{
  query: typeof propositions.CatalogueQuery
  reply: typeof propositions.CatalogueReply
}>('GET', '/api/decide/propositions/documents')
