import Type from 'typebox'
import { type Route, route } from '#platform/http'
import { AuditPage, type AuditQuery, AuditQuery as AuditQuerySchema, AuditReport } from './contract.ts'
import { csvLine } from './csv.ts'
import { countFitting, type Entry, type Filter, read, record, verify } from './index.ts'

const filterOf = ({ customerId, actorId, action, from, to }: AuditQuery): Filter => ({
  ...(customerId === undefined ? {} : { customerId }),
  ...(actorId === undefined ? {} : { actorId }),
  ...(action === undefined ? {} : { action }),
  ...(from === undefined ? {} : { from: new Date(from) }),
  ...(to === undefined ? {} : { to: new Date(to) }),
})

const shown = (entry: Entry) => ({ ...entry, at: entry.at.toISOString() })
const COLUMNS = [
  'at',
  'actorKind',
  'actorId',
  'action',
  'subject',
  'customers',
  'reason',
  'facts',
  'chain',
  'sequence',
] as const
const EXPORT_ROWS_MAX = 100_000

export const routes: Route[] = [
  route({
    method: 'GET',
    url: '/api/trust/audit/entries',
    summary: 'Who did what and who saw whom, the latest first. Reading is itself put on record.',
    needs: 'trust.audit:read',
    rate: { perMinute: 120 },
    query: AuditQuerySchema,
    reply: AuditPage,
    handle: async ({ rt, actor, query }) => {
      const { limit = 100, offset = 0, order } = query
      const filter = filterOf(query)
      const [entries, total] = await Promise.all([
        read(rt, filter, { limit, offset, oldestFirst: order === 'oldest' }),
        countFitting(rt, filter),
      ])
      await record(rt, {
        actor,
        action: 'trust.audit:read',
        ...(query.customerId === undefined ? {} : { customerIds: [query.customerId] }),
        facts: { entries: entries.length },
      })
      return { entries: entries.map(shown), total }
    },
  }),
  route({
    method: 'GET',
    url: '/api/trust/audit/export',
    summary: 'The same as CSV, at most 100,000 rows.',
    needs: 'trust.audit:export',
    rate: { perMinute: 6 },
    query: Type.Omit(AuditQuerySchema, ['limit', 'offset', 'order']),
    reply: Type.Unknown(),
    produces: 'text/csv; charset=utf-8',
    handle: async ({ rt, actor, query, reply }) => {
      const entries = await read(rt, filterOf(query as AuditQuery), { limit: EXPORT_ROWS_MAX })
      await record(rt, {
        actor,
        action: 'trust.audit:exported',
        ...(query.customerId === undefined ? {} : { customerIds: [query.customerId] }),
        facts: { entries: entries.length },
      })
      reply.header('content-disposition', 'attachment; filename="audit.csv"')
      return csvLine(COLUMNS) + entries.map((entry) => csvLine(COLUMNS.map((column) => shown(entry)[column]))).join('')
    },
  }),
  route({
    method: 'POST',
    url: '/api/trust/audit/verifications',
    summary: 'Check every row and every anchor of the audit.',
    needs: 'trust.audit:verify',
    rate: { perMinute: 2 },
    reply: AuditReport,
    handle: async ({ rt, actor }) => {
      const report = await verify(rt)
      await record(rt, {
        actor,
        action: 'trust.audit:verified',
        facts: { whole: report.whole, entries: report.entries },
      })
      return report
    },
  }),
]
