import { Button, Group, Select, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { DeliveriesQuery, Delivery, Webhook } from '#engage/webhooks/contract'
import { call, type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { Shown } from '../../ui/state.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { useUrlState } from '../../ui/url-state.ts'
import { None, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import { Replay } from './replay.tsx'
import { DeliveryPill } from './state.tsx'
import { wireOf } from './tested.tsx'
import { t } from './words.ts'

const PAGE_ROWS = 200
const WORDS = { waiting: 'isWaiting', delivered: 'isDelivered', set_aside: 'isSetAside' } as const

const columns: Column<Delivery>[] = [
  {
    id: 'happened',
    title: t('happened'),
    value: ({ sequence }) => sequence,
    show: ({ happenedAt }) => <When at={happenedAt} />,
    width: 160,
    narrow: false,
  },
  { id: 'type', title: t('event'), value: ({ type }) => type, width: 'minmax(140px, 1fr)' },
  {
    id: 'state',
    title: t('what'),
    value: ({ state }) => t(WORDS[state as keyof typeof WORDS] ?? 'isWaiting'),
    show: ({ state }) => <DeliveryPill state={state} />,
    width: 110,
  },
  {
    id: 'customer',
    title: t('customer'),
    value: ({ customerId }) => customerId,
    width: 110,
    align: 'end',
    narrow: false,
  },
  { id: 'tries', title: t('tries'), value: ({ attempts }) => attempts, width: 70, align: 'end', narrow: false },
  { id: 'status', title: t('status'), value: ({ lastStatus }) => lastStatus, width: 80, align: 'end', narrow: false },
  {
    id: 'reason',
    title: t('reason'),
    value: ({ lastReason }) => lastReason,
    width: 'minmax(120px, 2fr)',
    narrow: false,
  },
  {
    id: 'last',
    title: t('last'),
    value: ({ lastAt }) => lastAt,
    show: ({ lastAt }) => <When at={lastAt} />,
    width: 160,
    narrow: false,
  },
  {
    id: 'due',
    title: t('due'),
    value: ({ dueAt }) => dueAt,
    show: ({ dueAt }) => <When at={dueAt} as="ago" />,
    width: 110,
    narrow: false,
  },
]

/** Deliveries, page by page as they are asked for; the first page is read again as long as it is the only one. */
function useDeliveries(webhookId: string, { state, type }: Pick<DeliveriesQuery, 'state' | 'type'>) {
  const query: DeliveriesQuery = { limit: PAGE_ROWS, ...(state ? { state } : {}), ...(type ? { type } : {}) }
  const first = useAsk(endpoints.deliveries, { params: { webhookId }, query }, { refetchInterval: 5_000 })
  const [earlier, setEarlier] = useState<{ rows: Delivery[]; next: number | null } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins anew.
  useEffect(() => setEarlier(null), [webhookId, state, type])
  const next = earlier === null ? (first.data?.next ?? null) : earlier.next
  const more = async (): Promise<void> => {
    if (next === null) return
    await call(endpoints.deliveries, { params: { webhookId }, query: { ...query, before: next } }).then(
      (reply) => setEarlier((before) => ({ rows: [...(before?.rows ?? []), ...reply.deliveries], next: reply.next })),
      failed,
    )
  }
  const known = new Set(first.data?.deliveries.map(({ eventId }) => eventId))
  const rows = first.data && [
    ...first.data.deliveries,
    ...(earlier?.rows ?? []).filter(({ eventId }) => !known.has(eventId)),
  ]
  return { rows, error: first.error as Refusal | null, again: () => void first.refetch(), next, more }
}

function Detail({ webhookId, paused, row }: { webhookId: string; paused: boolean; row: Delivery }) {
  const params = { webhookId, eventId: row.eventId }
  const manages = useMay()('engage.webhooks:manage')
  const [replaying, setReplaying] = useState(false)
  const found = useAsk(endpoints.delivery, { params })
  const again = useTell(endpoints.again, { stale: [endpoints.list, endpoints.deliveries, endpoints.delivery] })
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          [t('what'), <DeliveryPill key="state" state={row.state} />],
          [t('reason'), row.lastReason ?? <None key="reason" />],
          [t('customer'), row.customerId ?? t('nobody')],
          [t('happened'), <When key="at" at={row.happenedAt} />],
          [t('due'), <When key="due" at={row.dueAt} />],
        ]}
      />
      {manages ? (
        <Group gap={8}>
          <Button
            size="xs"
            variant="default"
            loading={again.isPending}
            onClick={() => void again.mutateAsync({ params }).then(() => done(t('againDone')), failed)}
          >
            {t('again')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setReplaying(true)}>
            {t('replayHere')}
          </Button>
        </Group>
      ) : null}
      <Shown of={found}>
        {({ request, tries }) => (
          <>
            <div>
              <Snippet title={t('request')} text={wireOf(request)} />
              <p className="hook-said ui-quiet">
                {request.masked ? t('maskedSays') : row.customerId === null ? null : t('openedSays')}
              </p>
            </div>
            <section aria-label={t('tries')}>
              <h3 className="hook-head">{t('tries')}</h3>
              {tries.length === 0 ? (
                <p className="ui-quiet">{t('noTries')}</p>
              ) : (
                <ol className="hook-tries">
                  {[...tries].reverse().map(({ attemptId, sentAt, tookMs, status, reason, answer }) => (
                    <li key={attemptId}>
                      <Icon
                        name={reason === null ? 'good' : 'bad'}
                        className={reason === null ? 'ui-good' : 'ui-bad'}
                      />
                      <div>
                        <p>
                          <strong>{reason ?? t('tryGood', { status })}</strong> {t('took', { count: tookMs })}
                        </p>
                        <p className="ui-quiet">
                          <When at={sentAt} />
                        </p>
                        {answer ? <pre className="ui-mono ui-wrap">{answer}</pre> : null}
                      </div>
                    </li>
                  ))}
                </ol>
              )}
            </section>
          </>
        )}
      </Shown>
      {replaying ? (
        <Replay webhookId={webhookId} paused={paused} event={row} onClose={() => setReplaying(false)} />
      ) : null}
    </Stack>
  )
}

/** What was delivered, waits, or was set aside and why, with the request and every try of each. */
export function Deliveries({ webhook: { webhookId, types, state: turned } }: { webhook: Webhook }) {
  const [state, setState] = useUrlState('state')
  const [type, setType] = useUrlState('type')
  const { rows, error, again, next, more } = useDeliveries(webhookId, { state, type } as DeliveriesQuery)
  const choose = (
    label: string,
    value: string,
    set: (next: string) => void,
    data: { value: string; label: string }[],
  ) => (
    <Select
      aria-label={label}
      w={170}
      data={data}
      value={value}
      onChange={(chosen) => set(chosen ?? '')}
      allowDeselect={false}
    />
  )
  return (
    <section aria-label={t('deliveries')}>
      <DataTable
        name="webhook-deliveries"
        title={t('deliveries')}
        columns={columns}
        rows={rows}
        rowId={({ eventId }) => eventId}
        error={error}
        onAgain={again}
        height={460}
        filters={
          <>
            {choose(t('what'), state, setState, [
              { value: '', label: t('all') },
              ...Object.entries(WORDS).map(([value, word]) => ({ value, label: t(word) })),
            ])}
            {choose(t('event'), type, setType, [
              { value: '', label: t('anyType') },
              ...types.map((value) => ({ value, label: value })),
            ])}
          </>
        }
        inspect={(row) => <Detail key={row.eventId} webhookId={webhookId} paused={turned !== 'on'} row={row} />}
        inspectTitle={({ type: of }) => of}
        sortedBy="-happened"
        empty={
          state === '' && type === ''
            ? { title: t('deliveriesEmpty'), sentence: t('deliveriesEmptySays') }
            : { title: t('noneSuch'), sentence: t('noneSuchSays') }
        }
      />
      {next === null ? null : (
        <Group mt={8}>
          <Button variant="default" onClick={() => void more()}>
            {t('loadMore')}
          </Button>
        </Group>
      )}
    </section>
  )
}
