import { Button, Group, Modal, Progress, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useAsk, useTell } from '../../shell/api.ts'
import { instant, now, number, zone } from '../../ui/format.ts'
import { failed } from '../../ui/toast.tsx'
import { instantAt, wallTime } from '../../ui/wall-time.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

const HOUR_MS = 3_600_000
const SPANS = [
  ['lastHour', HOUR_MS],
  ['lastDay', 24 * HOUR_MS],
  ['lastWeek', 7 * 24 * HOUR_MS],
  ['lastMonth', 30 * 24 * HOUR_MS],
] as const
/** Longer than between two keys of a date. */
const PAUSE_MS = 300
const PROGRESS_MS = 1000

/**
 * Everything from an instant, or from an event, on once more. It says first how many that would be, and then how far it
 * has come; who closes it stops nothing.
 */
export function Replay({
  webhookId,
  paused,
  event,
  onClose,
}: {
  webhookId: string
  /** Nothing is sent until the webhook is on again. */
  paused: boolean
  event?: { eventId: string; happenedAt: string }
  onClose: () => void
}) {
  const [opened] = useState(now)
  const wallOf = (backMs: number): string => wallTime(new Date(opened.getTime() - backMs), zone())
  const [span, setSpan] = useState<string>(SPANS[1][0])
  const [typed, setTyped] = useState(() => wallOf(SPANS[1][1]))
  const [wall] = useDebouncedValue(typed, PAUSE_MS)
  const [begun, setBegun] = useState<number | null>(null)
  const at = instantAt(wall, zone())
  const backMs = SPANS.find(([name]) => name === span)?.[1]
  const since = backMs === undefined ? at : new Date(opened.getTime() - backMs)
  const from = event ? { fromEventId: event.eventId } : { from: (since ?? opened).toISOString() }
  const known = event !== undefined || since !== null
  const params = { webhookId }
  const found = useAsk(
    endpoints.countReplay,
    { params, query: from },
    { keep: true, enabled: known, refetchInterval: begun === null ? false : PROGRESS_MS },
  )
  const replay = useTell(endpoints.replay, { stale: [endpoints.list, endpoints.deliveries, endpoints.countReplay] })
  const count = known ? found.data?.deliveries : undefined
  // What was typed last is what is counted and begun, and nothing before it.
  const settled = event !== undefined || backMs !== undefined || (wall === typed && !found.isPlaceholderData)
  const start = (): void =>
    void replay.mutateAsync({ params, body: from }).then(({ deliveries }) => setBegun(deliveries), failed)
  return (
    <Modal opened onClose={onClose} title={t('replayTitle')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack gap={16}>
        {begun === null ? (
          <>
            <Text m={0}>{t('replaySays')}</Text>
            {event ? (
              <Text m={0}>{t('fromEvent', { at: instant(new Date(event.happenedAt)) })}</Text>
            ) : (
              <>
                <SegmentedControl
                  aria-label={t('back')}
                  value={span}
                  onChange={(name) => {
                    setSpan(name)
                    setTyped(wallOf(SPANS.find(([one]) => one === name)![1]))
                  }}
                  data={SPANS.map(([name]) => ({ value: name, label: t(name) }))}
                  data-autofocus
                />
                <TextInput
                  type="datetime-local"
                  label={t('fromInstant')}
                  description={t('fromInstantHint', { zone: zone() })}
                  value={typed}
                  max={wallOf(0)}
                  onChange={({ currentTarget }) => {
                    setTyped(currentTarget.value)
                    setSpan('')
                  }}
                />
              </>
            )}
            <Text m={0} role="status" fw={600}>
              {!known
                ? t('noInstant')
                : found.error
                  ? `${found.error.message} ${found.error.next}`
                  : count === undefined || !settled
                    ? '…'
                    : t('replayCount', { count })}
            </Text>
          </>
        ) : (
          <Under begun={begun} now={found.data} paused={paused} />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {begun === null ? t('cancel') : t('close')}
          </Button>
          {begun === null ? (
            <Button disabled={!count || !settled} loading={replay.isPending} onClick={start}>
              {t('replayNow')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Modal>
  )
}

/** How far it has come, by what still waits. */
function Under({
  begun,
  now: found,
  paused,
}: {
  begun: number
  now: { waiting: number; setAside: number } | undefined
  paused: boolean
}) {
  const waiting = Math.min(begun, found?.waiting ?? begun)
  const sent = begun - waiting
  return (
    <>
      <Text m={0} role="status" fw={600}>
        {waiting === 0 ? t('replayEnded', { count: begun }) : t('replayUnder', { sent: number(sent), count: begun })}
      </Text>
      <Progress value={(100 * sent) / Math.max(1, begun)} aria-label={t('replayTitle')} size="lg" />
      <Text m={0} className="ui-quiet">
        {found && found.setAside > 0
          ? t('replayAside', { count: found.setAside })
          : waiting === 0
            ? t('replayAll')
            : paused
              ? t('replayPaused')
              : t('replayGoesOn')}
      </Text>
    </>
  )
}
