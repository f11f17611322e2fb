import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { Icon } from './icons.tsx'
import type { Failure } from './state.tsx'
import { words } from './words.ts'

const t = words('ui.toast', { undo: 'Undo', close: 'Close this message', failed: 'That did not work' })

const show = (
  color: string,
  icon: ReactNode,
  title: string | undefined,
  message: ReactNode,
  autoClose: number | false,
) =>
  notifications.show({
    color,
    icon,
    ...(title ? { title } : {}),
    message,
    autoClose,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('close') },
  })

/** Something was done. With `undo`, it can be taken back for ten seconds: no "are you sure" is needed before. */
export function done(sentence: string, undo?: () => unknown): void {
  const id = show(
    'accent',
    <Icon name="check" />,
    undefined,
    undo ? (
      <Group justify="space-between" gap="sm">
        <span>{sentence}</span>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="undo" />}
          onClick={() => {
            notifications.hide(id)
            Promise.resolve(undo()).catch(failed)
          }}
        >
          {t('undo')}
        </Button>
      </Group>
    ) : (
      sentence
    ),
    undo ? 10_000 : 4000,
  )
}

/** Something was refused: what happened and what to do. It stays until it is read. */
export function failed(error: unknown): void {
  const failure = error as Partial<Failure>
  show('red', <Icon name="bad" />, t('failed'), `${failure.message ?? String(error)} ${failure.next ?? ''}`, false)
}
