import type { Job } from '#platform/jobs'
import { settleAccepted } from './index.ts'

/** In the morning, when the night's files have told what was opened and closed. */
export const jobs: Job[] = [
  {
    name: 'learn/outcomes settle accepted',
    schedule: { dailyAt: '06:30' },
    handle: (rt, _payload, { signal }) => settleAccepted(rt, signal),
  },
]
