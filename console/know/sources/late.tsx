import { Link } from '@tanstack/react-router'
import { useAsk } from '../../shell/api.ts'
import { day } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import * as endpoints from './endpoints.ts'
import { type Health, HealthState } from './feed.tsx'
import './sources.css'
import { t } from './words.ts'

const SHOWN = 8

/** The sources that are late, do not balance or were refused, and what waits for each. */
export function Late({ sources }: { sources: readonly Health[] }) {
  const late = sources.filter(({ state }) => state !== 'ok')
  const waiting = useAsk(endpoints.waiting, {}, { enabled: late.length > 0, refetchInterval: 60_000 })
  if (sources.length === 0) return null
  if (late.length === 0)
    return (
      <p className="sources-result">
        <Icon name="good" className="ui-good" /> {t('allWell')}
      </p>
    )
  return (
    <Panel title={t('lateTitle')}>
      <p className="ui-quiet sources-said">{t('lateSays', { count: late.length })}</p>
      <ul className="sources-late">
        {late.map(({ source, title, state, asOf, dueAt }) => {
          const attributes = waiting.data?.waiting.find((each) => each.source === source)?.attributes ?? []
          return (
            <li key={source}>
              <div>
                <strong>{title}</strong> <HealthState state={state} />
                <p className="ui-quiet">
                  {[asOf ? t('knownTo', { day: day(asOf) }) : '', dueAt ? t('due', { at: dueAt }) : '']
                    .filter(Boolean)
                    .join(', ')}
                </p>
              </div>
              <p>
                {attributes.length === 0 ? (
                  <span className="ui-quiet">{waiting.data ? t('waitsNone') : ''}</span>
                ) : (
                  <>
                    {t('waits', { count: attributes.length })}{' '}
                    {attributes.slice(0, SHOWN).map(({ id, title: name }, at) => (
                      <span key={id}>
                        {at > 0 ? ', ' : ''}
                        <Link to={`/know/attributes?row=${id}`}>{name}</Link>
                      </span>
                    ))}
                    {attributes.length > SHOWN ? ` ${t('more', { count: attributes.length - SHOWN })}` : null}
                  </>
                )}
              </p>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
