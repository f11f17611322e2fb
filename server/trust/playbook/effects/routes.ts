import { type Route, route } from '#platform/http'
import { Done } from '#platform/http/contract'
import { DraftParams } from '../parts.ts'
import * as contract from './contract.ts'
import { askEffect, cancelEffect, effectNow } from './index.ts'

const asJson = <T>(value: T): never => JSON.parse(JSON.stringify(value)) as never

/** What a draft would do, worked out in the background. */
export const effectRoutes: Route[] = [
  route({
    method: 'POST',
    url: '/api/trust/playbook/drafts/:draftId/effects',
    summary: 'Begin to work out what a draft would do to customers: of an even sample, or of everybody.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 30 },
    params: DraftParams,
    body: contract.EffectBody,
    reply: contract.EffectAsked,
    status: 202,
    handle: async ({ rt, params, body }) => ({
      effectId: await askEffect(rt, { draftId: params.draftId, whole: body.whole ?? false }),
    }),
  }),
  route({
    method: 'GET',
    url: '/api/trust/playbook/drafts/:draftId/effects/:effectId',
    summary: 'How far that is, and when it is done who would get what instead of what.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 600 },
    params: contract.EffectParams,
    reply: contract.EffectState,
    handle: async ({ rt, params }) => asJson(await effectNow(rt, params.draftId, params.effectId)),
  }),
  route({
    method: 'DELETE',
    url: '/api/trust/playbook/drafts/:draftId/effects/:effectId',
    summary: 'Stop working it out.',
    needs: 'trust.playbook:read',
    rate: { perMinute: 60 },
    params: contract.EffectParams,
    reply: Done,
    handle: async ({ rt, params }) => {
      await cancelEffect(rt, params.draftId, params.effectId)
      return { done: true as const }
    },
  }),
]
