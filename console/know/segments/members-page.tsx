import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import type { MembersReply } from '#know/segments/contract'
import { addressOf, call, type Refusal, useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { day } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import type { Cell } from '../../ui/table-rows.ts'
import { TypedValue } from '../../ui/typed-value.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Value } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { readsOf } from './rule.ts'
import './segments.css'
import { t } from './words.ts'

type Member = Static<typeof MembersReply>['members'][number]
type Attribute = Static<typeof CatalogueReply>['attributes'][number]

const PAGE = 500
const COLUMNS_MAX = 5
const SORTED_BY = 'name'
/** Shorter than a pause between words, longer than one between letters. */
const PAUSE_MS = 150

const cellOf = (value: unknown): Cell => (Array.isArray(value) ? value.join(', ') : ((value ?? undefined) as Cell))

const columnOf = ({ id, title, type, unit }: Attribute, at: number): Column<Member> => ({
  id: `customer.${id}`,
  title,
  value: ({ values }) => cellOf(values?.[id]),
  show: ({ values }) => <TypedValue type={type} unit={unit} value={values?.[id]} />,
  narrow: at === 0,
  ...(type === 'int' || type === 'double' ? { align: 'end' as const } : {}),
})

/** Everybody of a segment whom one may see, with what its rule reads of them. */
export default function MembersPage() {
  const { segmentId } = useParams({ strict: false }) as { segmentId: string }
  const may = useMay()
  const list = useAsk(endpoints.list, {})
  const catalogue = useAsk(endpoints.catalogue, {}, { enabled: may('know.attributes:read'), staleTime: 300_000 })
  const segment = list.data?.segments.find(({ id }) => id === segmentId)
  const counted = useAsk(
    endpoints.count,
    { body: { segment: segmentId } },
    { enabled: may('know.segments:count'), staleTime: 60_000 },
  )
  const shown = useMemo(
    () =>
      readsOf(segment?.rule ?? '')
        .map((read) => catalogue.data?.attributes.find(({ id }) => id === read))
        .filter((one) => one !== undefined)
        .slice(0, COLUMNS_MAX),
    [segment, catalogue.data],
  )
  const [text] = useUrlState('q')
  const [settled] = useDebouncedValue(text.trim(), PAUSE_MS)
  const [sort] = useUrlState('sort', SORTED_BY)
  const known = list.data !== undefined && (catalogue.data !== undefined || !may('know.attributes:read'))
  const orders = ['name', ...shown.map(({ id }) => `customer.${id}`)]
  const wanted = {
    // An address may name a column that the rule no longer reads.
    order: orders.includes(sort.replace(/^-/, '')) ? sort : SORTED_BY,
    ...(settled ? { text: settled } : {}),
    ...(shown.length > 0 ? { columns: shown.map(({ id }) => id).join(',') } : {}),
  }
  const pages = useInfiniteQuery<Static<typeof MembersReply>, Refusal>({
    queryKey: [endpoints.members.url, { segmentId }, wanted, null],
    enabled: known,
    initialPageParam: null,
    getNextPageParam: ({ next }) => next ?? undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        endpoints.members,
        {
          params: { segmentId },
          query: { ...wanted, membersMax: PAGE, ...(pageParam === null ? {} : { after: pageParam as string }) },
        },
        { signal },
      ),
    // The list before stays until the next has come, unless it is of another segment.
    placeholderData: (before, query) =>
      (query?.queryKey[1] as { segmentId?: string } | undefined)?.segmentId === segmentId ? before : undefined,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    // Reading a page again puts everybody on it on record again.
    refetchOnReconnect: false,
  })
  const { hasNextPage, isFetching, isPlaceholderData, fetchNextPage, refetch, data, error } = pages
  // The attributes were computed anew under way: the list is begun again, as of the new day.
  const overtaken = error?.code === 'list_computed_anew'
  useEffect(() => {
    if (overtaken) void refetch()
  }, [overtaken, refetch])
  const more = useMemo(
    () => (hasNextPage && !isFetching && !isPlaceholderData ? () => void fetchNextPage() : undefined),
    [hasNextPage, isFetching, isPlaceholderData, fetchNextPage],
  )
  const rows = useMemo(() => data?.pages.flatMap(({ members }) => members), [data])
  const last = data?.pages.at(-1)
  const columns = useMemo<Column<Member>[]>(
    () => [
      {
        id: 'name',
        title: t('customer'),
        value: ({ name, customerId }) => name ?? customerId,
        width: 'minmax(140px, 1.5fr)',
        show: ({ customerId, name }) =>
          may('know.customers:read') ? (
            <Link to={`/know/customers/${customerId}`} className="know-segment-name ui-clip">
              <bdi>{name ?? customerId}</bdi>
            </Link>
          ) : (
            <bdi className="ui-clip">{name ?? customerId}</bdi>
          ),
      },
      ...shown.map(columnOf),
    ],
    [shown, may],
  )
  const title = segment?.title ?? segmentId
  return (
    <Page
      title={t('membersTitle', { title })}
      sentence={t('membersSentence')}
      figures={
        <>
          <Figure
            title={t('youMaySee')}
            value={<Value value={last?.total} />}
            foot={last ? t(settled ? 'fittingOn' : 'asOf', { on: day(last.asOf) }) : undefined}
          />
          {counted.data ? (
            <Figure
              title={t('inSegment')}
              value={<Value value={counted.data.count} />}
              to={`/know/segments/${segmentId}`}
            />
          ) : null}
        </>
      }
    >
      <DataTable
        name={`members-${segmentId}`}
        title={t('membersTitle', { title })}
        columns={columns}
        rows={rows}
        all={last?.total}
        rowId={({ customerId }) => String(customerId)}
        error={error ?? list.error}
        onAgain={() => void refetch()}
        sortedBy={SORTED_BY}
        served={{
          more: error ? () => void fetchNextPage() : more,
          coming: isPlaceholderData || text.trim() !== settled,
          failure: overtaken ? null : error,
          csv: may('know.segments:export')
            ? addressOf(endpoints.membersExport, { params: { segmentId }, query: wanted })
            : undefined,
        }}
        {...(may('know.customers:read') ? { open: ({ customerId }: Member) => `/know/customers/${customerId}` } : {})}
        empty={{ title: t('membersEmptyTitle'), sentence: t('membersEmptySentence') }}
      />
    </Page>
  )
}
