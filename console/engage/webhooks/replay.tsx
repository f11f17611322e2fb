import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../shell/api.ts'
import { instant, now } from '../../ui/format.ts'
import { done, failed } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

const HOUR_MS = 3_600_000
const SPANS = [
  ['lastHour', HOUR_MS],
  ['lastDay', 24 * HOUR_MS],
  ['lastWeek', 7 * 24 * HOUR_MS],
  ['lastMonth', 30 * 24 * HOUR_MS],
] as const

/** Everything from an instant, or from an event, on once more; says first how many that would be. */
export function Replay({
  webhookId,
  event,
  onClose,
}: {
  webhookId: string
  event?: { eventId: string; happenedAt: string }
  onClose: () => void
}) {
  const [opened] = useState(now)
  const [span, setSpan] = useState<string>(SPANS[1][0])
  const backMs = SPANS.find(([name]) => name === span)?.[1] ?? HOUR_MS
  const from = event ? { fromEventId: event.eventId } : { from: new Date(opened.getTime() - backMs).toISOString() }
  const params = { webhookId }
  const found = useAsk(endpoints.countReplay, { params, query: from }, { keep: true })
  const replay = useTell(endpoints.replay, { stale: [endpoints.list, endpoints.deliveries] })
  const count = found.data?.deliveries
  const start = (): void =>
    void replay.mutateAsync({ params, body: from }).then(({ deliveries }) => {
      done(t('replayDone', { count: deliveries }))
      onClose()
    }, failed)
  return (
    <Modal opened onClose={onClose} title={t('replayTitle')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack gap={16}>
        <Text m={0}>{t('replaySays')}</Text>
        {event ? (
          <Text m={0}>{t('fromEvent', { at: instant(new Date(event.happenedAt)) })}</Text>
        ) : (
          <SegmentedControl
            aria-label={t('back')}
            value={span}
            onChange={setSpan}
            data={SPANS.map(([name]) => ({ value: name, label: t(name) }))}
            data-autofocus
          />
        )}
        <Text m={0} role="status" fw={600}>
          {found.error
            ? `${found.error.message} ${found.error.next}`
            : count === undefined
              ? '…'
              : t('replayCount', { count })}
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button disabled={!count} loading={replay.isPending} onClick={start}>
            {t('replayNow')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
