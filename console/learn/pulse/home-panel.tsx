import { Panel } from '../../ui/page.tsx'
import { Shown } from '../../ui/state.tsx'
import { Loop } from './loop.tsx'
import { Needs, useMayDeal } from './needs.tsx'
import './pulse.css'
import { usePulse } from './use-pulse.ts'
import { t } from './words.ts'

/** On one's home page: what waits for whom it is, and the loop at a glance. */
export default function HomePanel() {
  const pulse = usePulse()
  const deals = useMayDeal()
  return (
    <Shown of={pulse}>
      {(found) => (
        <div className="pulse-column">
          {deals ? (
            <Panel title={t('needs')} flush>
              <div className="pulse-needs-list">
                <Needs pulse={found} mine />
              </div>
            </Panel>
          ) : null}
          <Loop pulse={found} />
        </div>
      )}
    </Shown>
  )
}
