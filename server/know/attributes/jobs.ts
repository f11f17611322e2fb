import type { Job } from '#platform/jobs'
import { computeAttributes } from './index.ts'

export const COMPUTE_JOB = 'know.attributes.compute'

/** Windows move on with the day, so everybody is computed again each night after the last feeds. */
export const jobs: Job[] = [
  {
    name: COMPUTE_JOB,
    schedule: { dailyAt: '03:30' },
    attemptsMax: 3,
    handle: (rt, payload: { asOf?: string | null } | null, { signal, progress }) =>
      computeAttributes(rt, {
        ...(payload?.asOf ? { asOf: payload.asOf } : {}),
        signal,
        progress: (done, sentence) => void progress({ done, sentence }).catch(() => {}),
      }),
  },
]
