import Type from 'typebox'
import { type Route, route } from '#platform/http'
import { CustomerParams } from '#platform/http/contract'
import {
  ConsentHistory,
  ConsentOverview,
  ConsentsReply,
  ExportQuery,
  Statement,
  SuppressionBody,
  SuppressionReply,
} from './contract.ts'
import { exportConsents } from './export.ts'
import { consentHistory, consentsToday, recordConsents, suppressAddress, viewConsents } from './index.ts'
import { overviewOf } from './overview.ts'

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/consents/overview',
    summary: 'How the whole base stands to each purpose and channel, and what was said in the last thirty days.',
    needs: 'trust.consents:count',
    rate: { perMinute: 60 },
    reply: ConsentOverview,
    handle: ({ rt }) => overviewOf(rt),
  }),
  route({
    method: 'GET',
    url: '/api/trust/consents/export',
    summary: 'What customers said, with the evidence, as CSV: at most 100,000 records, the newest first.',
    needs: 'trust.consents:export',
    rate: { perMinute: 6 },
    query: ExportQuery,
    reply: Type.Unknown(),
    produces: 'text/csv; charset=utf-8',
    handle: ({ rt, actor, query, reply }) => {
      reply.header('content-disposition', 'attachment; filename="consents.csv"')
      return exportConsents(rt, {
        from: new Date(query.from ?? '1900-01-01T00:00:00Z'),
        to: new Date(query.to ?? '9999-12-31T00:00:00Z'),
        purpose: query.purpose,
        actor,
      })
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/consents/:customerId',
    summary: 'What a customer agrees to now, by purpose and channel.',
    needs: 'trust.consents:read',
    rate: { perMinute: 1200 },
    scope: 'customer',
    params: CustomerParams,
    reply: ConsentsReply,
    handle: async ({ rt, actor, params: { customerId } }) => ({
      customerId,
      ...(await viewConsents(rt, customerId, actor)),
    }),
  }),
  route({
    method: 'POST',
    url: '/api/trust/consents/:customerId',
    summary: 'Record that a customer gives, withdraws or objects, with the evidence; it binds before the answer.',
    needs: 'trust.consents:write',
    rate: { perMinute: 600 },
    idempotent: true,
    scope: 'customer',
    params: CustomerParams,
    body: Statement,
    reply: ConsentsReply,
    handle: async ({ rt, actor, params: { customerId }, body }) => {
      await recordConsents(rt, [{ customerId, ...body }], actor)
      return { customerId, ...(await consentsToday(rt, customerId)) }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/consents/:customerId/history',
    summary: 'Everything a customer ever said about the use of their data, with its evidence. Every look is recorded.',
    needs: 'trust.consents:read',
    rate: { perMinute: 300 },
    scope: 'customer',
    params: CustomerParams,
    reply: ConsentHistory,
    handle: async ({ rt, actor, params }) => {
      const records = await consentHistory(rt, params.customerId, actor)
      return { records: records.map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() })) }
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/consents/suppressions',
    summary: 'Never use an e-mail address or telephone number again: it binds every customer who has it.',
    needs: 'trust.consents:write',
    rate: { perMinute: 300 },
    idempotent: true,
    body: SuppressionBody,
    reply: SuppressionReply,
    handle: async ({ rt, actor, body }) => ({ suppressed: true as const, ...(await suppressAddress(rt, body, actor)) }),
  }),
]
