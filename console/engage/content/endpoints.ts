import type * as content from '#engage/content/contract'
import { endpoint } from '../../shell/api.ts'

export const treatments = endpoint<{ reply: typeof content.TreatmentsReply }>('GET', '/api/engage/content/treatments')
export const sample = endpoint<{ body: typeof content.SampleRequest; reply: typeof content.SampleReply }>(
  'POST',
  '/api/engage/content/samples',
)
