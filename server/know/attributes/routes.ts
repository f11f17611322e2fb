import { type Route, route } from '#platform/http'
import { enqueue } from '#platform/jobs'
import { CatalogueReply, ComputeReply, ComputeRequest, FactsParams, FactsReply } from './contract.ts'
import { describeCatalogue, viewFacts } from './index.ts'
import { COMPUTE_JOB } from './jobs.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/know/attributes',
    summary: 'What the bank knows of every customer: each attribute with its definition and what it is computed from',
    needs: 'know.attributes:read',
    rate: { perMinute: 120 },
    reply: CatalogueReply,
    handle: ({ rt }) => describeCatalogue(rt),
  }),
  route({
    method: 'GET',
    url: '/api/know/attributes/of/:customerId',
    summary: 'One customer’s attributes at this moment; the view is audited',
    needs: 'know.attributes:view',
    rate: { perMinute: 600 },
    params: FactsParams,
    reply: FactsReply,
    scope: ({ params }) => params.customerId,
    handle: ({ rt, actor, params }) => viewFacts(rt, params.customerId, actor),
  }),
  route({
    method: 'POST',
    url: '/api/know/attributes/computations',
    summary: 'Computes all attributes over everybody, in the background',
    needs: 'know.attributes:compute',
    rate: { perMinute: 6 },
    body: ComputeRequest,
    reply: ComputeReply,
    status: 202,
    handle: async ({ rt, body }) => {
      const jobId = await enqueue(
        rt,
        COMPUTE_JOB,
        { asOf: body.asOf ?? null },
        { key: `${COMPUTE_JOB}:${body.asOf ?? 'today'}` },
      )
      return { jobId: String(jobId) }
    },
  }),
]
