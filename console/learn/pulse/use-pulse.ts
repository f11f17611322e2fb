import type { Pulse } from '#learn/pulse/contract'
import { keyOf, queries, useAsk } from '../../shell/api.ts'
import { type Liveness, useLive } from '../../shell/live.ts'
import * as endpoints from './endpoints.ts'

const key = keyOf(endpoints.pulse)

/**
 * The pulse, kept live by the stream; read every five seconds while the stream is away. `follows`: false where another
 * part of the same page follows it already.
 */
export function usePulse({ follows = true }: { follows?: boolean } = {}) {
  const live: Liveness = useLive(follows ? endpoints.STREAM : undefined, {
    pulse: (pulse: Pulse) => queries.setQueryData(key, pulse),
    changed: (parts: Partial<Pulse>) =>
      queries.setQueryData<Pulse>(key, (before) => (before === undefined ? before : { ...before, ...parts })),
    end: () => {},
  })
  const asked = useAsk(endpoints.pulse, {}, { refetchInterval: live === 'lost' ? 5000 : false, staleTime: 60_000 })
  return { ...asked, live }
}
