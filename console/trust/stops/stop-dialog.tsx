import { Button, Group, Modal, Radio, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { isRefusal, type Refusal, useAsk, useTell } from '../../shell/api.ts'
import { done } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { SCOPES, type Scope, whatOf } from './stop.ts'
import { t } from './words.ts'

const SAYS = {
  action: 'actionSays',
  template: 'templateSays',
  channel: 'channelSays',
  everything: 'everythingSays',
} as const

/** What to stop, which, why, and the word typed. Whoever opens it is in a hurry: four fields, one button. */
export function StopDialog({ first, onClose }: { first: { scope: Scope; target: string }; onClose: () => void }) {
  const [scope, setScope] = useState(first.scope)
  const [target, setTarget] = useState(first.target)
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const documents = useAsk(endpoints.documents, { query: { kind: scope } }, { enabled: scope !== 'everything' })
  const stop = useTell(endpoints.stop, { stale: [endpoints.stops] })
  const ready = typed.trim() === t('word') && reason.trim() !== '' && (scope === 'everything' || target !== '')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready) return
    setRefusal(null)
    try {
      const body = { scope, reason: reason.trim(), ...(scope === 'everything' ? {} : { target }) }
      await stop.mutateAsync({ body })
      done(t('stopped', { what: whatOf({ scope, target }) }))
      onClose()
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(error)
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('stopSomething')}
      centered
      closeButtonProps={{ 'aria-label': t('cancel') }}
    >
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Radio.Group
            label={t('scope')}
            value={scope}
            onChange={(value) => {
              setScope(value as Scope)
              setTarget('')
            }}
          >
            <Group gap={16} mt={4}>
              {SCOPES.map((each) => (
                <Radio key={each} value={each} label={t(each)} />
              ))}
            </Group>
          </Radio.Group>
          <Text size="sm" c="dimmed" m={0}>
            {t(SAYS[scope])}
          </Text>
          {scope === 'everything' ? null : (
            <Select
              label={t('which', { scope: t(scope).toLowerCase() })}
              placeholder={t('choose')}
              searchable
              // The list would stand before all that follows: it opens when one types or clicks.
              openOnFocus={false}
              limit={50}
              value={target || null}
              onChange={(value) => setTarget(value ?? '')}
              data={(documents.data?.documents ?? []).map(({ id, title }) => ({
                value: id,
                label: `${title} (${id})`,
              }))}
              error={documents.error?.message}
              data-autofocus
            />
          )}
          <Textarea
            label={t('reason')}
            description={t('reasonHint')}
            value={reason}
            maxLength={2000}
            autosize
            minRows={2}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            label={t('type', { word: t('word') })}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {refusal ? (
            <Text role="alert" size="sm" className="ui-bad" m={0}>
              {refusal.message} {refusal.next}
            </Text>
          ) : null}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!ready} loading={stop.isPending}>
              {t('doStop')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
