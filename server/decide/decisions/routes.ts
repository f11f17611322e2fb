import { invalid } from '#platform/errors'
import { route } from '#platform/http'
import {
  DecisionFactsReply,
  DecisionParams,
  DecisionReply,
  DecisionRequest,
  DecisionsQuery,
  DecisionsReply,
  Explanation,
  PreviewReply,
  PreviewRequest,
  ReplayReply,
  WhatIfReply,
  WhatIfRequest,
  WhyAsked,
} from './contract.ts'
import { decideFor, decisionsOf, explain, factsBehind, preview, replay, whatIf } from './index.ts'

export const routes = [
  route({
    method: 'POST',
    url: '/api/decide/decisions',
    summary: 'Decides what to say to a customer now, claims the contacts, and stores why.',
    needs: 'decide.decisions:create',
    rate: { perMinute: 600_000 },
    scope: 'customer',
    body: DecisionRequest,
    reply: DecisionReply,
    handle: ({ rt, actor, body }) => decideFor(rt, { ...forThemselves(body), actor }),
  }),
  route({
    method: 'POST',
    url: '/api/decide/decisions/preview',
    summary: 'What would be decided for a customer now, and why: claims nothing, keeps nothing but who looked.',
    needs: 'decide.decisions:preview',
    rate: { perMinute: 600 },
    scope: 'customer',
    body: PreviewRequest,
    reply: PreviewReply,
    handle: ({ rt, actor, body }) => preview(rt, { ...body, actor }),
  }),
  route({
    method: 'GET',
    url: '/api/decide/decisions',
    summary: 'A customer’s decisions, newest first.',
    needs: 'decide.decisions:read',
    rate: { perMinute: 300 },
    scope: 'customer',
    query: DecisionsQuery,
    reply: DecisionsReply,
    handle: async ({ rt, actor, query }) => ({
      decisions: (
        await decisionsOf(rt, { customerId: query.customerId, decisionsMax: query.decisionsMax ?? 50, actor })
      ).map(({ decisionId, askedAt, channel, placement, chosen, arm, nothingBecause }) => ({
        decisionId,
        askedAt: askedAt.toISOString(),
        channel,
        placement,
        // Who would have heard something and did not is for the analysis, not for those who talk to the customer.
        chosen: arm === 'control' ? [] : [...chosen],
        nothingBecause,
      })),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/decide/decisions/:decisionId',
    summary: 'Why a decision came out as it did: for each action the stage, the clause, what was found and needed.',
    needs: 'decide.decisions:explain',
    rate: { perMinute: 300 },
    params: DecisionParams,
    query: WhyAsked,
    reply: Explanation,
    handle: ({ rt, actor, params, query }) => explain(rt, looking(params.decisionId, actor, query.why)),
  }),
  route({
    method: 'POST',
    url: '/api/decide/decisions/:decisionId/replay',
    summary: 'Makes a past decision again from what was stored and compares it to the byte.',
    needs: 'decide.decisions:replay',
    rate: { perMinute: 300 },
    params: DecisionParams,
    query: WhyAsked,
    reply: ReplayReply,
    handle: ({ rt, actor, params, query }) => replay(rt, looking(params.decisionId, actor, query.why)),
  }),
  route({
    method: 'GET',
    url: '/api/decide/decisions/:decisionId/facts',
    summary: 'The facts that a decision rested on, as they were: what a "what if" may change.',
    needs: 'decide.decisions:replay',
    rate: { perMinute: 300 },
    params: DecisionParams,
    query: WhyAsked,
    reply: DecisionFactsReply,
    handle: ({ rt, actor, params, query }) => factsBehind(rt, looking(params.decisionId, actor, query.why)),
  }),
  route({
    method: 'POST',
    url: '/api/decide/decisions/:decisionId/what-if',
    summary: 'What would have been decided with other facts.',
    needs: 'decide.decisions:replay',
    rate: { perMinute: 300 },
    params: DecisionParams,
    query: WhyAsked,
    body: WhatIfRequest,
    reply: WhatIfReply,
    handle: ({ rt, actor, params, query, body }) =>
      whatIf(rt, { ...looking(params.decisionId, actor, query.why), change: body.change }),
  }),
]

const looking = <A>(decisionId: string, actor: A, why: string | undefined) => ({
  decisionId,
  actor,
  ...(why ? { reason: why } : {}),
})

/** Whose authority nobody has looked up is not believed to act for a customer: engage/inbound asks for their name. */
function forThemselves(request: DecisionRequest): DecisionRequest {
  const { asker } = request
  if (asker === undefined || asker === 'self' || asker === 'staff') return request
  throw invalid(
    'acting_missing',
    { asker },
    `The question comes from the customer's ${asker}, but does not say who that is.`,
    'Ask at /api/engage/inbound/ask and name them in acting: their authority is then looked up.',
  )
}
