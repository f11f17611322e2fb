import { useAsk } from '../../shell/api.ts'
import { Panel } from '../../ui/page.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { Shown } from '../../ui/state.tsx'
import * as endpoints from './endpoints.ts'
import { pretty } from './state.tsx'
import { t } from './words.ts'

/** What a receiver does with each request before it reads it; the same as in the integrator's guide. */
const GENUINE = `import { createHmac, timingSafeEqual } from 'node:crypto'

export function isGenuine(secret, headers, body, nowSeconds = Date.now() / 1000) {
  const [id, timestamp] = [headers['clientele-webhook-id'], headers['clientele-webhook-timestamp']]
  if (!(Math.abs(nowSeconds - Number(timestamp)) <= 300)) return false
  const expected = createHmac('sha256', secret).update(\`\${id}.\${timestamp}.\${body}\`).digest()
  return headers['clientele-webhook-signature'].split(',').some((one) => {
    const given = Buffer.from(one.replace(/^v1=/, ''), 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}`

/** What a webhook hears of, and how its receiver tells a genuine request. */
export function About({ types }: { types: readonly string[] }) {
  const found = useAsk(endpoints.types, {}, { staleTime: Number.POSITIVE_INFINITY })
  return (
    <div className="hook-about">
      <Panel title={t('hears')}>
        <Shown of={found}>
          {(reply) => (
            <ul className="hook-types">
              {reply.types
                .filter(({ type }) => types.includes(type))
                .map(({ type, meaning, sample }) => (
                  <li key={type}>
                    <strong className="ui-mono">{type}</strong>
                    <p>{meaning}</p>
                    <details className="hook-sample">
                      <summary>
                        {t('sample')} <span className="ui-visually-hidden">{type}</span>
                      </summary>
                      <Snippet title={type} text={pretty(sample)} />
                    </details>
                  </li>
                ))}
            </ul>
          )}
        </Shown>
      </Panel>
      <Panel title={t('genuine')}>
        <p className="hook-said">{t('genuineSays')}</p>
        <Snippet title="JavaScript" text={GENUINE} />
      </Panel>
    </div>
  )
}
