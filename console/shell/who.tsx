import { useEffect, useSyncExternalStore } from 'react'
import { None } from '../ui/values.tsx'
import { call } from './api.ts'
import * as endpoints from './endpoints.ts'
import { useSession } from './session.tsx'
import { t } from './words.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const AT_ONCE = 100
const known = new Map<string, string>()
const wanted = new Set<string>()
const listeners = new Set<() => void>()
let version = 0
let isAsking = false

async function askNow(): Promise<void> {
  isAsking = false
  const ids = [...wanted].slice(0, AT_ONCE)
  for (const id of ids) wanted.delete(id)
  if (wanted.size > 0) later()
  try {
    const { names } = await call(endpoints.names, { query: { ids: ids.join(',') } })
    for (const id of ids) known.set(id, names.find((name) => name.id === id)?.name ?? id)
    version++
    for (const listener of listeners) listener()
  } catch {
    // Without an answer the ids stand as they are; the next page that shows them asks again.
  }
}
const later = (): void => {
  if (isAsking) return
  isAsking = true
  setTimeout(() => void askNow(), 10)
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What people and keys are called, by the ids that records hold; the id itself until it is known. */
export function useNames(ids: readonly (string | null | undefined)[]): (id: string | null | undefined) => string {
  const { me } = useSession()
  useSyncExternalStore(subscribe, () => version)
  const missing = ids.filter((id): id is string => !!id && UUID.test(id) && !known.has(id)).join(',')
  useEffect(() => {
    if (missing === '') return
    for (const id of missing.split(',')) wanted.add(id)
    later()
  }, [missing])
  return (id) => {
    if (!id) return ''
    if (id === me.id) return t('you', { name: me.name })
    if (UUID.test(id)) return known.get(id) ?? t('somebody')
    const system = /^system:(.+)$/.exec(id)
    return system ? t('system', { name: system[1] }) : id
  }
}

/** Who did something, by name. */
export function Who({ id }: { id: string | null | undefined }) {
  const nameOf = useNames([id])
  return id ? <bdi title={id}>{nameOf(id)}</bdi> : <None />
}
