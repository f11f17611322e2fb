import { createRootRoute, createRoute, createRouter, lazyRouteComponent, useLocation } from '@tanstack/react-router'
import { Empty } from '../ui/state.tsx'
import { parseSearch, writeSearch } from '../ui/url-state.ts'
import { Stopped } from './broken.tsx'
import { arrive } from './came.ts'
import { Frame } from './frame.tsx'
import { registrations } from './registrations.ts'
import { mayNow } from './session.tsx'
import { ToHome } from './to-home.tsx'
import { t } from './words.ts'

function NotFound() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  return (
    <Empty icon="search" title={t('notFoundTitle')} sentence={t('notFoundSentence', { path })} action={<ToHome />} />
  )
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home.tsx')),
})

/** Every page of every module; a page's permission is looked at by the frame before it is drawn. */
const pages = registrations.flatMap(({ routes = [] }) =>
  routes.map(({ path, page, needs, ahead }) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: lazyRouteComponent(page),
      // Not on the mere wish to go, which is told when a pointer rests on a link: looking at somebody is put on record.
      beforeLoad: ({ cause, preload, params, search }) => {
        if (cause === 'enter' && !preload && mayNow(needs)) ahead?.({ params, search, may: mayNow })
      },
      staticData: { needs },
    }),
  ),
)

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The permission without which the page is not shown. */
    needs?: string | readonly string[]
  }
}

arrive()

export const router = createRouter({
  routeTree: root.addChildren([home, ...pages]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 40,
  scrollRestoration: true,
  defaultErrorComponent: Stopped,
  defaultPendingMs: 150,
})
