import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { words } from './words.ts'

const t = words('ui.confirm', {
  type: 'Type {{word}} to confirm',
  reason: 'Reason',
  reasonHint: 'In a sentence; it is kept with who did it and when.',
  cancel: 'Cancel',
})

/**
 * For what cannot be undone: says what will happen, and takes the word typed and, where asked for, the reason. Where
 * something can be undone, do it and offer that instead: `done(sentence, undo)` of toast.tsx.
 */
export function ConfirmTyped({
  opened,
  onClose,
  title,
  children,
  word,
  action,
  withReason = false,
  makes = false,
  onConfirm,
}: {
  opened: boolean
  onClose: () => void
  title: string
  /** What will happen, to how many. */
  children: ReactNode
  /** What must be typed; without it, the button is enough. */
  word?: string
  /** The button's word: what it does. */
  action: string
  withReason?: boolean
  /** It makes or starts something; without it the button warns, since something ends. */
  makes?: boolean
  onConfirm: (reason: string) => unknown
}) {
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const ready = (word === undefined || typed.trim() === word) && (!withReason || reason.trim().length >= 3)
  const close = (): void => {
    setTyped('')
    setReason('')
    onClose()
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready) return
    setBusy(true)
    try {
      await onConfirm(reason.trim())
      close()
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={close} title={title} centered closeButtonProps={{ 'aria-label': t('cancel') }}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text component="div">{children}</Text>
          {withReason ? (
            <Textarea
              label={t('reason')}
              description={t('reasonHint')}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={500}
              autosize
              minRows={2}
              data-autofocus
              required
              withAsterisk={false}
            />
          ) : null}
          {word === undefined ? null : (
            <TextInput
              label={t('type', { word })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus={withReason ? undefined : true}
            />
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" {...(makes ? {} : { color: 'red' })} disabled={!ready} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
