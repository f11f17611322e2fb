import type { TimelineReply } from '#engage/timeline/contract'
import { begin, call, forgetRefused, queries, type Refusal } from '../../shell/api.ts'
import type { Going } from '../../shell/registration.ts'
import * as endpoints from './endpoints.ts'

/** What is in sight at once, and some more; the pages that follow are larger. */
const FIRST_PAGE = 100
const PAGE = 200

/** The pages of a customer's timeline, the latest first. `kinds`: with commas between; '' for all. */
export const timelinePages = (customerId: number, kinds: string, reason: string | undefined) => ({
  queryKey: [endpoints.timeline.url, { customerId }, { kinds, endless: true }, null],
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }: TimelineReply): string | undefined => next ?? undefined,
  queryFn: ({ pageParam, signal }: { pageParam: unknown; signal: AbortSignal }): Promise<TimelineReply> =>
    call(
      endpoints.timeline,
      {
        params: { customerId },
        query: {
          limit: pageParam === undefined ? FIRST_PAGE : PAGE,
          ...(kinds ? { kinds } : {}),
          ...(pageParam === undefined ? {} : { before: pageParam as string }),
        },
      },
      { signal, reason },
    ),
})

/** Begins what the page of a customer asks for, while its code comes. A sealed record is then asked for with a reason. */
export function beginCustomer({ params: { customerId }, search, may }: Going): void {
  if (!/^[1-9]\d{0,15}$/.test(customerId ?? '')) return
  const params = { customerId: Number(customerId) }
  // Whether there is such a customer is known before anything else of them.
  void begin(endpoints.customer, { params, query: {} })
  if (may('engage.timeline:read') && !search.kinds) {
    const pages = timelinePages(params.customerId, '', undefined)
    void queries
      .prefetchInfiniteQuery<TimelineReply, Refusal, TimelineReply, unknown[], string | undefined>(pages)
      .then(() => forgetRefused(pages.queryKey))
  }
  if (may('engage.inbound:ask')) void begin(endpoints.desk, {})
  if (may('know.attributes:view')) {
    void begin(endpoints.facts, { params })
    void begin(endpoints.segmentsOf, { params })
  }
  if (may('trust.consents:read')) void begin(endpoints.consents, { params })
}
