import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Webhook } from '#engage/webhooks/contract'
import { useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { instant } from '../../ui/format.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { done, failed } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { healthOf } from './state.tsx'
import { t } from './words.ts'

const Notice = ({
  icon,
  tone,
  children,
  action,
}: {
  icon: IconName
  tone: string
  children: string
  action?: ReactNode
}) => (
  <div className="hook-notice">
    <Icon name={icon} className={tone} />
    <p>{children}</p>
    {action}
  </div>
)

/** What somebody should know of a webhook now, with what to do about it. */
export function Notices({ webhook, onOn }: { webhook: Webhook; onOn: () => void }) {
  const { webhookId, state, failures, resumesAt, setAside, setAsideBecause, oldSignsUntil } = webhook
  const manages = useMay()('engage.webhooks:manage')
  const giveAll = useTell(endpoints.allAgain, { stale: [endpoints.list, endpoints.deliveries] })
  const act = (word: string, onClick: () => void) =>
    manages ? (
      <Button size="xs" variant="default" onClick={onClick}>
        {word}
      </Button>
    ) : undefined
  const allAgain = (): void =>
    void giveAll
      .mutateAsync({ params: { webhookId } })
      .then(({ deliveries }) => done(t('allAgainDone', { count: deliveries })), failed)
  return (
    <>
      {state === 'paused' ? (
        <Notice icon="warn" tone="ui-warn" action={act(t('resume'), onOn)}>
          {t('pausedSays')}
        </Notice>
      ) : null}
      {state === 'off' ? (
        <Notice icon="info" tone="ui-quiet" action={act(t('turnOn'), onOn)}>
          {t('offSays')}
        </Notice>
      ) : null}
      {healthOf(webhook) === 'away' && resumesAt !== null ? (
        <Notice icon="bad" tone="ui-bad" action={act(t('tryNow'), onOn)}>
          {t('awaySays', { count: failures, at: instant(new Date(resumesAt)) })}
        </Notice>
      ) : null}
      {setAside > 0 ? (
        <Notice icon="bad" tone="ui-bad" action={act(t('allAgain'), allAgain)}>
          {t('asideSays', { count: setAside, why: setAsideBecause ?? t('unknownReason') })}
        </Notice>
      ) : null}
      {oldSignsUntil !== null ? (
        <Notice icon="key" tone="ui-info">
          {t('oldSigns', { at: instant(new Date(oldSignsUntil)) })}
        </Notice>
      ) : null}
    </>
  )
}
