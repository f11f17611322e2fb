import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Needs } from './needs.tsx'
import { usePulse } from './use-pulse.ts'
import { t } from './words.ts'

/** On one's home page: what waits for somebody. */
export default function HomeNeeds() {
  const pulse = usePulse()
  return (
    <Panel title={t('needs')} flush>
      <div style={{ paddingTop: 8 }}>
        <Shown of={pulse}>{(found) => <Needs pulse={found} />}</Shown>
      </div>
    </Panel>
  )
}
