import { Link } from '@tanstack/react-router'
import './stops.css'
import { useAsk } from '../../shell/api.ts'
import { useNames } from '../../shell/who.tsx'
import { ago } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import * as endpoints from './endpoints.ts'
import { whatOf } from './stop.ts'
import { t } from './words.ts'

const AGAIN_MS = 5000

/** Over every page while something is stopped: what, by whom, since when, why. */
export function StopsBanner() {
  const stops = useAsk(endpoints.stops, { query: {} }, { refetchInterval: AGAIN_MS, staleTime: AGAIN_MS })
  const inForce = stops.data?.stops ?? []
  const worst = inForce.find(({ scope }) => scope === 'everything') ?? inForce[0]
  const nameOf = useNames([worst?.stoppedBy])
  if (!worst) return null
  const what = [...new Set(inForce.map(whatOf))]
  return (
    <div className="stops-banner" role="status">
      <Icon name="stop" className="ui-bad" />
      <span>
        <strong>
          {worst.scope === 'everything'
            ? t('bannerEverything')
            : t('banner', { count: what.length, what: what.slice(0, 3).join(', ') })}
        </strong>{' '}
        {t('bannerWho', {
          who: nameOf(worst.stoppedBy),
          ago: ago(new Date(worst.stoppedAt)),
          reason: worst.reason.slice(0, 200),
        })}
      </span>
      <Link to="/trust/stops">{t('bannerOpen')}</Link>
    </div>
  )
}
