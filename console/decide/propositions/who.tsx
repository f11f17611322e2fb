import { Panel } from '../../ui/page.tsx'
import { Pill } from '../../ui/values.tsx'
import { type ActionNode, type Applied, STAGES, type Stage } from './tree.ts'
import { readable, t } from './words.ts'

const TITLES: Record<Stage, string> = {
  eligibility: t('eligibility'),
  applicability: t('applicability'),
  suitability: t('suitability'),
}
const HINTS: Record<Stage, string> = {
  eligibility: t('eligibilityHint'),
  applicability: t('applicabilityHint'),
  suitability: t('suitabilityHint'),
}

/** A clause in words, and the rule it is, exactly. */
function ClauseLine({ applied }: { applied: Applied }) {
  const { clause, policy, level } = applied
  const admits = 'admits' in clause
  return (
    <li className="clause">
      <div className="clause-head">
        <bdi className="clause-title">{clause.title}</bdi>
        <Pill tone={admits ? 'good' : 'warn'}>{admits ? t('admits') : t('excludes')}</Pill>
      </div>
      <code className="clause-rule">{admits ? clause.admits : clause.excludes}</code>
      <span className="ui-quiet">
        {t('fromPolicy', { policy: policy.title, level })}
        {clause.feeds && clause.feeds.length > 0
          ? ` · ${t('rests', { feeds: clause.feeds.map(readable).join(', ') })}`
          : ''}
      </span>
    </li>
  )
}

/** What no playbook can lift, as far as it concerns this action. */
function alwaysOn({ document, product, credit }: ActionNode): string[] {
  const rules: string[] = []
  for (const needed of product?.prerequisites ?? []) rules.push(t('rulePrerequisite', { product: readable(needed) }))
  if (product?.single) rules.push(t('ruleSingle', { product: product.title }))
  if (product?.ageYearsMax !== undefined)
    rules.push(t('ruleAge', { from: product.ageYearsMin ?? 0, to: product.ageYearsMax }))
  else if (product?.ageYearsMin !== undefined) rules.push(t('ruleAgeFrom', { from: product.ageYearsMin }))
  if (credit) rules.push(t('ruleCredit'))
  if (document.class === 'marketing') rules.push(t('ruleMarketing'))
  if (document.paymentTriggered) rules.push(t('rulePayment'))
  rules.push(t('ruleStops'))
  return rules
}

/** Who may hear it: its clauses by the question they answer, in words and as rules. */
export const Who = ({ node }: { node: ActionNode }) => (
  <div className="who">
    {STAGES.map((stage) => {
      const clauses = node.clauses.filter((applied) => applied.stage === stage)
      return (
        <Panel key={stage} title={TITLES[stage]} aside={<span className="ui-quiet">{clauses.length}</span>}>
          <p className="quiet-line">{HINTS[stage]}</p>
          {clauses.length === 0 ? (
            <p className="quiet-line">{t('noClauses')}</p>
          ) : (
            <ul className="clauses">
              {clauses.map((applied) => (
                <ClauseLine key={`${applied.policy.id} ${applied.clause.id}`} applied={applied} />
              ))}
            </ul>
          )}
        </Panel>
      )
    })}
    <Panel title={t('always')}>
      <p className="quiet-line">{t('alwaysHint')}</p>
      <ul className="always">
        {alwaysOn(node).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </Panel>
  </div>
)
