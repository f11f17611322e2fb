import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAsk } from '../../shell/api.ts'
import * as endpoints from './endpoints.ts'
import { t } from './words.ts'

/** Which document a draft is to change: one that runs, or a new one by kind and id. */
export function ChooseDocument({ draftId, onClose }: { draftId: string; onClose: () => void }) {
  const navigate = useNavigate()
  const running = useAsk(endpoints.revision, { query: {} })
  const kinds = useAsk(endpoints.kinds, {})
  const [existing, setExisting] = useState<string | null>(null)
  const [kind, setKind] = useState<string | null>(null)
  const [id, setId] = useState('')
  const isNew = kind !== null && /^[a-z][a-z0-9_]{0,62}$/.test(id)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const what = existing ?? (isNew ? `${kind}/${id}` : null)
    if (what) void navigate({ to: `/trust/playbook/drafts/${draftId}/${what}` })
  }
  return (
    <Modal opened onClose={onClose} title={t('change')} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text m={0} size="sm" c="dimmed">
            {t('changeSays')}
          </Text>
          <Select
            label={t('existing')}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('cancel') }}
            limit={60}
            value={existing}
            onChange={setExisting}
            data={(running.data?.documents ?? []).map((one) => ({
              value: `${one.kind}/${one.id}`,
              label: `${one.title} (${one.kind} ${one.id})`,
            }))}
            data-autofocus
          />
          <Text m={0} size="sm" c="dimmed">
            {t('newOne')}
          </Text>
          <Group grow gap={12} align="flex-start">
            <Select
              label={t('newKind')}
              searchable
              disabled={existing !== null}
              value={kind}
              onChange={setKind}
              data={(kinds.data?.kinds ?? []).map((one) => one.kind).sort()}
            />
            <TextInput
              label={t('newId')}
              description={t('newIdHint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              disabled={existing !== null}
              value={id}
              maxLength={63}
              onChange={(event) => setId(event.currentTarget.value)}
            />
          </Group>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={existing === null && !isNew}>
              {t('edit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
