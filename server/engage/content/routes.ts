import { type Route, route } from '#platform/http'
import { ReadParams, ReadReply, SampleReply, SampleRequest, TreatmentsReply } from './contract.ts'
import { readIn, sampleOf } from './index.ts'
import { treatmentsNow } from './overview/index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/content/treatments',
    summary: 'Every message with its channel, class and languages, and what is wrong with it on made-up customers.',
    needs: 'decide.propositions:read',
    rate: { perMinute: 120 },
    reply: TreatmentsReply,
    handle: ({ rt }) => treatmentsNow(rt),
  }),
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
  route({
    method: 'GET',
    url: '/api/engage/content/decisions/:decisionId',
    summary:
      'A decision with why it came out so, and its messages as the customer read them: one look, on record once.',
    needs: 'decide.decisions:explain',
    rate: { perMinute: 300 },
    params: ReadParams,
    reply: ReadReply,
    handle: ({ rt, actor, params }) => readIn(rt, { ...params, actor }),
  }),
]
