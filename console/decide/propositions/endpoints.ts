import type * as arbitration from '#decide/arbitration/contract'
import type * as propositions from '#decide/propositions/contract'
import type * as content from '#engage/content/contract'
import type * as attributes from '#know/attributes/contract'
import { endpoint } from '../../shell/api.ts'

export const actions = endpoint<{ reply: typeof propositions.ActionsReply }>('GET', '/api/decide/propositions/actions')
export const documents = endpoint<{
  query: typeof propositions.CatalogueQuery
  reply: typeof propositions.CatalogueReply
}>('GET', '/api/decide/propositions/documents')
export const propensities = endpoint<{ reply: typeof arbitration.PropensitiesReply }>(
  'GET',
  '/api/decide/arbitration/propensities',
)
/** What the names in made-up customers mean. */
export const catalogue = endpoint<{ reply: typeof attributes.CatalogueReply }>('GET', '/api/know/attributes')
export const sample = endpoint<{ body: typeof content.SampleRequest; reply: typeof content.SampleReply }>(
  'POST',
  '/api/engage/content/samples',
)
