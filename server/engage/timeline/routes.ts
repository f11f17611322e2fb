import { type Route, route } from '#platform/http'
import {
  IdParams,
  IdReply,
  TimelineParams,
  TimelineQuery,
  TimelineReply,
  TransactionsQuery,
  TransactionsReply,
} from './contract.ts'
import { timelineOf, transactionsOf, whoseIs } from './index.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/engage/timeline/:customerId',
    summary: 'Everything that happened with a customer on all channels, newest first, a page at a time.',
    needs: 'engage.timeline:read',
    rate: { perMinute: 600 },
    scope: 'customer',
    params: TimelineParams,
    query: TimelineQuery,
    reply: TimelineReply,
    handle: ({ rt, actor, params, query }) =>
      timelineOf(rt, { ...query, limit: query.limit ?? 50, customerId: params.customerId, actor }),
  }),
  route({
    method: 'GET',
    url: '/api/engage/timeline/ids/:id',
    summary: 'Whose a contact or a decision is, by the number that a letter or a screen shows.',
    needs: 'engage.timeline:read',
    rate: { perMinute: 600 },
    params: IdParams,
    reply: IdReply,
    handle: ({ rt, actor, params }) => whoseIs(rt, { id: params.id, actor }),
  }),
  route({
    method: 'GET',
    url: '/api/engage/timeline/:customerId/transactions',
    summary: 'The transactions of one holding of a customer, newest first, a page at a time.',
    needs: 'engage.timeline:read',
    rate: { perMinute: 600 },
    scope: 'customer',
    params: TimelineParams,
    query: TransactionsQuery,
    reply: TransactionsReply,
    handle: ({ rt, actor, params, query }) =>
      transactionsOf(rt, { ...query, limit: query.limit ?? 50, customerId: params.customerId, actor }),
  }),
]
