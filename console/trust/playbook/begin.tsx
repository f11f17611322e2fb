import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { isRefusal, type Refusal, useTell } from '../../shell/api.ts'
import * as shell from '../../shell/endpoints.ts'
import { done } from '../../ui/toast.tsx'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

/** A draft is begun with what changes and why; with `document`, its editor opens at once. */
export function BeginDraft({
  title = '',
  document,
  onClose,
}: {
  title?: string
  document?: { kind: string; id: string }
  onClose: () => void
}) {
  const navigate = useNavigate()
  const [name, setName] = useState(title)
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const begin = useTell(endpoints.begin, { stale: [endpoints.drafts, shell.drafts] })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setRefusal(null)
    try {
      const { draftId } = await begin.mutateAsync({
        body: { title: name.trim(), reason: reason.trim() },
      })
      done(t('begun'))
      const to = `/trust/playbook/drafts/${draftId}`
      void navigate({ to: document ? `${to}/${document.kind}/${document.id}` : to })
    } catch (error) {
      if (!isRefusal(error)) throw error
      setRefusal(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={t('begin')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text m={0} size="sm" c="dimmed">
            {t('beginSays')}
          </Text>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={160}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Textarea
            label={t('reason')}
            description={t('reasonHint')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={2000}
            autosize
            minRows={2}
            required
            withAsterisk={false}
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
            <Button type="submit" loading={begin.isPending}>
              {t('beginDo')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
