import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { HealthPill, healthOf } from './state.tsx'
import './webhooks.css'
import { t } from './words.ts'

const SHOWN = 5
const WELL = new Set(['delivering', 'nothingYet', 'off'])

/** The systems that do not hear what happens, with what waits for each. */
export default function HomePanel() {
  const found = useAsk(endpoints.list, {}, { refetchInterval: 30_000 })
  return (
    <Panel title={t('homeTitle')} aside={<Link to="/engage/webhooks">{t('toAll')}</Link>}>
      <Shown of={found}>
        {({ webhooks }) => {
          const unwell = webhooks.filter((webhook) => !WELL.has(healthOf(webhook)))
          if (unwell.length === 0)
            return (
              <p className="hook-came">
                {webhooks.length === 0 ? (
                  <span className="ui-quiet">{t('emptyTitle')}</span>
                ) : (
                  <>
                    <Icon name="good" className="ui-good" /> {t('homeWell', { count: webhooks.length })}
                  </>
                )}
              </p>
            )
          return (
            <ul className="hook-home">
              {unwell.slice(0, SHOWN).map((webhook) => (
                <li key={webhook.webhookId}>
                  <Link to={`/engage/webhooks/${webhook.webhookId}`} className="ui-clip">
                    {webhook.title}
                  </Link>
                  <HealthPill webhook={webhook} />
                  <span className="ui-quiet">
                    {t('homeCounts', { waiting: number(webhook.waiting), aside: number(webhook.setAside) })}
                  </span>
                </li>
              ))}
              {unwell.length > SHOWN ? (
                <li className="ui-quiet">{t('homeMore', { count: unwell.length - SHOWN })}</li>
              ) : null}
            </ul>
          )
        }}
      </Shown>
    </Panel>
  )
}
