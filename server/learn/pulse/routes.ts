import Type from 'typebox'
import { type Route, route, whenServerCloses } from '#platform/http'
import { stillMay } from '#trust/access'
import { Pulse } from './contract.ts'
import { listenToPulse, pulseNow } from './index.ts'

const NEEDS = 'learn.pulse:read'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/learn/pulse',
    summary: 'The loop at a glance: who came in, what is decided, said, answered and learned, and what needs a person.',
    needs: NEEDS,
    rate: { perMinute: 300 },
    reply: Pulse,
    handle: ({ rt }) => pulseNow(rt),
  }),
  route({
    method: 'GET',
    url: '/api/learn/pulse/stream',
    summary:
      'The same, live, as server-sent events: pulse, then changed with the parts that changed, and end with why.',
    needs: NEEDS,
    rate: { perMinute: 60 },
    reply: Type.Unknown(),
    produces: 'text/event-stream',
    handle: ({ rt, request, reply }) => {
      // A proxy that gathers the answer would hold every change back.
      reply.header('x-accel-buffering', 'no')
      const { method, headers } = request
      return listenToPulse(rt, {
        stillMay: () => stillMay(rt, { method, headers }, NEEDS),
        closes: whenServerCloses(request),
      })
    },
  }),
]
