import { Link } from '@tanstack/react-router'
import type { Pulse } from '#learn/pulse/contract'
import { Icon } from '../../ui/icons.tsx'
import type { Tone } from '../../ui/values.tsx'
import './pulse.css'
import { t } from './words.ts'

const LINES = [
  ['stops', 'bad', '/trust/stops'],
  ['lateFeeds', 'warn', '/know/sources'],
  ['failedJobs', 'bad', undefined],
  ['unknownContacts', 'warn', undefined],
  ['setAside', 'warn', undefined],
  ['quarantinedRows', 'warn', '/know/sources'],
  ['quarantinedEvents', 'warn', '/know/events'],
  ['draftsAwaitingApproval', 'info', '/trust/playbook'],
  ['approvedAwaitingActivation', 'info', '/trust/playbook'],
] as const satisfies readonly (readonly [string, Tone, string | undefined])[]

/** What waits for somebody, the gravest first, each with the page where it is dealt with. */
export function Needs({ pulse }: { pulse: Pulse }) {
  const counts = { ...pulse.needs, lateFeeds: pulse.feeds.late + pulse.feeds.refused + pulse.feeds.unbalanced }
  const lines = LINES.filter(([name]) => counts[name] > 0)
  if (lines.length === 0)
    return (
      <p className="pulse-calm">
        <Icon name="good" className="ui-good" /> {t('nothingNeeds')}
      </p>
    )
  return (
    <ul className="pulse-needs">
      {lines.map(([name, tone, to]) => {
        const sentence = (
          <>
            <Icon name={tone === 'info' ? 'info' : tone} className={`ui-${tone}`} />
            <span>{t(name, { count: counts[name] })}</span>
          </>
        )
        return (
          <li key={name}>
            {to ? (
              <Link to={to}>
                {sentence}
                <Icon name="right" className="ui-quiet" size={12} />
              </Link>
            ) : (
              <span className="pulse-need">{sentence}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
