import type { Explanation } from '#decide/decisions/contract'
import type { ReadReply } from '#engage/content/contract'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/page.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { Funnel } from './funnel.tsx'
import { Ranking } from './parts.tsx'
import { ReasonLine } from './reasons.tsx'
import { Said } from './said.tsx'
import { decidingReason, narrowings } from './stages.ts'
import { nothingWords, readable, t } from './words.ts'

/** What was said, how the actions narrowed to it, and in which order what was left stood. */
export function Why({
  explanation,
  messages,
  onAction,
}: {
  explanation: Explanation
  messages: ReadReply['messages']
  onAction: (action: string) => void
}) {
  const { actions, shown, nothingBecause } = explanation
  const steps = narrowings(actions)
  const [picked, setPicked] = useUrlState('stage')
  // The greatest narrowing is shown first: it is what people ask about.
  const greatest = steps.reduce((most, step) => (step.out.length > most.out.length ? step : most), steps[0]!)
  const chosen = steps.find(({ stage, out }) => stage.id === picked && out.length > 0) ?? greatest
  const best = actions.find(({ priority }) => priority !== null)
  return (
    <>
      <Panel title={t('said')}>
        {shown.length === 0 ? (
          <p className="hint">{t('saidNothing', { because: nothingWords(nothingBecause ?? 'nothing_eligible') })}</p>
        ) : (
          <Said shown={shown} actions={actions} messages={messages} onWhy={onAction} />
        )}
      </Panel>
      <div className="decision-columns">
        <Panel title={t('funnel')}>
          <p className="hint">
            {t('funnelSays', {
              all: number(steps[0]!.before),
              shown: number(shown.length),
              steps: steps
                .filter(({ out }) => out.length > 0)
                .map(({ stage, out }) => t('stepSays', { count: out.length, title: stage.title }))
                .join(', '),
            })}
          </p>
          <Funnel steps={steps} chosen={chosen.stage.id} onChoose={setPicked} />
        </Panel>
        <Panel title={t('stageList', { title: chosen.stage.title })}>
          <p className="hint">{chosen.stage.asks}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
          <section className="decision-scrolls" tabIndex={0} aria-label={t('leftOutHere')}>
            <ul className="stage-list">
              {chosen.out.map((action) => {
                const reason = decidingReason(action)
                return (
                  <li key={action.action}>
                    <h3>
                      <button type="button" className="ui-asks" onClick={() => onAction(action.action)}>
                        <bdi>{action.title || readable(action.action)}</bdi>
                      </button>
                    </h3>
                    {reason ? <ReasonLine reason={reason} decided={reason.stage === action.verdict} /> : null}
                  </li>
                )
              })}
            </ul>
          </section>
        </Panel>
      </div>
      {best ? (
        <Panel title={t('rankTitle')}>
          <p className="hint">{t('rankSays', { best: best.title, score: number(best.priority!, 2) })}</p>
          <Ranking actions={actions} onPick={onAction} />
          <p className="part-name">
            {t('formula')}
            <code className="formula">{explanation.formula}</code>
          </p>
        </Panel>
      ) : null}
    </>
  )
}
