import { Popover, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Static } from 'typebox'
import type { PreviewReply } from '#decide/decisions/contract'
import type { FactsReply } from '#know/attributes/contract'
import type { CustomerView } from '#know/customers/contract'
import { day, money, percent } from '../../ui/format.ts'
import { Facts } from '../../ui/inspector.tsx'
import { Figure } from '../../ui/page.tsx'
import { None } from '../../ui/values.tsx'
import type { Asking } from './asking.ts'
import { humanised } from './names.ts'
import { type Fact, FactValue } from './told.tsx'
import { t } from './words.ts'
import { partsOf, type Total, totalsOf } from './worth.ts'

const Coming = () => <Skeleton className="ui-skeleton" height={24} width={110} my={4} aria-busy="true" />

/** A number that shows in place what it is made of. */
const Made = ({ shown, what, children }: { shown: ReactNode; what: string; children: ReactNode }) => (
  <Popover withArrow position="bottom-start" width={320}>
    <Popover.Target>
      <button type="button" className="ui-asks" aria-label={`${what}: ${typeof shown === 'string' ? shown : ''}`}>
        {shown}
      </button>
    </Popover.Target>
    <Popover.Dropdown>{children}</Popover.Dropdown>
  </Popover>
)

const TotalMade = ({ totals, what }: { totals: readonly Total[]; what: string }) => {
  const [first] = totals
  if (!first) return <None />
  return (
    <Made shown={money(first.minor, first.currency)} what={what}>
      <Facts
        facts={totals
          .flatMap(({ parts }) => parts)
          .map(({ holding, minor }) => [
            holding.productTitle,
            <span key={holding.holdingId}>
              {money(minor, holding.currency)}{' '}
              {holding.shareBp < 10_000 ? (
                <span className="ui-quiet">
                  {t('shareOf', {
                    share: percent(holding.shareBp / 10_000, 0),
                    whole: money(holding.balanceMinor ?? 0, holding.currency),
                  })}
                </span>
              ) : null}
            </span>,
          ])}
      />
    </Made>
  )
}

const others = (totals: readonly Total[]): string =>
  totals
    .slice(1)
    .map(({ minor, currency }) => ` + ${money(minor, currency)}`)
    .join('')

/** What they and the bank are worth to each other, each number with what it is made of. */
export function Figures({
  view,
  facts,
  preview,
}: {
  view: CustomerView | undefined
  facts: Asking<Static<typeof FactsReply>>
  preview: Asking<Static<typeof PreviewReply>>
}) {
  const { kept = [], owed = [] } = view ? totalsOf(view.holdings) : {}
  const fact = (id: string): Fact | undefined => facts.data?.described.find((one) => one.id === id)
  const countOf = (totals: readonly Total[]): number => totals.reduce((sum, { parts }) => sum + parts.length, 0)
  const first = preview.data?.actions[0]
  const parts = first && preview.data ? partsOf(preview.data.considered, first.action) : undefined
  return (
    <div className="ui-figures know-figures">
      <Figure
        title={t('kept')}
        value={view ? <TotalMade totals={kept} what={t('kept')} /> : <Coming />}
        foot={
          !view
            ? undefined
            : kept.length === 0
              ? t('keepsNothing')
              : `${t('keptFoot', { count: countOf(kept) })}${others(kept)}`
        }
      />
      <Figure
        title={t('owed')}
        value={view ? <TotalMade totals={owed} what={t('owed')} /> : <Coming />}
        foot={
          !view
            ? undefined
            : owed.length === 0
              ? t('owesNothing')
              : `${t('owedFoot', { count: countOf(owed) })}${others(owed)}`
        }
      />
      <FactFigure title={t('income')} fact={fact('income_month_minor')} facts={facts} />
      <FactFigure title={t('fees')} fact={fact('account_fees_365d_minor')} facts={facts} />
      {preview.isPending && !preview.isFetching ? null : (
        <Figure
          title={t('nextWorth')}
          value={
            parts ? (
              <Made shown={money(parts.customerValueMinor)} what={t('nextWorth')}>
                <Facts
                  facts={[
                    [t('next'), first?.title],
                    [t('customerValue'), money(parts.customerValueMinor)],
                    [t('bankValue'), money(parts.bankValueMinor)],
                    [t('cost'), money(parts.costMinor)],
                    [t('propensity'), percent(parts.propensity)],
                  ]}
                />
              </Made>
            ) : preview.data || preview.error ? (
              <None />
            ) : (
              <Coming />
            )
          }
          foot={
            parts
              ? `${t('toThem')}, ${t('toUs', { amount: money(parts.bankValueMinor) })}`
              : preview.data
                ? t('nothingOffered')
                : undefined
          }
        />
      )}
    </div>
  )
}

function FactFigure({
  title,
  fact,
  facts,
}: {
  title: string
  fact: Fact | undefined
  facts: Asking<Static<typeof FactsReply>>
}) {
  // Not every bank's playbook knows it, and not everybody may see it.
  if (facts.data ? fact === undefined : !facts.isFetching) return null
  const asOf = facts.data?.asOf
  return (
    <Figure
      title={title}
      value={
        fact ? (
          fact.absent ? (
            <None />
          ) : (
            <Made shown={money(fact.value as number)} what={title}>
              <Facts
                facts={[
                  [fact.title, <FactValue key="value" fact={fact} />],
                  [t('meaning'), fact.meaning],
                  [t('source'), humanised(fact.source)],
                ]}
              />
            </Made>
          )
        ) : (
          <Coming />
        )
      }
      foot={asOf ? t('asOf', { on: day(asOf) }) : undefined}
    />
  )
}
