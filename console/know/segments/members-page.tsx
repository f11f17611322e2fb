import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import type { Static } from 'typebox'
import type { CatalogueReply } from '#know/attributes/contract'
import type { MembersReply } from '#know/segments/contract'
import { call, type Refusal, useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Figure, Page } from '../../ui/page.tsx'
import type { Cell } from '../../ui/table-rows.ts'
import { TypedValue } from '../../ui/typed-value.tsx'
import { Value } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { readsOf } from './rule.ts'
import './segments.css'
import { t } from './words.ts'

type Member = Static<typeof MembersReply>['members'][number]
type Attribute = Static<typeof CatalogueReply>['attributes'][number]

const PAGE = 1000
/** More than anybody reads; a list of a hundred thousand is a question for the rule. */
const LOADED_MAX = 10_000
const COLUMNS_MAX = 5

const cellOf = (value: unknown): Cell => (Array.isArray(value) ? value.join(', ') : ((value ?? undefined) as Cell))

const columnOf = ({ id, title, type, unit }: Attribute, at: number): Column<Member> => ({
  id,
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
  const asked = shown.map(({ id }) => id).join(',')
  const known = list.data !== undefined && (catalogue.data !== undefined || !may('know.attributes:read'))
  const pages = useInfiniteQuery<Static<typeof MembersReply>, Refusal>({
    queryKey: [endpoints.members.url, { segmentId }, { columns: asked }, null],
    enabled: known,
    initialPageParam: 0,
    getNextPageParam: ({ next }, all) => (all.length * PAGE >= LOADED_MAX ? undefined : (next ?? undefined)),
    queryFn: ({ pageParam, signal }) =>
      call(
        endpoints.members,
        {
          params: { segmentId },
          query: { after: pageParam as number, membersMax: PAGE, ...(asked ? { columns: asked } : {}) },
        },
        { signal },
      ),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
  const { hasNextPage, isFetching, fetchNextPage, data, error } = pages
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage()
  }, [hasNextPage, isFetching, error, fetchNextPage])
  const rows = useMemo(() => data?.pages.flatMap(({ members }) => members), [data])
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
            title={t('loaded')}
            value={<Value value={rows?.length} />}
            foot={
              hasNextPage
                ? t('loadingMore')
                : (rows?.length ?? 0) >= LOADED_MAX
                  ? t('loadedMax', { count: LOADED_MAX }).replace(String(LOADED_MAX), number(LOADED_MAX))
                  : t('loadedAll')
            }
          />
          {counted.data ? (
            <Figure
              title={t('count')}
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
        rowId={({ customerId }) => String(customerId)}
        error={error ?? list.error}
        onAgain={() => void pages.refetch()}
        {...(may('know.customers:read') ? { open: ({ customerId }: Member) => `/know/customers/${customerId}` } : {})}
        empty={{ title: t('membersEmptyTitle'), sentence: t('membersEmptySentence') }}
      />
    </Page>
  )
}
