import type { PropensitiesReply } from '#decide/arbitration/contract'
import { PlainTable } from '../../ui/chart.tsx'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { None, Percent, Value } from '../../ui/values.tsx'
import type { ActionNode } from './tree.ts'
import { readable, t } from './words.ts'

/** What taking the action up is worth, what people set, and what was learned. */
export function Worth({ node, lines }: { node: ActionNode; lines: PropensitiesReply['propensities'] }) {
  const { document, issue, group, lever } = node
  const own = (value: number | undefined): string => number(value ?? 1, 2)
  return (
    <div className="who">
      <Panel title={t('valueBank')}>
        <code className="clause-rule">{document.value.bank}</code>
        <p className="quiet-line">{t('valueHint')}</p>
      </Panel>
      <Panel title={t('valueCustomer')}>
        <code className="clause-rule">{document.value.customer}</code>
      </Panel>
      <Panel title={t('levers')}>
        <p className="quiet-line">{t('leverHint')}</p>
        <p className="worth-figure">
          {t('leverOf', {
            issue: `${issue.title} ${own(issue.lever)}`,
            group: `${group.title} ${own(group.lever)}`,
            action: `${document.title} ${own(document.lever)}`,
            all: own(lever),
          })}
        </p>
        <p className="quiet-line">{t('prior')}</p>
        <p className="worth-figure">
          {document.prior
            ? t('priorOf', { accepted: number(document.prior.accepted, 2), offered: number(document.prior.offered, 2) })
            : t('priorNone')}
        </p>
      </Panel>
      <Panel title={t('learnedTitle')}>
        {lines.length === 0 ? (
          <p className="quiet-line">{t('notLearned')}</p>
        ) : (
          <PlainTable
            title={t('learnedTitle')}
            columns={[t('treatment'), t('seen'), t('taken'), t('share')]}
            rows={lines.map(({ treatment, offered, accepted }) => [
              node.treatments.find(({ id }) => id === treatment)?.title ?? readable(treatment),
              <Value key="offered" value={offered} />,
              <Value key="accepted" value={accepted} />,
              offered > 0 ? <Percent key="share" share={accepted / offered} base={offered} /> : <None key="share" />,
            ])}
          />
        )}
      </Panel>
    </div>
  )
}
