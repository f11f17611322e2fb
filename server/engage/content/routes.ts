import { type Route, route } from '#platform/http'
import { SampleReply, SampleRequest } from './contract.ts'
import { sampleOf } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'POST',
    url: '/api/engage/content/samples',
    summary: 'A treatment’s message as a made-up customer would read it, in every language. Keeps nothing.',
    needs: 'decide.propositions:read',
    rate: { perMinute: 600 },
    body: SampleRequest,
    reply: SampleReply,
    handle: ({ rt, body }) => sampleOf(rt, body),
  }),
]
