import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { TransactionsReply } from '#engage/timeline/contract'
import type { CustomerView, HoldingView } from '#know/customers/contract'
import { call, type Refusal } from '../../shell/api.ts'
import { useFew } from '../../ui/few.tsx'
import { percent } from '../../ui/format.ts'
import { Facts, Inspector } from '../../ui/inspector.tsx'
import { Panel } from '../../ui/page.tsx'
import { Failed, RowsComing } from '../../ui/state.tsx'
import { Day, Money, None, Pill } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { humanised } from './names.ts'
import { t } from './words.ts'

const otherNames = ({ others }: HoldingView): string =>
  t('with', { names: others.map(({ name }) => name ?? t('someoneElse')).join(', ') })

/** What the customer holds and in which role; each line opens what it is made of. */
export function Holdings({
  view,
  reason,
  mayMove,
}: {
  view: CustomerView | undefined
  reason: string | undefined
  mayMove: boolean
}) {
  const [withClosed, setWithClosed] = useState(false)
  const [chosen, setChosen] = useState<number | null>(null)
  const open = (view?.holdings ?? []).filter(({ status }) => status === 'open')
  const shown = withClosed ? (view?.holdings ?? []) : open
  const [few, rest] = useFew(shown)
  if (!view)
    return (
      <Panel title={t('holdings')}>
        <RowsComing rows={4} height={20} />
      </Panel>
    )
  const closed = view.holdings.length - open.length
  const holding = view.holdings.find(({ holdingId }) => holdingId === chosen)
  return (
    <Panel
      title={t('holdings')}
      aside={
        closed > 0 ? (
          <button type="button" className="ui-asks know-small" onClick={() => setWithClosed(!withClosed)}>
            {withClosed ? t('hideClosed') : t('closed', { count: closed })}
          </button>
        ) : null
      }
    >
      {shown.length === 0 ? (
        <p className="ui-quiet know-line">
          {t('noHoldings')}. {t('noHoldingsSentence')}
        </p>
      ) : (
        <ul
          className="know-holdings know-bounded"
          aria-label={t('holdings')}
          tabIndex={shown.length > 5 ? 0 : undefined}
        >
          {few.map((one) => (
            <li key={one.holdingId}>
              <button type="button" className="know-holding" onClick={() => setChosen(one.holdingId)}>
                <span className="know-holding-what">
                  <span className="ui-clip">{one.productTitle}</span>
                  <span className="ui-quiet ui-clip know-small">
                    <bdi>
                      {[
                        one.number,
                        one.role === 'owner' && one.others.length === 0 ? null : humanised(one.role),
                        one.others.length > 0 ? otherNames(one) : null,
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </bdi>
                  </span>
                </span>
                {one.arrearsSinceOn ? <Pill tone="bad">{t('due', { on: one.arrearsSinceOn })}</Pill> : null}
                {one.status === 'open' ? null : <Pill>{humanised(one.status)}</Pill>}
                <span className="know-end">
                  <Money minor={one.balanceMinor} currency={one.currency} />
                </span>
              </button>
            </li>
          ))}
          {rest ? <li>{rest}</li> : null}
        </ul>
      )}
      {holding ? (
        <Inspector title={holding.productTitle} onClose={() => setChosen(null)}>
          <HoldingFacts holding={holding} />
          {mayMove ? <Moved customerId={view.customerId} holding={holding} reason={reason} /> : null}
        </Inspector>
      ) : null}
    </Panel>
  )
}

function HoldingFacts({ holding }: { holding: HoldingView }) {
  const { currency } = holding
  const facts: [string, React.ReactNode][] = [
    [t('balance'), <Money key="b" minor={holding.balanceMinor} currency={currency} />],
    [t('balanceOn'), <Day key="a" on={holding.balanceOn} />],
    [t('role'), humanised(holding.role)],
    [t('authority'), humanised(holding.authority)],
    [t('share'), percent(holding.shareBp / 10_000, 2)],
    [
      t('others'),
      holding.others.length === 0 ? (
        <None key="o" />
      ) : (
        <span key="o">
          {holding.others.map(({ customerId, name, role }) => (
            <span key={customerId} style={{ display: 'block' }}>
              {name === null ? (
                t('someoneElse')
              ) : (
                <Link to={`/know/customers/${customerId}`} className="know-link">
                  <bdi>{name}</bdi>
                </Link>
              )}{' '}
              <span className="ui-quiet">{humanised(role)}</span>
            </span>
          ))}
        </span>
      ),
    ],
    [t('opened'), <Day key="op" on={holding.openedOn} />],
    ...(holding.closedOn ? [[t('closedOn'), <Day key="c" on={holding.closedOn} />] as [string, React.ReactNode]] : []),
    ...(holding.limitMinor === null
      ? []
      : [[t('limit'), <Money key="l" minor={holding.limitMinor} currency={currency} />] as [string, React.ReactNode]]),
    ...(holding.rateBp === null ? [] : [[t('rate'), percent(holding.rateBp / 10_000, 2)] as [string, React.ReactNode]]),
    ...(holding.termMonths === null
      ? []
      : [[t('term'), t('months', { count: holding.termMonths })] as [string, React.ReactNode]]),
    ...(holding.instalmentMinor === null
      ? []
      : [
          [t('instalment'), <Money key="i" minor={holding.instalmentMinor} currency={currency} />] as [
            string,
            React.ReactNode,
          ],
        ]),
    ...(holding.maturesOn ? [[t('matures'), <Day key="m" on={holding.maturesOn} />] as [string, React.ReactNode]] : []),
  ]
  return <Facts facts={facts} />
}

const PAGE = 50

/** What moved on one holding, the latest first. */
function Moved({
  customerId,
  holding,
  reason,
}: {
  customerId: number
  holding: HoldingView
  reason: string | undefined
}) {
  const pages = useInfiniteQuery<Static<typeof TransactionsReply>, Refusal>({
    queryKey: [endpoints.transactions.url, { customerId }, { holdingId: holding.holdingId }, null],
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        endpoints.transactions,
        {
          params: { customerId },
          query: {
            holdingId: holding.holdingId,
            limit: PAGE,
            ...(pageParam === undefined ? {} : { before: pageParam as string }),
          },
        },
        { signal, reason },
      ),
  })
  const rows = pages.data?.pages.flatMap(({ transactions }) => transactions)
  return (
    <section aria-label={t('transactions')}>
      <h3 className="know-inspector-title">{t('transactions')}</h3>
      {rows === undefined ? (
        pages.error ? (
          <Failed failure={pages.error} onAgain={() => void pages.refetch()} />
        ) : (
          <RowsComing rows={6} height={16} />
        )
      ) : rows.length === 0 ? (
        <p className="ui-quiet know-line">{t('noTransactions')}</p>
      ) : (
        <ul className="know-lines">
          {rows.map((row) => (
            <li key={row.transactionId}>
              <span className="ui-quiet know-small">
                <Day on={row.bookedOn} />
              </span>
              <span className="ui-clip">{humanised(row.category || row.kind)}</span>
              {row.status === 'booked' ? null : <Pill>{humanised(row.status)}</Pill>}
              <span className="know-end">
                <Money minor={row.amountMinor} currency={row.currency} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          mt={8}
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('showMore')}
        </Button>
      ) : null}
    </section>
  )
}
