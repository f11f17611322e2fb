import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { words } from './words.ts'

const t = words('ui.once', { copy: 'Copy', copied: 'Copied.', close: 'I have it' })

/** A secret that is shown once and never again. Closed by its button only, so that no stray click loses it. */
export function Once({
  title,
  says,
  secret,
  onClose,
}: {
  title: string
  says: string
  secret: string
  onClose: () => void
}) {
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} title={title} centered closeOnEscape={false}>
      <Stack gap={16}>
        <Text m={0}>{says}</Text>
        <TextInput
          aria-label={title}
          value={secret}
          readOnly
          classNames={{ input: 'ui-mono' }}
          onFocus={(event) => event.currentTarget.select()}
          data-autofocus
        />
        <Group justify="flex-end" gap={8}>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t('close')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
