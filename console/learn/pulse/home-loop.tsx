import { Shown } from '../../ui/state.tsx'
import { Loop } from './loop.tsx'
import { usePulse } from './use-pulse.ts'

/** On one's home page: the loop at a glance. */
export default function HomeLoop() {
  const pulse = usePulse()
  return <Shown of={pulse}>{(found) => <Loop pulse={found} />}</Shown>
}
