import { type ReactNode, useMemo } from 'react'
import { type SavedView, type ViewStore, Views } from '../ui/views.tsx'
import { call, queries, useAsk } from './api.ts'
import * as endpoints from './endpoints.ts'
import { useSession } from './session.tsx'

function useViews(page: string): readonly SavedView[] {
  const { data } = useAsk(endpoints.views, { query: { page } }, { staleTime: 60_000 })
  return useMemo(
    () =>
      (data?.views ?? []).map(({ viewId, name, state, own, ownerName, sharedWith }) => ({
        id: viewId,
        name,
        search: state,
        own,
        owner: ownerName,
        shared: sharedWith !== null,
      })),
    [data],
  )
}

const readAgain = () => queries.invalidateQueries({ queryKey: [endpoints.views.url] })

/** Keeps the views of lists with the bank, so that they are there on every device and can be shared within a role. */
export function KeepsViews({ children }: { children: ReactNode }) {
  const role = useSession().me.roles[0] ?? null
  const store = useMemo<ViewStore>(
    () => ({
      useViews,
      save: async (page, { id, name, search, shared }) => {
        const body = { page, name, state: search, sharedWith: shared ? role : null }
        await call(endpoints.saveView, { params: { viewId: id }, body })
        await readAgain()
      },
      remove: async (_page, id) => {
        await call(endpoints.removeView, { params: { viewId: id } })
        await readAgain()
      },
    }),
    [role],
  )
  return <Views value={store}>{children}</Views>
}
