import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useMemo, useState } from 'react'
import type { DeskReply } from '#engage/inbound/contract'
import { isRefusal, queries, type Refusal, useTell } from '../../shell/api.ts'
import { freshId } from '../../ui/fresh-id.ts'
import { done } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words-say.ts'

type Tellable = DeskReply['tellable'][number]

const ABOUT_THEM = [endpoints.timeline, endpoints.facts, endpoints.preview, endpoints.segmentsOf]
/** What is told is worked into the facts a moment later: the page reads them again then. */
const AFTERWARDS_MS = [700, 2500]

/** 'Asked about retirement on' without the day it waits for. */
const plainly = (title: string): string => title.replace(/ (on|since|by)$/, '')

/** Notes what the customer told: an answer to a question of the page, or something they said by themselves. */
export function NoteTold({
  customerId,
  channel,
  reason,
  tellable,
  attribute,
  onClose,
}: {
  customerId: number
  channel: string
  reason: string | undefined
  tellable: readonly Tellable[]
  /** What was asked; '' when they told it by themselves. */
  attribute: string
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<string | null>(attribute || null)
  const [on, setOn] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  // Sent again after a lost answer it is the same message; with something else chosen it is another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key for each content.
  const key = useMemo(freshId, [chosen, on])
  const tell = useTell(endpoints.told, { stale: ABOUT_THEM })
  const what = tellable.find((one) => one.attribute === chosen)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!what) return
    setRefusal(null)
    const body = { customerId, channel, attribute: what.attribute, key, ...(what.dated ? { on } : {}) }
    try {
      await tell.mutateAsync({ body, reason })
    } catch (error) {
      if (!isRefusal(error)) throw error
      return setRefusal(error)
    }
    for (const ms of AFTERWARDS_MS)
      setTimeout(() => {
        for (const { url } of ABOUT_THEM) void queries.invalidateQueries({ queryKey: [url] })
      }, ms)
    done(t('noteDone', { title: plainly(what.title) }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('noteTitle')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text m={0} size="sm" c="dimmed">
            {t('noteSays')}
          </Text>
          <Select
            label={t('noteWhat')}
            description={what?.meaning}
            data={tellable.map(({ attribute: value, title }) => ({ value, label: plainly(title) }))}
            value={chosen}
            onChange={setChosen}
            searchable
            openOnFocus={false}
            allowDeselect={false}
            data-autofocus={attribute === '' || undefined}
          />
          {what?.dated ? (
            <TextInput
              type="date"
              label={t('noteOn')}
              value={on}
              onChange={(event) => setOn(event.currentTarget.value)}
              required
              withAsterisk={false}
              data-autofocus={attribute !== '' || undefined}
            />
          ) : null}
          {refusal ? (
            <Text role="alert" size="sm" className="ui-bad" m={0}>
              {refusal.message} {refusal.next}
            </Text>
          ) : null}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={tell.isPending} disabled={!what}>
              {t('noteSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
