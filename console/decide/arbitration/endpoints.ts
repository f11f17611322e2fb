import type * as arbitration from '#decide/arbitration/contract'
import type * as propositions from '#decide/propositions/contract'
import { endpoint } from '../../shell/api.ts'

export const propensities = endpoint<{ reply: typeof arbitration.PropensitiesReply }>(
  'GET',
  '/api/decide/arbitration/propensities',
)
export const learning = endpoint<{ query: typeof arbitration.LearningQuery; reply: typeof arbitration.LearningReply }>(
  'GET',
  '/api/decide/arbitration/learning',
)
export const calibration = endpoint<{
  query: typeof arbitration.CalibrationQuery
  reply: typeof arbitration.CalibrationReply
}>('GET', '/api/decide/arbitration/calibration')
export const documents = endpoint<{
  query: typeof propositions.CatalogueQuery
  reply: typeof propositions.CatalogueReply
}>('GET', '/api/decide/propositions/documents')
