import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { Icon, isIcon } from '../ui/icons.tsx'
import { takeEarlyKeys } from './early-keys.ts'
import { type Found, PARTS } from './registration.ts'
import { registrations } from './registrations.ts'
import { spotlightStore } from './search-store.ts'
import { useSession } from './session.tsx'
import { t } from './words.ts'

interface Group {
  title: string
  found: readonly (Found & { icon?: string | undefined })[]
}

const shownActions = (): HTMLElement[] => {
  const list = document.getElementById(spotlightStore.store.getState().listId)
  return [...(list?.querySelectorAll<HTMLElement>('[data-action]') ?? [])]
}

/** Points at the first of what is shown, so that Enter and the arrows begin there. */
function pointAtFirst(): void {
  const [first, ...others] = shownActions()
  for (const other of others) other.removeAttribute('data-selected')
  first?.setAttribute('data-selected', 'true')
  spotlightStore.store.updateState((state) => ({ ...state, selected: first ? 0 : -1 }))
}

/** One search for everything one may see: pages at once, the rest when typing pauses. */
export default function SearchEverything({ onClose }: { onClose: () => void }) {
  const { may } = useSession()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 120)
  useEffect(() => spotlightStore.open(), [])
  const lower = text.trim().toLowerCase()
  const pages: Group = {
    title: t('pages'),
    found: registrations
      .flatMap(({ nav = [] }) => nav)
      .filter(({ needs, title }) => may(needs) && title.toLowerCase().includes(lower))
      // As the navigation has them.
      .sort((a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part) || (a.order ?? 50) - (b.order ?? 50))
      .map(({ to, title, icon, part }) => ({ id: to, label: title, description: t(part), to, icon })),
  }
  const answers = useQuery({
    queryKey: ['search of everything', asked],
    enabled: asked.length >= 2,
    queryFn: async ({ signal }) => {
      const searches = registrations.flatMap(({ search = [] }) => search).filter(({ needs }) => may(needs))
      // One search that fails must not hide what the others found.
      const settled = await Promise.allSettled(searches.map((search) => search.find(asked, signal)))
      return searches.map(({ title }, at): Group => {
        const answer = settled[at]!
        return { title, found: answer.status === 'fulfilled' ? answer.value : [] }
      })
    },
  })
  // Until the answer to what was typed is here, what is shown was found for its beginning: Enter waits, or it would open
  // somebody else's record.
  const isCurrent = text.trim() === asked && (asked.length < 2 || !answers.isPending)
  const [entered, setEntered] = useState(false)
  useEffect(() => {
    if (!isCurrent || asked === '') return
    pointAtFirst()
    if (!entered) return
    setEntered(false)
    shownActions()[0]?.click()
  }, [isCurrent, asked, entered])
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) {
      setEntered(false)
      return
    }
    if (isCurrent) return
    event.preventDefault()
    event.stopPropagation()
    setEntered(true)
  }
  const groups = [...(asked.length >= 2 ? (answers.data ?? []) : []), pages].filter(({ found }) => found.length > 0)
  return (
    <Spotlight.Root
      store={spotlightStore.store}
      query={text}
      onQueryChange={setText}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight="60vh"
      transitionProps={{ duration: 80 }}
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
      attributes={{ content: { 'aria-label': t('search') } }}
    >
      <div onKeyDownCapture={onKey}>
        <Spotlight.Search
          placeholder={t('searchHint')}
          aria-label={t('search')}
          leftSection={<Icon name="search" />}
          maxLength={200}
          onFocus={() => {
            const early = takeEarlyKeys()
            if (early.text) setText((before) => (before + early.text).slice(0, 200))
            if (early.entered) setEntered(true)
          }}
        />
      </div>
      <Spotlight.ActionsList>
        {groups.map(({ title, found }) => (
          <Spotlight.ActionsGroup label={title} key={title}>
            {found.slice(0, 8).map(({ id, label, description, to, icon }) => (
              <Spotlight.Action
                key={id}
                leftSection={isIcon(icon) ? <Icon name={icon} /> : undefined}
                label={label}
                description={description}
                onClick={() => void navigate({ to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 ? (
          <Spotlight.Empty>
            {asked.length < 2 ? t('typeMore') : answers.isFetching ? '…' : t('nothingFound', { text: asked })}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
