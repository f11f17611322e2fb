import Type, { type Static } from 'typebox'
import { type Route, route, whenCallerLeaves } from '#platform/http'
import {
  AnatomyReply,
  AnatomyRequest,
  BaseQuery,
  BaseReply,
  CountReply,
  CountRequest,
  CustomerSegmentsParams,
  CustomerSegmentsReply,
  MembersExportQuery,
  MembersParams,
  MembersQuery,
  MembersReply,
  SegmentListReply,
  SizesReply,
  UsesReply,
} from './contract.ts'
import { anatomyOf, baseFlows, viewSizes } from './figures/index.ts'
import { countSegment, exportMembers, listSegments, segmentsOfCustomer, usesOfSegment, viewMembers } from './index.ts'

const wantedOf = ({ order = 'number', text = '', columns }: Static<typeof MembersExportQuery>) => ({
  order,
  text,
  columns: columns?.split(',') ?? [],
})

export const routes: Route[] = [
  route({
    method: 'POST',
    url: '/api/know/segments/count',
    summary:
      'How many customers a draft rule or a segment has, with a sample; ends in the lake too when the caller leaves',
    needs: 'know.segments:count',
    rate: { perMinute: 600 },
    body: CountRequest,
    reply: CountReply,
    handle: async ({ rt, actor, body, request }) => {
      const counted = await countSegment(rt, body, { actor, signal: whenCallerLeaves(request) })
      return { ...counted, elapsedMs: Math.round((performance.now() - request.startedMs) * 10) / 10 }
    },
  }),
  route({
    method: 'GET',
    url: '/api/know/segments',
    summary: 'The segments of the active playbook',
    needs: 'know.segments:read',
    rate: { perMinute: 120 },
    reply: SegmentListReply,
    handle: async ({ rt }) => {
      const { revision, segments } = await listSegments(rt)
      return {
        revision,
        segments: segments.map((s) => ({
          id: s.id,
          title: s.title,
          meaning: s.meaning ?? null,
          rule: s.rule,
          group: s.group ?? null,
          priority: s.priority ?? 0,
          strategy: s.strategy ?? null,
        })),
      }
    },
  }),
  route({
    method: 'POST',
    url: '/api/know/segments/anatomy',
    summary: 'What each condition of a draft rule or a segment takes away, and which other segments hold some of them',
    needs: 'know.segments:count',
    rate: { perMinute: 240 },
    body: AnatomyRequest,
    reply: AnatomyReply,
    handle: ({ rt, body, request }) => anatomyOf(rt, body, whenCallerLeaves(request)),
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/sizes',
    summary: 'How many customers each segment of the active playbook has, and of which day',
    needs: 'know.segments:count',
    rate: { perMinute: 120 },
    reply: SizesReply,
    handle: ({ rt, request }) => viewSizes(rt, whenCallerLeaves(request)),
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/base',
    summary: 'How the customer base moved between the ends of the latest months: who came, holds more or less, left',
    needs: 'know.segments:count',
    rate: { perMinute: 30 },
    query: BaseQuery,
    reply: BaseReply,
    handle: ({ rt, query, request }) => baseFlows(rt, query.months ?? 3, whenCallerLeaves(request)),
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/:segmentId/members',
    summary: 'Members of a segment in any order, those who fit a text, page by page; nobody out of scope or sealed',
    needs: 'know.segments:list',
    rate: { perMinute: 240 },
    params: MembersParams,
    query: MembersQuery,
    reply: MembersReply,
    handle: ({ rt, actor, params, query, request }) =>
      viewMembers(
        rt,
        params.segmentId,
        { ...wantedOf(query), after: query.after, membersMax: query.membersMax ?? 100 },
        { actor, signal: whenCallerLeaves(request) },
      ),
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/:segmentId/members/export',
    summary: 'All of the same list as CSV, however many they are',
    needs: 'know.segments:export',
    rate: { perMinute: 6 },
    params: MembersParams,
    query: MembersExportQuery,
    reply: Type.Unknown(),
    produces: 'text/csv; charset=utf-8',
    handle: ({ rt, actor, params, query, request, reply }) => {
      reply.header('content-disposition', `attachment; filename="${params.segmentId}.csv"`)
      return exportMembers(rt, params.segmentId, wantedOf(query), { actor, signal: whenCallerLeaves(request) })
    },
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/:segmentId/uses',
    summary: 'Who uses a segment: the documents of the playbook that name it, or name one that does',
    needs: 'know.segments:read',
    rate: { perMinute: 300 },
    params: MembersParams,
    reply: UsesReply,
    handle: async ({ rt, params }) => ({ uses: await usesOfSegment(rt, params.segmentId) }),
  }),
  route({
    method: 'GET',
    url: '/api/know/segments/of/:customerId',
    summary: 'The segments one customer belongs to now',
    needs: 'know.attributes:view',
    rate: { perMinute: 600 },
    params: CustomerSegmentsParams,
    reply: CustomerSegmentsReply,
    scope: ({ params }) => params.customerId,
    handle: ({ rt, actor, params }) => segmentsOfCustomer(rt, params.customerId, actor),
  }),
]
