import { ActionIcon, AppShell, Burger, ScrollArea, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Icon, isIcon } from '../ui/icons.tsx'
import { Empty } from '../ui/state.tsx'
import { Pill } from '../ui/values.tsx'
import { Account } from './account.tsx'
import { useAsk } from './api.ts'
import { keepEarlyKeys } from './early-keys.ts'
import * as endpoints from './endpoints.ts'
import { type Nav, PARTS } from './registration.ts'
import { registrations } from './registrations.ts'
import { useSession } from './session.tsx'
import { ToHome } from './to-home.tsx'
import { KeepsViews } from './views.tsx'
import { t } from './words.ts'

const SearchEverything = lazy(() => import('./search.tsx'))

/** The navigation's lines that this person may follow, by part of the loop. */
function useNav(): [(typeof PARTS)[number], Nav[]][] {
  const { may } = useSession()
  const lines = registrations.flatMap(({ nav = [] }) => nav).filter(({ needs }) => may(needs))
  return PARTS.map((part) => [
    part,
    lines
      .filter((line) => line.part === part)
      .sort((a, b) => (a.order ?? 50) - (b.order ?? 50) || (a.title < b.title ? -1 : 1)),
  ])
}

function NavLine({
  to,
  title,
  icon,
  narrow,
  onGo,
  exact = false,
}: {
  to: string
  title: string
  icon?: string | undefined
  narrow: boolean
  onGo: () => void
  exact?: boolean
}) {
  const line = (
    <Link
      to={to}
      className="shell-nav-line"
      activeOptions={{ exact }}
      activeProps={{ 'data-active': true, 'aria-current': 'page' }}
      onClick={onGo}
      aria-label={narrow ? title : undefined}
    >
      <Icon name={isIcon(icon) ? icon : 'dot'} />
      {narrow ? null : <span className="ui-clip">{title}</span>}
    </Link>
  )
  return narrow ? (
    <Tooltip label={title} position="right">
      {line}
    </Tooltip>
  ) : (
    line
  )
}

/** What one has open in the playbook, and which revision runs. */
function PlaybookMarks() {
  const { me, may } = useSession()
  const mayRead = may('trust.playbook:read')
  const running = useAsk(endpoints.running, {}, { refetchInterval: 30_000 })
  const drafts = useAsk(endpoints.drafts, {}, { enabled: mayRead, refetchInterval: 60_000 })
  const mine = (drafts.data?.drafts ?? []).filter(
    (draft) => draft.madeBy === me.id && draft.withdrawnAt === null && draft.sequence === null,
  )
  if (!running.data) return null
  const { sequence, revision } = running.data
  const mark = (
    <Pill tone="quiet" icon="playbook">
      {sequence === 0 ? t('noRevision') : t('revision', { sequence })}
    </Pill>
  )
  return (
    <>
      {mine.length > 0 ? (
        <Link
          to={mine.length === 1 ? `/trust/playbook/drafts/${mine[0]!.draftId}` : '/trust/playbook'}
          className="shell-mark"
        >
          <Pill tone="info" icon="playbook">
            {mine.length === 1 ? t('draft', { title: mine[0]!.title }) : t('drafts', { count: mine.length })}
          </Pill>
        </Link>
      ) : null}
      <Tooltip label={t('revisionTitle', { revision: revision.slice(0, 12) })}>
        {mayRead ? (
          <Link to="/trust/playbook" className="shell-mark">
            {mark}
          </Link>
        ) : (
          <span className="shell-mark">{mark}</span>
        )}
      </Tooltip>
    </>
  )
}

/** The page, unless it is not this person's to see. */
function Middle() {
  const { may } = useSession()
  const needs = useMatches({ select: (matches) => matches.at(-1)?.staticData.needs })
  if (needs !== undefined && !may(needs))
    return (
      <Empty
        icon="privacy"
        title={t('forbiddenTitle')}
        sentence={t('forbiddenSentence', { needs: typeof needs === 'string' ? needs : needs.join(', ') })}
        action={<ToHome />}
      />
    )
  return (
    <KeepsViews>
      <Outlet />
    </KeepsViews>
  )
}

/** Left the loop, on top the search and who one is, in the middle the page. */
export function Frame() {
  const { may } = useSession()
  const nav = useNav()
  const [opened, { toggle, close }] = useDisclosure()
  const [narrow, setNarrow] = useLocalStorage({ key: 'clientele.navigation.narrow', defaultValue: false })
  const small = useMediaQuery('(max-width: 48em)') ?? false
  const [searching, setSearching] = useState(false)
  const tight = narrow && !small
  const search = useCallback(() => {
    if (!searching) keepEarlyKeys()
    setSearching(true)
  }, [searching])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        search()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [search])
  // A screen reader hears of a new page when the focus goes there.
  const main = useRef<HTMLElement>(null)
  const path = useLocation({ select: ({ pathname }) => pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    main.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: tight ? 56 : 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      transitionDuration={120}
      padding={0}
    >
      <a href="#page" className="shell-skip">
        {t('skip')}
      </a>
      <AppShell.Header className="shell-header">
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={t('menu')}
          aria-expanded={opened}
        />
        <Link to="/" className="shell-brand" aria-label="Clientele">
          <img src="/mark.svg" alt="" width={22} height={22} />
          <span className="shell-brand-name">Clientele</span>
        </Link>
        <UnstyledButton className="shell-search" onClick={search} aria-keyshortcuts="Meta+K Control+K">
          <Icon name="search" />
          <span className="ui-clip">{t('search')}</span>
          <kbd>⌘K</kbd>
        </UnstyledButton>
        <div className="shell-header-end">
          {registrations.flatMap(({ bar = [] }, module) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: registrations never change while the page lives.
            bar.filter(({ needs }) => may(needs)).map(({ show: Show }, at) => <Show key={`${module} ${at}`} />),
          )}
          <PlaybookMarks />
          <Account />
        </div>
      </AppShell.Header>
      <AppShell.Navbar className="shell-navbar" aria-label={t('loop')}>
        <ScrollArea className="shell-navbar-lines" type="auto">
          <NavLine to="/" title={t('home')} icon="home" narrow={tight} onGo={close} exact />
          {nav.map(([part, lines]) =>
            lines.length === 0 ? null : (
              <div key={part} className="shell-nav-part">
                <div className="shell-nav-part-title" id={`part-${part}`}>
                  {tight ? '' : t(part)}
                </div>
                <ul aria-labelledby={tight ? undefined : `part-${part}`}>
                  {lines.map((line) => (
                    <li key={line.to}>
                      <NavLine {...line} narrow={tight} onGo={close} />
                    </li>
                  ))}
                </ul>
              </div>
            ),
          )}
        </ScrollArea>
        <div className="shell-navbar-foot">
          <ActionIcon
            variant="subtle"
            color="gray"
            visibleFrom="sm"
            aria-label={narrow ? t('wide') : t('narrow')}
            aria-pressed={narrow}
            onClick={() => setNarrow(!narrow)}
          >
            <Icon name={narrow ? 'right' : 'left'} />
          </ActionIcon>
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} ref={main} className="shell-main">
        {registrations.flatMap(({ banner = [] }, module) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: registrations never change while the page lives.
          banner.filter(({ needs }) => may(needs)).map(({ show: Show }, at) => <Show key={`${module} ${at}`} />),
        )}
        <Middle />
      </AppShell.Main>
      {searching ? (
        <Suspense fallback={null}>
          <SearchEverything onClose={() => setSearching(false)} />
        </Suspense>
      ) : null}
    </AppShell>
  )
}
