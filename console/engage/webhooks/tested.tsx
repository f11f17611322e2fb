import type { TestReply } from '#engage/webhooks/contract'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/page.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { pretty } from './state.tsx'
import { t } from './words.ts'

/** A request as it goes over the wire. */
export const wireOf = ({ url, headers, body }: TestReply['request']): string =>
  [`POST ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', pretty(body)].join('\n')

/** What came of a ping: whether it was received, what was sent, and what was answered. */
export function Tested({ came }: { came: TestReply }) {
  const { received, status, reason, answer, tookMs, request } = came
  return (
    <Panel title={t('tested')}>
      <p role="status" className="hook-came">
        <Icon name={received ? 'good' : 'bad'} className={received ? 'ui-good' : 'ui-bad'} />{' '}
        {received ? t('testGood', { status, count: tookMs }) : `${t('testBad', { why: reason })} ${t('testNext')}`}
      </p>
      <div className="hook-pair">
        <Snippet title={t('request')} text={wireOf(request)} />
        <Snippet title={t('answer')} text={answer === null ? t('noAnswer') : answer || t('emptyAnswer')} />
      </div>
    </Panel>
  )
}
