import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { TestReply, Webhook } from '#engage/webhooks/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { instant, number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Once } from '../../ui/once.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { Empty, Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { None, Value, When } from '../../ui/values.tsx'
import { About } from './about.tsx'
import { Deliveries } from './deliveries.tsx'
import { EditWebhook } from './edit.tsx'
import * as endpoints from './endpoints.ts'
import { Notices } from './notices.tsx'
import { Replay } from './replay.tsx'
import { HealthPill } from './state.tsx'
import { Tested } from './tested.tsx'
import './webhooks.css'
import { t } from './words.ts'

type Dialog = 'edit' | 'renew' | 'remove' | 'replay'

function One({ webhook }: { webhook: Webhook }) {
  const { webhookId, title, url, types, state, recent } = webhook
  const params = { webhookId }
  const manages = useMay()('engage.webhooks:manage')
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [came, setCame] = useState<TestReply | null>(null)
  const stale = [endpoints.list, endpoints.deliveries]
  const change = useTell(endpoints.change, { stale })
  const renew = useTell(endpoints.renew, { stale: [endpoints.list] })
  const remove = useTell(endpoints.remove, { stale: [endpoints.list] })
  const test = useTell(endpoints.test)
  const turn = (to: Webhook['state'], sentence: string, undone?: Webhook['state']): Promise<void> =>
    change
      .mutateAsync({ params, body: { state: to } })
      .then(() => done(sentence, undone && (() => turn(undone, t('resumedDone')))), failed)
  const close = (): void => setDialog(null)
  return (
    <Page
      title={title}
      sentence={url}
      action={
        manages ? (
          <Group gap={8}>
            <Button
              loading={test.isPending}
              leftSection={<Icon name="open" />}
              onClick={() => void test.mutateAsync({ params }).then(setCame, failed)}
            >
              {t('testAction')}
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t('more')} title={t('more')}>
                  <Icon name="menu" />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setDialog('edit')}>{t('edit')}</Menu.Item>
                {state === 'on' ? (
                  <Menu.Item onClick={() => void turn('paused', t('pausedDone'), 'on')}>{t('pause')}</Menu.Item>
                ) : (
                  <Menu.Item onClick={() => void turn('on', t('resumedDone'))}>
                    {state === 'off' ? t('turnOn') : t('resume')}
                  </Menu.Item>
                )}
                {state === 'off' ? null : (
                  <Menu.Item onClick={() => void turn('off', t('offDone'), 'on')}>{t('turnOff')}</Menu.Item>
                )}
                <Menu.Item onClick={() => setDialog('replay')}>{t('replay')}</Menu.Item>
                <Menu.Item onClick={() => setDialog('renew')}>{t('newSecret')}</Menu.Item>
                <Menu.Divider />
                <Menu.Item className="ui-bad" onClick={() => setDialog('remove')}>
                  {t('remove')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        ) : undefined
      }
      figures={
        <>
          <Figure
            title={t('state')}
            value={<HealthPill webhook={webhook} />}
            foot={t('typesCount', { count: types.length })}
          />
          <Figure title={t('delivered')} value={<When at={webhook.deliveredAt} as="ago" />} />
          <Figure
            title={t('waiting')}
            value={<Value value={webhook.waiting} />}
            foot={
              webhook.oldestWaitingAt
                ? t('waitingSince', { at: instant(new Date(webhook.oldestWaitingAt)) })
                : t('noneWaiting')
            }
          />
          <Figure
            title={t('aside')}
            value={<Value value={webhook.setAside} />}
            foot={webhook.setAside === 0 ? t('noneAside') : webhook.setAsideBecause}
          />
          <Figure
            title={t('speed')}
            value={recent.medianMs === null ? <None /> : t('ms', { count: recent.medianMs })}
            foot={recent.attempts === 0 ? t('noneSent') : t('ofRecent', { count: recent.attempts })}
          />
        </>
      }
    >
      <Notices webhook={webhook} onOn={() => void turn('on', t('resumedDone'))} />
      {came ? <Tested came={came} /> : null}
      <Deliveries webhook={webhook} />
      <About types={types} />
      {dialog === 'edit' ? <EditWebhook webhook={webhook} onClose={close} /> : null}
      {dialog === 'replay' ? <Replay webhookId={webhookId} paused={state !== 'on'} onClose={close} /> : null}
      <ConfirmTyped
        opened={dialog === 'renew'}
        onClose={close}
        title={t('renewTitle', { title })}
        action={t('renewNow')}
        makes
        onConfirm={() => renew.mutateAsync({ params }).then((reply) => setSecret(reply.secret), failed)}
      >
        {t('renewSays')}
      </ConfirmTyped>
      {secret ? (
        <Once
          title={t('secretTitle', { title })}
          says={t('secretSays')}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      ) : null}
      <ConfirmTyped
        opened={dialog === 'remove'}
        onClose={close}
        title={t('removeTitle', { title })}
        action={t('remove')}
        word={title}
        onConfirm={() =>
          remove.mutateAsync({ params }).then(() => {
            done(t('removed'))
            void navigate({ to: '/engage/webhooks' })
          }, failed)
        }
      >
        {t('removeSays', { waiting: number(webhook.waiting), aside: number(webhook.setAside) })}
      </ConfirmTyped>
    </Page>
  )
}

/** One system that is told: how it does, what was sent and what came back. */
export default function WebhookPage() {
  const { webhookId = '' } = useParams({ strict: false }) as { webhookId?: string }
  const found = useAsk(endpoints.list, {}, { refetchInterval: 5_000 })
  const webhook = found.data?.webhooks.find((each) => each.webhookId === webhookId)
  if (webhook) return <One key={webhookId} webhook={webhook} />
  return (
    <Page title={found.data ? t('goneTitle') : t('title')} sentence={t('sentence')}>
      <Shown of={found}>
        {() => (
          <Empty
            icon="hook"
            title={t('goneTitle')}
            sentence={t('goneSentence')}
            action={
              <Button variant="default" renderRoot={(props) => <Link {...props} to={'/engage/webhooks' as never} />}>
                {t('toAll')}
              </Button>
            }
          />
        )}
      </Shown>
    </Page>
  )
}
