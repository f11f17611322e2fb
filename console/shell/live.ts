import { useEffect, useRef, useState } from 'react'
import { call } from './api.ts'
import * as endpoints from './endpoints.ts'

const AGAIN_AFTER_MS = [1000, 2000, 5000, 10_000]

export type Liveness = 'connecting' | 'live' | 'lost'

/**
 * Follows a stream of server-sent events while the page is in sight: `useLive('/api/learn/pulse/stream', { pulse: (data)
 * => …, changed: … })`. Connects again by itself, later each time; a session that has ended is renewed by its owner
 * first. The events' names must stay the same while the page lives.
 */
export function useLive(url: string | undefined, events: Readonly<Record<string, (data: never) => void>>): Liveness {
  const [state, setState] = useState<Liveness>('connecting')
  const latest = useRef(events)
  latest.current = events
  const names = Object.keys(events).join(' ')
  useEffect(() => {
    if (url === undefined) return
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let tries = 0
    let ended = false
    const connect = (): void => {
      source = new EventSource(url)
      source.addEventListener('open', () => {
        tries = 0
        setState('live')
      })
      for (const name of names.split(' '))
        source.addEventListener(name, (message) =>
          latest.current[name]?.(JSON.parse((message as MessageEvent<string>).data) as never),
        )
      source.addEventListener('error', () => {
        source?.close()
        if (ended) return
        setState('lost')
        const waitMs = AGAIN_AFTER_MS[Math.min(tries++, AGAIN_AFTER_MS.length - 1)]
        timer = setTimeout(() => {
          // The stream does not say why it ended; this call does, and asks for a sign-in when that is why.
          call(endpoints.me, {}).then(connect, () => {
            if (!ended) timer = setTimeout(connect, waitMs)
          })
        }, waitMs)
      })
    }
    const onSight = (): void => {
      clearTimeout(timer)
      source?.close()
      if (!document.hidden) connect()
    }
    onSight()
    document.addEventListener('visibilitychange', onSight)
    return () => {
      ended = true
      clearTimeout(timer)
      source?.close()
      document.removeEventListener('visibilitychange', onSight)
    }
  }, [url, names])
  return state
}
