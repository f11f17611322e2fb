import { ActionIcon, Button, Checkbox, Group, Menu, TextInput } from '@mantine/core'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { createContext, type FormEvent, useContext, useState } from 'react'
import { freshId } from './fresh-id.ts'
import { Icon } from './icons.tsx'
import { done, failed } from './toast.tsx'
import { parseSearch } from './url-state.ts'
import { words } from './words.ts'

const t = words('ui.views', {
  views: 'Saved views',
  none: 'A view keeps filter, order and columns under a name.',
  name: 'Name of this view',
  save: 'Save',
  share: 'For everybody in my role',
  saved: 'The view {{name}} is saved.',
  remove: 'Remove the view {{name}}',
  removed: 'The view {{name}} is removed.',
  of: '{{name}}, by {{owner}}',
})

/** What an address says of a list, kept under a name. */
export interface SavedView {
  readonly id: string
  readonly name: string
  /** What stands behind the question mark of the address. */
  readonly search: string
  readonly own: boolean
  readonly owner: string
  readonly shared: boolean
}

/** Where views are kept: whoever shows lists says so once. */
export interface ViewStore {
  /** The views of a page, read when asked for. */
  useViews(page: string): readonly SavedView[]
  save(page: string, view: { id: string; name: string; search: string; shared: boolean }): Promise<unknown>
  remove(page: string, id: string): Promise<unknown>
}
export const Views = createContext<ViewStore | null>(null)

/** What the address says of a list, kept under names. */
export function SavedViews({ name }: { name: string }) {
  const store = useContext(Views)
  return store ? <ViewsMenu store={store} name={name} /> : null
}

function ViewsMenu({ store, name }: { store: ViewStore; name: string }) {
  const [title, setTitle] = useState('')
  const [shared, setShared] = useState(false)
  const search = useLocation({ select: ({ searchStr }) => searchStr.replace(/^\?/, '') })
  const page = useLocation({ select: ({ pathname }) => pathname })
  const views = store.useViews(page)
  const navigate = useNavigate()
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wanted = title.trim()
    if (wanted === '') return
    // The same name again is the same view, changed.
    const id = views.find((view) => view.own && view.name === wanted)?.id ?? freshId()
    try {
      await store.save(page, { id, name: wanted, search, shared })
      setTitle('')
      done(t('saved', { name: wanted }))
    } catch (error) {
      failed(error)
    }
  }
  const remove = async (view: SavedView): Promise<void> => {
    try {
      await store.remove(page, view.id)
      done(t('removed', { name: view.name }), () => store.save(page, { ...view, id: freshId() }))
    } catch (error) {
      failed(error)
    }
  }
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <ActionIcon variant="default" size={32} title={t('views')} aria-label={t('views')} data-list={name}>
          <Icon name="star" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {views.length === 0 ? <Menu.Label>{t('none')}</Menu.Label> : null}
        {views.map((view) => (
          <Group key={view.id} gap={0} wrap="nowrap">
            <Menu.Item onClick={() => void navigate({ to: '.', search: parseSearch(view.search) as never })}>
              <bdi>{view.own ? view.name : t('of', { name: view.name, owner: view.owner })}</bdi>
            </Menu.Item>
            {view.own ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('remove', { name: view.name })}
                onClick={() => void remove(view)}
              >
                <Icon name="close" />
              </ActionIcon>
            ) : null}
          </Group>
        ))}
        <Menu.Divider />
        <form onSubmit={(event) => void save(event)} className="ui-views-form">
          <Group gap={8} wrap="nowrap">
            <TextInput
              size="xs"
              className="ui-views-name"
              aria-label={t('name')}
              placeholder={t('name')}
              value={title}
              maxLength={100}
              onChange={(event) => setTitle(event.currentTarget.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
            <Button size="xs" type="submit" variant="default" disabled={title.trim() === ''}>
              {t('save')}
            </Button>
          </Group>
          <Checkbox
            size="xs"
            mt={8}
            label={t('share')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
