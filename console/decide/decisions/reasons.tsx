import { Pill } from '../../ui/values.tsx'
import { type Reason, reasonsOf, type Traced } from './stages.ts'
import { t } from './words.ts'

/** One clause that said no: its sentence, what it found and what it needed. */
export function ReasonLine({ reason, decided }: { reason: Reason; decided: boolean }) {
  return (
    <div className="reason" data-decided={decided || undefined}>
      <div className="reason-head">
        <bdi className="reason-title">{reason.title}</bdi>
        {decided ? <Pill tone="bad">{t('decided')}</Pill> : <span className="ui-quiet">{t('alsoNo')}</span>}
      </div>
      <dl>
        <dt>{t('found')}</dt>
        <dd>
          <bdi>{reason.found}</bdi>
        </dd>
        <dt>{t('needed')}</dt>
        <dd>
          <bdi>{reason.needed}</bdi>
        </dd>
        <dt>{t('level')}</dt>
        <dd>
          <bdi>
            {reason.level} · {reason.clause}
          </bdi>
        </dd>
      </dl>
    </div>
  )
}

/** All clauses that said no to an action, the one that decided first. */
export function Reasons({ action }: { action: Traced }) {
  const reasons = reasonsOf(action)
  const deciding = reasons.find(({ stage }) => stage === action.verdict)
  if (reasons.length === 0) return <p className="hint">{t('noReasons')}</p>
  const ordered = deciding ? [deciding, ...reasons.filter((one) => one !== deciding)] : reasons
  return (
    <ul className="reasons">
      {ordered.map((reason) => (
        <li key={`${reason.level} ${reason.clause}`}>
          <ReasonLine reason={reason} decided={reason === deciding} />
        </li>
      ))}
    </ul>
  )
}
