import { ActionIcon, Button, Group, Menu, TextInput } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Icon } from './icons.tsx'
import { done } from './toast.tsx'
import { parseSearch } from './url-state.ts'
import { words } from './words.ts'

const t = words('ui.views', {
  views: 'Saved views',
  none: 'A view keeps filter, order and columns under a name.',
  name: 'Name of this view',
  save: 'Save this view',
  remove: 'Remove the view {{name}}',
  removed: 'The view {{name}} is removed.',
})

interface View {
  name: string
  search: string
}

/** What the address says of a list, kept under names on this device. */
export function SavedViews({ name }: { name: string }) {
  const [views, setViews] = useLocalStorage<View[]>({ key: `clientele.views.${name}`, defaultValue: [] })
  const [title, setTitle] = useState('')
  const search = useLocation({ select: ({ searchStr }) => searchStr })
  const navigate = useNavigate()
  const save = (event: FormEvent): void => {
    event.preventDefault()
    if (title.trim() === '') return
    setViews([...views.filter((view) => view.name !== title.trim()), { name: title.trim(), search }])
    setTitle('')
  }
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon variant="default" size={32} title={t('views')} aria-label={t('views')}>
          <Icon name="star" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {views.length === 0 ? <Menu.Label>{t('none')}</Menu.Label> : null}
        {views.map((view) => (
          <Group key={view.name} gap={0} wrap="nowrap">
            <Menu.Item onClick={() => void navigate({ to: '.', search: parseSearch(view.search) as never })}>
              {view.name}
            </Menu.Item>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('remove', { name: view.name })}
              onClick={() => {
                setViews(views.filter((other) => other !== view))
                done(t('removed', { name: view.name }), () => setViews(views))
              }}
            >
              <Icon name="close" />
            </ActionIcon>
          </Group>
        ))}
        <Menu.Divider />
        <form onSubmit={save}>
          <Group gap={8} p={4} wrap="nowrap">
            <TextInput
              size="xs"
              style={{ flex: 1 }}
              aria-label={t('name')}
              placeholder={t('name')}
              value={title}
              maxLength={60}
              onChange={(event) => setTitle(event.currentTarget.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
            <Button size="xs" type="submit" variant="default" disabled={title.trim() === ''}>
              {t('save')}
            </Button>
          </Group>
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
