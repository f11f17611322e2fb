import type { Job } from '#platform/jobs'
import { countDays } from './places/index.ts'

export const jobs: Job[] = [
  {
    name: 'engage/inbound count placements',
    schedule: { everySeconds: 3600 },
    handle: async (rt, _payload, { signal }) => ({ days: await countDays(rt, signal) }),
  },
]
