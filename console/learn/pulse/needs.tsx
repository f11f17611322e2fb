import { Link } from '@tanstack/react-router'
import type { Pulse } from '#learn/pulse/contract'
import { useMay } from '../../shell/session.tsx'
import { Icon } from '../../ui/icons.tsx'
import type { Tone } from '../../ui/values.tsx'
import './pulse.css'
import { t } from './words.ts'

/** What can wait, how grave it is, where it is dealt with, and the permission to deal with it. */
const LINES = [
  ['stops', 'bad', '/trust/stops', 'trust.stops:start'],
  ['lateFeeds', 'warn', '/know/sources', 'know.sources:write'],
  ['failedJobs', 'bad', '/platform/jobs', 'platform.jobs:read'],
  ['unknownContacts', 'warn', undefined, 'platform.outbox:read'],
  ['setAside', 'warn', '/platform/jobs', 'platform.outbox:give_again'],
  ['quarantinedRows', 'warn', '/know/sources', 'know.sources:write'],
  ['quarantinedEvents', 'warn', '/know/events', 'know.events:quarantine'],
  ['draftsAwaitingApproval', 'info', '/trust/playbook', 'trust.playbook:approve'],
  ['approvedAwaitingActivation', 'info', '/trust/playbook', 'trust.playbook:activate'],
] as const satisfies readonly (readonly [string, Tone, string | undefined, string])[]

/** Whether anything could ever wait for this person. */
export const useMayDeal = (): boolean => {
  const may = useMay()
  return LINES.some(([, , , needs]) => may(needs))
}

/** What waits for somebody, the gravest first, each with the page where it is dealt with. `mine`: what I may deal with. */
export function Needs({ pulse, mine = false }: { pulse: Pulse; mine?: boolean }) {
  const may = useMay()
  const counts = { ...pulse.needs, lateFeeds: pulse.feeds.late + pulse.feeds.refused + pulse.feeds.unbalanced }
  const lines = LINES.filter(([name, , , needs]) => counts[name] > 0 && (!mine || may(needs)))
  if (lines.length === 0)
    return (
      <p className="pulse-calm">
        <Icon name="good" className="ui-good" /> {mine ? t('nothingNeedsYou') : t('nothingNeeds')}
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
