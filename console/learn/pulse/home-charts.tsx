import { Shown } from '../../ui/state.tsx'
import { AnswersChart, DecisionsChart } from './charts.tsx'
import './pulse.css'
import { usePulse } from './use-pulse.ts'

/** On the home page of whoever steers the loop: what is decided and what comes back, as pictures. */
export default function HomeCharts() {
  // The panel with the numbers follows the stream for both.
  const pulse = usePulse({ follows: false })
  return (
    <Shown of={pulse}>
      {(found) => (
        <div className="pulse-grid">
          <DecisionsChart decisions={found.decisions} />
          <AnswersChart answers={found.answers} />
        </div>
      )}
    </Shown>
  )
}
