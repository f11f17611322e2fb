import { type Route, route } from '#platform/http'
import {
  ExternalContactReply,
  ExternalContactRequest,
  TimelineQuery,
  TimelineReply,
  TrialBalanceQuery,
  TrialBalanceReply,
} from './contract.ts'
import { contactTrialBalance, recordExternalContact, viewTimeline } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/know/interactions',
    summary: 'One customer’s contacts and answers on all channels, newest first; the view is audited',
    needs: 'know.interactions:read',
    rate: { perMinute: 600 },
    query: TimelineQuery,
    reply: TimelineReply,
    scope: 'customer',
    handle: async ({ rt, actor, query }) => {
      const contacts = await viewTimeline(rt, {
        customerId: query.customerId,
        contactsMax: query.contactsMax ?? 50,
        actor,
        ...(query.before ? { before: new Date(query.before) } : {}),
        ...(query.reason ? { reason: query.reason } : {}),
      })
      return { contacts: contacts.map((c) => ({ ...c, claimedAt: c.claimedAt.toISOString() })) }
    },
  }),
  route({
    method: 'POST',
    url: '/api/know/interactions/external',
    summary: 'Takes another system’s contact into the one history; given again it has no effect',
    needs: 'know.interactions:create',
    rate: { perMinute: 6000 },
    body: ExternalContactRequest,
    reply: ExternalContactReply,
    handle: ({ rt, body }) => recordExternalContact(rt, { ...body, occurredAt: new Date(body.occurredAt) }),
  }),
  route({
    method: 'GET',
    url: '/api/know/interactions/trial-balance',
    summary:
      'The contact trial balance of a period: decided = delivered + suppressed + failed + expired + pending + unknown',
    needs: 'know.interactions:read',
    rate: { perMinute: 60 },
    query: TrialBalanceQuery,
    reply: TrialBalanceReply,
    handle: async ({ rt, query }) => ({
      lines: await contactTrialBalance(rt, new Date(query.from), new Date(query.to)),
    }),
  }),
]
