import type * as inbound from '#engage/inbound/contract'
import { endpoint } from '../../shell/api.ts'

export const places = endpoint<{ reply: typeof inbound.PlacesReply }>('GET', '/api/engage/inbound/placements')
export const preview = endpoint<{ body: typeof inbound.PlacePreviewRequest; reply: typeof inbound.PlacePreviewReply }>(
  'POST',
  '/api/engage/inbound/previews',
)
