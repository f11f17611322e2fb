import { type Route, route } from '#platform/http'
import { PlacePreviewReply, PlacePreviewRequest, PlacesReply } from './contract.ts'
import { placesNow, previewAt } from './index.ts'

/** For those who plan placements, and those who connect the pages that ask for them. */
export const placeRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/inbound/placements',
    summary: 'Every placement with what can fill it, and how often it was asked for and answered today and in 28 days.',
    needs: 'engage.inbound:read',
    rate: { perMinute: 120 },
    reply: PlacesReply,
    handle: ({ rt }) => placesNow(rt),
  }),
  route({
    method: 'POST',
    url: '/api/engage/inbound/previews',
    summary: 'What a placement would show to a customer now: claims nothing, keeps nothing but who looked.',
    needs: 'decide.decisions:preview',
    rate: { perMinute: 600 },
    scope: 'customer',
    body: PlacePreviewRequest,
    reply: PlacePreviewReply,
    handle: ({ rt, actor, body }) => previewAt(rt, { ...body, actor }),
  }),
]
