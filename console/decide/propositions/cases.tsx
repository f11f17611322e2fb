import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { OutcomeDocument } from '#learn/outcomes/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Panel } from '../../ui/page.tsx'
import { Empty } from '../../ui/state.tsx'
import { TypedValue } from '../../ui/typed-value.tsx'
import { Pill } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import type { ActionNode } from './tree.ts'
import { readable, t } from './words.ts'

/** The action's own test cases: made-up customers, and how it must end for them. */
export function Cases({ node }: { node: ActionNode }) {
  const may = useMay()
  const catalogue = useAsk(endpoints.catalogue, {}, { enabled: may('know.attributes:read'), staleTime: 300_000 })
  const known = new Map(catalogue.data?.attributes.map((one) => [one.id as string, one]))
  const titleOf = (clause: string): string =>
    node.clauses.find((one) => one.clause.id === clause)?.clause.title ?? readable(clause)
  const cases = node.document.cases ?? []
  if (cases.length === 0) return <Empty icon="check" title={t('casesEmptyTitle')} sentence={t('casesEmptySentence')} />
  return (
    <>
      <p className="quiet-line">{t('casesHint')}</p>
      <ul className="cases">
        {cases.map((one) => (
          <li key={one.title} className="case">
            <div className="clause-head">
              <bdi className="clause-title">{one.title}</bdi>
              <Pill tone={one.expect === 'eligible' ? 'good' : 'warn'}>
                {one.expect === 'eligible'
                  ? t('eligible')
                  : one.by
                    ? t('excludedBy', { clause: titleOf(one.by) })
                    : t('excluded')}
              </Pill>
            </div>
            <dl className="case-facts">
              {[...Object.entries(one.customer), ...Object.entries(one.context ?? {})].map(([name, value]) => (
                <div key={name}>
                  <dt>{known.get(name)?.title ?? readable(name)}</dt>
                  <dd>
                    <TypedValue type={known.get(name)?.type ?? ''} unit={known.get(name)?.unit ?? null} value={value} />
                  </dd>
                </div>
              ))}
              {one.standings ? (
                <div>
                  <dt>{t('facts')}</dt>
                  <dd>{one.standings.map(readable).join(', ')}</dd>
                </div>
              ) : null}
            </dl>
          </li>
        ))}
      </ul>
    </>
  )
}

const measureOf = ({ measure }: OutcomeDocument): string => {
  const names = (ids: readonly string[]): string => ids.map(readable).join(', ')
  if ('holdingOpened' in measure) return t('opened', { products: names(measure.holdingOpened) })
  if ('holdingClosed' in measure) return t('closed', { products: names(measure.holdingClosed) })
  if ('event' in measure) return t('event', { events: measure.event.join(', ') })
  return t('left')
}

/** What counts as success, and the way to what came of it. */
export function Outcomes({ node }: { node: ActionNode }) {
  const may = useMay()
  const { document, outcomes } = node
  const unmeasured = (document as { unmeasured?: { because: string } }).unmeasured
  if (outcomes.length === 0)
    return (
      <Empty
        icon="outcome"
        title={t('outcomeNone')}
        sentence={unmeasured ? t('unmeasured', { because: unmeasured.because }) : t('outcomeNoneSentence')}
      />
    )
  return (
    <>
      <p className="quiet-line">{t('outcomeHint')}</p>
      <div className="who">
        {outcomes.map((outcome) => (
          <Panel
            key={outcome.id}
            title={outcome.title}
            aside={
              may('learn.outcomes:read') ? (
                <Button
                  size="xs"
                  variant="default"
                  renderRoot={(props) => <Link {...props} to={`/learn/outcomes?action=${document.id}` as never} />}
                >
                  {t('toOutcome')}
                </Button>
              ) : undefined
            }
          >
            <Facts
              facts={[
                [t('measure'), measureOf(outcome)],
                [t('outcome'), t('within', { count: outcome.withinDays })],
                ...(outcome.fewerIsBetter ? [[t('kind'), t('fewer')] as const] : []),
                ...(outcome.withdrawalDays
                  ? [[t('clauses'), t('withdrawal', { count: outcome.withdrawalDays })] as const]
                  : []),
              ]}
            />
          </Panel>
        ))}
      </div>
    </>
  )
}
