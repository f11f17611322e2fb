import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Pill } from '../../ui/values.tsx'
import './customers.css'
import { complaints } from './endpoints.ts'
import { t } from './words-home.ts'

const SHOWN_MAX = 6

/** On one's home page: whose complaint must be answered next. */
export default function HomeComplaints() {
  const waiting = useAsk(complaints, { query: { limit: 100 } }, { refetchInterval: 60_000 })
  return (
    <Panel title={t('complaints')}>
      <Shown of={waiting}>
        {({ complaints: found }) =>
          found.length === 0 ? (
            <p className="customers-home-calm">
              <Icon name="good" className="ui-good" /> {t('noComplaints')}
            </p>
          ) : (
            <ul className="customers-home-list">
              {found
                .slice(0, SHOWN_MAX)
                .map(({ standingId, customerId, reason, replyDueOn, businessDaysLeft, overdue }) => (
                  <li key={standingId}>
                    <Link to={`/know/customers/${customerId}`}>{t('customer', { id: customerId })}</Link>
                    <bdi className="ui-clip ui-quiet">{reason}</bdi>
                    <span title={t('due', { on: day(replyDueOn) })}>
                      <Pill
                        tone={overdue ? 'bad' : businessDaysLeft <= 3 ? 'warn' : 'quiet'}
                        icon={overdue ? 'warn' : 'wait'}
                      >
                        {overdue
                          ? t('overdue')
                          : businessDaysLeft === 0
                            ? t('today')
                            : t('left', { count: businessDaysLeft })}
                      </Pill>
                    </span>
                  </li>
                ))}
              {found.length > SHOWN_MAX ? (
                <li className="ui-quiet">{t('more', { count: found.length - SHOWN_MAX })}</li>
              ) : null}
            </ul>
          )
        }
      </Shown>
    </Panel>
  )
}
