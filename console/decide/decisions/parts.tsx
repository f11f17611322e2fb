import { Fragment } from 'react'
import { money, number, percent } from '../../ui/format.ts'
import { bestTreatment, type Traced } from './stages.ts'
import { readable, t } from './words.ts'

/** A likelihood from one in two to one in a million, in as many digits as it needs. */
export const likelihood = (share: number): string => percent(share, share >= 0.1 ? 1 : share >= 0.001 ? 2 : 4)

/** Score of one action: its parts as factors, and the formula of that day. */
export function ScoreParts({ action, formula }: { action: Traced; formula: string }) {
  const best = bestTreatment(action)
  if (!best?.parts) return null
  const { propensity, bankValueMinor, customerValueMinor, costMinor, contextWeight, lever } = best.parts
  const parts: [sign: string, name: string, value: string][] = [
    ['', t('propensity'), likelihood(propensity)],
    ['', t('bankValue'), money(bankValueMinor)],
    ['', t('customerValue'), money(customerValueMinor)],
    ['', t('cost'), money(costMinor)],
    ['', t('context'), `× ${number(contextWeight, 2)}`],
    ['', t('lever'), `× ${number(lever, 2)}`],
    ['=', t('score'), number(best.score!, 2)],
  ]
  return (
    <>
      <div className="parts">
        {parts.map(([sign, name, value]) => (
          <Fragment key={name}>
            {sign === '' ? null : (
              <span className="part-sign" aria-hidden="true">
                {sign}
              </span>
            )}
            <span className="part">
              <span className="part-name">{name}</span>
              <span className="part-value">{value}</span>
            </span>
          </Fragment>
        ))}
      </div>
      <p className="part-name">
        {t('formula')}
        <code className="formula">{formula}</code>
      </p>
    </>
  )
}

/** What could be said in its order, with the parts of each score. */
export function Ranking({ actions, onPick }: { actions: readonly Traced[]; onPick: (action: string) => void }) {
  const ranked = actions.filter(({ priority }) => priority !== null)
  const best = ranked[0]?.priority ?? 0
  if (ranked.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="rank-scrolls" tabIndex={0} aria-label={t('rankTable')}>
      <table className="rank">
        <thead>
          <tr>
            {[
              t('action'),
              t('propensity'),
              t('bankValue'),
              t('customerValue'),
              t('context'),
              t('lever'),
              t('score'),
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <th scope="col">{t('rankOf')}</th>
          </tr>
        </thead>
        <tbody>
          {ranked.map((action) => {
            const parts = bestTreatment(action)?.parts
            const of = best > 0 ? Math.max(0, action.priority!) / best : 0
            return (
              <tr key={action.action}>
                <td>
                  <button type="button" className="ui-asks" onClick={() => onPick(action.action)}>
                    {action.title || readable(action.action)}
                  </button>
                </td>
                <td>{parts ? likelihood(parts.propensity) : ''}</td>
                <td>{parts ? money(parts.bankValueMinor) : ''}</td>
                <td>{parts ? money(parts.customerValueMinor) : ''}</td>
                <td>{parts ? `× ${number(parts.contextWeight, 2)}` : ''}</td>
                <td>{parts ? `× ${number(parts.lever, 2)}` : ''}</td>
                <td>
                  <strong>{number(action.priority!, 2)}</strong>
                </td>
                <td>
                  <span className="rank-bar">
                    <svg width="96" height="8" aria-hidden="true">
                      <rect width={Math.max(1, 96 * of)} height="8" fill="var(--mantine-primary-color-filled)" />
                    </svg>
                  </span>{' '}
                  {percent(of, 0)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
