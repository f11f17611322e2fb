import type * as propositions from '#decide/propositions/contract'
import { endpoint } from '../../shell/api.ts'

export const documents = endpoint<{
  query: typeof propositions.CatalogueQuery
  reply: typeof propositions.CatalogueReply
}>('GET', '/api/decide/propositions/documents')
