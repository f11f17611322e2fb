import { type Route, route } from '#platform/http'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf } from '#trust/playbook'
import * as contract from './contract.ts'
import { complaintsWaiting, endStanding, noteStanding, searchCustomers, todayOf, viewCustomer } from './index.ts'

const today = async (rt: Runtime): Promise<string> => todayOf(rt, bankOf(await activeRevision(rt)).zone)

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/know/customers',
    summary:
      'Customers a text may mean: parts of a name, a birth date, an e-mail, a telephone, account or customer number.',
    needs: 'know.customers:read',
    rate: { perMinute: 600 },
    query: contract.SearchQuery,
    reply: contract.SearchReply,
    handle: ({ rt, actor, query }) => searchCustomers(rt, { text: query.text, actor, limit: query.limit ?? 20 }),
  }),
  route({
    method: 'GET',
    url: '/api/know/customers/complaints',
    summary: 'Complaints that wait for their reply, with the business day it is due on; the first due in front.',
    needs: 'know.customers:read',
    rate: { perMinute: 120 },
    query: contract.ComplaintsQuery,
    reply: contract.ComplaintsReply,
    handle: ({ rt, actor, query }) => complaintsWaiting(rt, { actor, complaintsMax: query.limit ?? 100 }),
  }),
  route({
    method: 'GET',
    url: '/api/know/customers/:customerId',
    summary: 'One customer: who they are, what they hold, what is so about them. Every view is recorded.',
    needs: 'know.customers:read',
    rate: { perMinute: 1200 },
    scope: 'customer',
    params: contract.ViewParams,
    query: contract.ViewQuery,
    reply: contract.CustomerView,
    handle: async ({ rt, actor, params, query }) =>
      viewCustomer(rt, {
        customerId: params.customerId,
        actor,
        on: await today(rt),
        ...(query.reason ? { reason: query.reason } : {}),
      }),
  }),
  route({
    method: 'POST',
    url: '/api/know/customers/:customerId/standings',
    summary: 'Note what is so about a customer from a date on; it takes effect before the answer.',
    needs: 'know.customers:write',
    rate: { perMinute: 120 },
    scope: 'customer',
    idempotent: true,
    params: contract.ViewParams,
    body: contract.NoteStandingBody,
    reply: contract.NoteStandingReply,
    status: 201,
    handle: async ({ rt, actor, params, body }) => {
      const { fromOn, toOn, standing, effect, reason } = body
      const noted = {
        customerId: params.customerId,
        standing,
        reason,
        actor,
        toOn: toOn ?? null,
        fromOn: fromOn ?? (await today(rt)),
      }
      return noteStanding(rt, effect ? { ...noted, effect } : noted)
    },
  }),
  route({
    method: 'POST',
    url: '/api/know/customers/:customerId/standings/:standingId/end',
    summary: 'End a standing; its row stays, with who ended it and why.',
    needs: 'know.customers:write',
    rate: { perMinute: 120 },
    scope: 'customer',
    idempotent: true,
    params: contract.StandingParams,
    body: contract.EndStandingBody,
    reply: contract.EndStandingReply,
    handle: async ({ rt, actor, params, body }) =>
      endStanding(rt, { ...params, toOn: body.toOn ?? (await today(rt)), reason: body.reason, actor }),
  }),
]
