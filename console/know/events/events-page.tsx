import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Static } from 'typebox'
import type { QuarantineReply } from '#know/events/contract'
import { useAsk, useTell } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import { ConfirmTyped } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { Facts } from '../../ui/inspector.tsx'
import { Figure, Page } from '../../ui/page.tsx'
import { done, failed } from '../../ui/toast.tsx'
import { None, Pill, Value, When } from '../../ui/values.tsx'
import * as endpoints from './endpoints.ts'
import './events.css'
import { t } from './words.ts'

type Item = Static<typeof QuarantineReply>['items'][number]

const ITEMS_MAX = 500

const REASONS: Record<string, string> = {
  malformed: t('reason_malformed'),
  unknown_customer: t('reason_unknown_customer'),
  other_body: t('reason_other_body'),
  other_customer: t('reason_other_customer'),
  payload_schema: t('reason_payload_schema'),
}
const reasonOf = ({ reason }: Item): string => REASONS[reason] ?? reason

const columns: Column<Item>[] = [
  {
    id: 'reason',
    title: t('reason'),
    value: reasonOf,
    width: 190,
    show: (item) => <Pill tone="warn">{reasonOf(item)}</Pill>,
  },
  { id: 'source', title: t('source'), value: ({ source }) => source, width: 130 },
  { id: 'event', title: t('event'), value: ({ sourceEventId }) => sourceEventId, narrow: false },
  { id: 'place', title: t('place'), value: ({ place }) => place, narrow: false },
  { id: 'found', title: t('found'), value: ({ found }) => found, narrow: false },
  {
    id: 'times',
    title: t('times'),
    value: ({ times }) => times,
    show: ({ times }) => <Value value={times} />,
    width: 80,
    align: 'end',
    narrow: false,
  },
  {
    id: 'first',
    title: t('firstAt'),
    value: ({ firstAt }) => firstAt,
    show: ({ firstAt }) => <When at={firstAt} />,
    width: 170,
    narrow: false,
  },
]

/** Events that could not be taken in: why, whole, and the way to give them again. */
export default function EventsPage() {
  const may = useMay()
  const intake = useAsk(endpoints.intake, {}, { enabled: may('know.events:read') })
  const waiting = useAsk(endpoints.quarantine, { query: { itemsMax: ITEMS_MAX } })
  const stale = [endpoints.quarantine, endpoints.intake]
  const retry = useTell(endpoints.retry, { stale })
  const drop = useTell(endpoints.drop, { stale })
  const again = async (quarantineIds?: string[]): Promise<void> => {
    try {
      const { applied, duplicate, quarantined } = await retry.mutateAsync({
        body: quarantineIds ? { quarantineIds } : {},
      })
      done(t('retried', { applied: number(applied), duplicate: number(duplicate), quarantined: number(quarantined) }))
    } catch (error) {
      failed(error)
    }
  }
  const giveUp = async (quarantineId: string): Promise<void> => {
    try {
      await drop.mutateAsync({ body: { quarantineIds: [quarantineId] } })
      done(t('dropped'))
    } catch (error) {
      failed(error)
    }
  }
  const rows = waiting.data?.items
  const totals = intake.data
  return (
    <Page
      title={t('title')}
      sentence={t('sentence')}
      action={
        rows && rows.length > 0 ? (
          <Button leftSection={<Icon name="again" />} loading={retry.isPending} onClick={() => void again()}>
            {t('retryAll')}
          </Button>
        ) : undefined
      }
      figures={
        <>
          {totals ? (
            <>
              <Figure
                title={t('given')}
                value={<Value value={totals.given} />}
                foot={t('givenFoot', {
                  applied: number(totals.applied),
                  duplicate: number(totals.duplicate),
                  quarantined: number(totals.quarantined),
                })}
              />
              <Figure title={t('waiting')} value={<Value value={totals.open} />} foot={t('waitingFoot')} />
            </>
          ) : null}
          <Figure
            title={t('shown')}
            value={<Value value={rows?.length} />}
            foot={waiting.data?.next ? t('shownFoot', { count: ITEMS_MAX }) : t('shownAll')}
          />
        </>
      }
    >
      <DataTable
        name="events-aside"
        title={t('title')}
        columns={columns}
        rows={rows}
        rowId={({ quarantineId }) => quarantineId}
        error={waiting.error}
        onAgain={() => void waiting.refetch()}
        inspect={(item) => (
          <Details item={item} onAgain={() => again([item.quarantineId])} onDrop={() => giveUp(item.quarantineId)} />
        )}
        inspectTitle={reasonOf}
        sortedBy="-first"
        empty={{ title: t('emptyTitle'), sentence: t('emptySentence') }}
      />
    </Page>
  )
}

/** The body, with line ends where a person looks for them; as it came when it is no JSON. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    // What is malformed is shown as it is: that is what is wrong with it.
    return body
  }
}

function Details({ item, onAgain, onDrop }: { item: Item; onAgain: () => Promise<void>; onDrop: () => Promise<void> }) {
  const [dropping, setDropping] = useState(false)
  return (
    <div className="know-aside">
      <Facts
        facts={[
          [t('source'), item.source ?? <None key="source" />],
          [t('event'), item.sourceEventId ?? <None key="event" />],
          [t('place'), item.place],
          [t('found'), item.found],
          [t('expected'), item.expected],
          [t('times'), <Value key="times" value={item.times} />],
          [t('firstAt'), <When key="first" at={item.firstAt} />],
        ]}
      />
      <h3>{t('body')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */}
      <pre tabIndex={0}>{readable(item.body)}</pre>
      <Group gap={8}>
        <Button size="xs" onClick={() => void onAgain()}>
          {t('retry')}
        </Button>
        <Button size="xs" variant="default" onClick={() => setDropping(true)}>
          {t('drop')}
        </Button>
      </Group>
      <ConfirmTyped
        opened={dropping}
        onClose={() => setDropping(false)}
        title={t('dropTitle')}
        word="drop"
        action={t('drop')}
        onConfirm={onDrop}
      >
        {t('dropSentence')}
      </ConfirmTyped>
    </div>
  )
}
