import { useMemo } from 'react'
import { useAsk } from '../../shell/api.ts'
import { humanised } from '../../ui/typed-value.tsx'
import * as endpoints from './endpoints.ts'

/** What people call a source; one that the playbook no longer holds is called by its id. */
export function useTitles(): (source: string) => string {
  const health = useAsk(endpoints.health, {}, { refetchInterval: 60_000 })
  return useMemo(() => {
    const titles = new Map(health.data?.sources.map(({ source, title }) => [source, title]))
    return (source) => titles.get(source) ?? humanised(source)
  }, [health.data])
}
