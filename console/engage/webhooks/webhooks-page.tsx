import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Webhook } from '#engage/webhooks/contract'
import { useAsk } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { None, Value, When } from '../../ui/values.tsx'
import { EditWebhook } from './edit.tsx'
import * as endpoints from './endpoints.ts'
import { HealthPill, healthOf } from './state.tsx'
import './webhooks.css'
import { t } from './words.ts'

const pageOf = ({ webhookId }: Webhook): string => `/engage/webhooks/${webhookId}`

const columns: Column<Webhook>[] = [
  { id: 'title', title: t('name'), value: ({ title }) => title, width: 'minmax(140px, 2fr)' },
  {
    id: 'state',
    title: t('state'),
    value: (webhook) => t(healthOf(webhook)),
    show: (webhook) => <HealthPill webhook={webhook} />,
    width: 150,
  },
  { id: 'url', title: t('to'), value: ({ url }) => url, width: 'minmax(160px, 3fr)', narrow: false },
  {
    id: 'types',
    title: t('types'),
    value: ({ types }) => types.join(' '),
    show: ({ types }) => <span className="ui-clip">{types.join(', ')}</span>,
    width: 'minmax(120px, 2fr)',
    narrow: false,
  },
  {
    id: 'delivered',
    title: t('delivered'),
    value: ({ deliveredAt }) => deliveredAt,
    show: ({ deliveredAt }) => <When at={deliveredAt} as="ago" />,
    width: 130,
    narrow: false,
  },
  {
    id: 'speed',
    title: t('speed'),
    value: ({ recent }) => recent.medianMs,
    show: ({ recent }) => (recent.medianMs === null ? <None /> : <span>{t('ms', { count: recent.medianMs })}</span>),
    width: 100,
    align: 'end',
    narrow: false,
  },
  {
    id: 'waiting',
    title: t('waiting'),
    value: ({ waiting }) => waiting,
    show: (webhook) => <Value value={webhook.waiting} to={`${pageOf(webhook)}?state=waiting`} what={t('waiting')} />,
    width: 90,
    align: 'end',
    narrow: false,
  },
  {
    id: 'aside',
    title: t('aside'),
    value: ({ setAside }) => setAside,
    show: (webhook) => <Value value={webhook.setAside} to={`${pageOf(webhook)}?state=set_aside`} what={t('aside')} />,
    width: 90,
    align: 'end',
  },
]

/** Which systems are told, and how each does. For whoever connects them, and for who is on duty. */
export default function WebhooksPage() {
  const may = useMay()
  const found = useAsk(endpoints.list, {}, { refetchInterval: 10_000 })
  const [making, setMaking] = useState(false)
  const rows = found.data?.webhooks
  const sum = (of: (webhook: Webhook) => number) => rows?.reduce((all, webhook) => all + of(webhook), 0)
  const latest = rows
    ?.map(({ deliveredAt }) => deliveredAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1)
  const add = may('engage.webhooks:manage') ? (
    <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)}>
      {t('add')}
    </Button>
  ) : undefined
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={rows && rows.length > 0 ? add : undefined}
      figures={
        <>
          <Figure
            title={t('figAll')}
            value={<Value value={rows?.length} />}
            foot={rows ? t('figAllFoot', { count: rows.filter(({ state }) => state === 'on').length }) : null}
          />
          <Figure
            title={t('delivered')}
            value={latest ? <When at={latest} as="ago" /> : <None />}
            foot={t('figDeliveredFoot')}
          />
          <Figure
            title={t('waiting')}
            value={<Value value={sum(({ waiting }) => waiting)} />}
            foot={t('figWaitingFoot')}
          />
          <Figure
            title={t('aside')}
            value={<Value value={sum(({ setAside }) => setAside)} />}
            foot={t('figAsideFoot')}
          />
        </>
      }
    >
      <DataTable
        name="webhooks"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ webhookId }) => webhookId}
        error={found.error}
        onAgain={() => void found.refetch()}
        open={pageOf}
        sortedBy="title"
        empty={{ title: t('emptyTitle'), sentence: add ? t('emptySentence') : t('emptyNotYours'), action: add }}
      />
      {making ? <EditWebhook onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}
