import { Link } from '@tanstack/react-router'
import type { Pulse } from '#learn/pulse/contract'
import { useMay } from '../../shell/session.tsx'
import { number, percent } from '../../ui/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { Spark } from '../../ui/spark.tsx'
import './pulse.css'
import { t } from './words.ts'

interface Station {
  name: 'know' | 'decide' | 'engage' | 'learn'
  icon: IconName
  value: number
  of: string
  feet: string[]
  to: string
  needs: string
  line?: number[]
}

const channels = ({ contacts }: Pulse): number => new Set(contacts.lines.map(({ channel }) => channel)).size

/** The four stations of the loop as numbers, in the order in which it runs. */
export function Loop({ pulse }: { pulse: Pulse }) {
  const may = useMay()
  const { customers, events, decisions, contacts, answers } = pulse
  const stations: Station[] = [
    {
      name: 'know',
      icon: 'people',
      // Who has left, and who may come, is on record and no customer.
      value: customers.customers,
      of: t('customers'),
      feet: [
        t('cameIn', { count: customers.cameInToday }),
        ...(customers.former > 0 ? [t('former', { count: customers.former })] : []),
        ...(customers.prospects > 0 ? [t('prospects', { count: customers.prospects })] : []),
        t('events', { count: events.today }),
      ],
      to: '/know/customers',
      needs: 'know.customers:read',
    },
    {
      name: 'decide',
      icon: 'decide',
      value: decisions.lastHour,
      of: t('decisions'),
      feet: [
        t('minute', { count: decisions.lastMinute }),
        ...(decisions.lastHour > 0
          ? [t('withSomething', { share: percent(decisions.lastHourWithSomething / decisions.lastHour, 0) })]
          : []),
      ],
      to: '/decide/decisions',
      needs: 'decide.decisions:read',
      line: decisions.minutes.map(({ made }) => made),
    },
    {
      name: 'engage',
      icon: 'message',
      value: contacts.today,
      of: t('contacts'),
      feet: contacts.today > 0 ? [t('contactsFoot', { count: channels(pulse) })] : [],
      to: '/know/interactions',
      needs: 'know.interactions:read',
    },
    {
      name: 'learn',
      icon: 'outcome',
      value: answers.today,
      of: t('answers'),
      feet: [t('answersFoot', { accepted: number(answers.kinds.accept), refused: number(answers.kinds.refuse) })],
      to: '/learn/outcomes',
      needs: 'learn.outcomes:read',
    },
  ]
  return (
    <ol className="pulse-loop">
      {stations.map(({ name, icon, value, of, feet, to, needs, line }) => (
        <li key={name} className="pulse-station">
          <span className="pulse-station-name">
            <Icon name={icon} /> {t(name)}
          </span>
          <span className="pulse-station-value">
            {may(needs) ? (
              <Link to={to} className="ui-asks">
                {number(value)}
              </Link>
            ) : (
              number(value)
            )}
          </span>
          <span className="pulse-station-of">{of}</span>
          {feet.map((foot) => (
            <span key={foot} className="pulse-station-foot">
              {foot}
            </span>
          ))}
          {line?.some((made) => made > 0) ? <Spark values={line} width={120} height={20} /> : null}
        </li>
      ))}
    </ol>
  )
}
