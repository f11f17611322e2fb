import type { Pulse } from '#learn/pulse/contract'
import { keyOf, queries, useAsk } from '../../shell/api.ts'
import { type Liveness, useLive } from '../../shell/live.ts'
import * as endpoints from './endpoints.ts'

const key = keyOf(endpoints.pulse)

/** The pulse, kept live by the stream; read every five seconds while the stream is away. */
export function usePulse() {
  const live: Liveness = useLive(endpoints.STREAM, {
    pulse: (pulse: Pulse) => queries.setQueryData(key, pulse),
    changed: (parts: Partial<Pulse>) =>
      queries.setQueryData<Pulse>(key, (before) => (before === undefined ? before : { ...before, ...parts })),
    end: () => {},
  })
  const asked = useAsk(endpoints.pulse, {}, { refetchInterval: live === 'lost' ? 5000 : false, staleTime: 60_000 })
  return { ...asked, live }
}
