import { lazy, Suspense } from 'react'
import { Page } from '../ui/page.tsx'
import { Empty, RowsComing } from '../ui/state.tsx'
import type { HomePanel } from './registration.ts'
import { registrations } from './registrations.ts'
import { useSession } from './session.tsx'
import { roleName, t } from './words.ts'

const panels = registrations
  .flatMap(({ home = [] }) => home)
  .sort((a, b) => a.order - b.order)
  .map((panel) => ({ ...panel, Show: lazy(panel.panel) }))

/** A panel of half the width with nobody beside it takes the whole: no page has a hole. */
function laidOut<P extends HomePanel>(shown: readonly P[]): (P & { wide: boolean })[] {
  let beside = false
  return shown.map((panel, at) => {
    const lone = !panel.wide && !beside && (shown[at + 1]?.wide ?? true)
    beside = !panel.wide && !lone && !beside
    return { ...panel, wide: panel.wide === true || lone }
  })
}

/** The home page of a role: the panels that modules registered for it, in their order. */
export default function Home() {
  const { me, may } = useSession()
  const mine = panels.filter(
    ({ needs, roles }: HomePanel) =>
      may(needs) && (roles === undefined || roles.some((role) => me.roles.includes(role))),
  )
  return (
    <Page
      title={t('greeting', { name: me.name })}
      sentence={t('homeSentence', {
        role: me.roles.map((role) => roleName(role).toLowerCase()).join(', ') || t('noRole'),
      })}
    >
      {mine.length === 0 ? (
        <Empty icon="home" title={t('emptyHomeTitle')} sentence={t('emptyHomeSentence')} />
      ) : (
        <div className="shell-home">
          {laidOut(mine).map(({ id, wide, Show }) => (
            <div key={id} data-wide={wide || undefined}>
              <Suspense fallback={<RowsComing rows={4} />}>
                <Show />
              </Suspense>
            </div>
          ))}
        </div>
      )}
    </Page>
  )
}
