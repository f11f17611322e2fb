import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import type { ComplaintsReply } from '#know/customers/contract'
import { useAsk } from '../../shell/api.ts'
import { useFew } from '../../ui/few.tsx'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Pill } from '../../ui/values.tsx'
import './customers.css'
import { complaints } from './endpoints.ts'
import { customerName, humanised } from './names.ts'
import { t } from './words-home.ts'

const SHOWN_MAX = 6
const COMPLAINTS_MAX = 100

type Waiting = Static<typeof ComplaintsReply>['complaints'][number]

function Lines({ found }: { found: readonly Waiting[] }) {
  const [shown, rest] = useFew(found, SHOWN_MAX)
  return (
    <>
      <ul className="customers-home-list">
        {shown.map(({ standingId, customerId, name, reason, replyDueOn, businessDaysLeft, overdue }) => (
          <li key={standingId}>
            <Link to={`/know/customers/${customerId}`}>
              <bdi>{customerName({ name, customerId })}</bdi>
            </Link>
            <bdi className="ui-clip ui-quiet">{humanised(reason)}</bdi>
            <span title={t('due', { on: day(replyDueOn) })}>
              <Pill tone={overdue ? 'bad' : businessDaysLeft <= 3 ? 'warn' : 'quiet'} icon={overdue ? 'warn' : 'wait'}>
                {overdue ? t('overdue') : businessDaysLeft === 0 ? t('today') : t('left', { count: businessDaysLeft })}
              </Pill>
            </span>
          </li>
        ))}
      </ul>
      {rest}
    </>
  )
}

/** On one's home page: whose complaint must be answered next. */
export default function HomeComplaints() {
  const waiting = useAsk(complaints, { query: { limit: COMPLAINTS_MAX } }, { refetchInterval: 60_000 })
  return (
    <Panel title={t('complaints')}>
      <Shown of={waiting}>
        {({ complaints: found }) =>
          found.length === 0 ? (
            <p className="customers-home-calm">
              <Icon name="good" className="ui-good" /> {t('noComplaints')}
            </p>
          ) : (
            <Lines found={found} />
          )
        }
      </Shown>
    </Panel>
  )
}
