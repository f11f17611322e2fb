import type { Job } from '#platform/jobs'
import { forgetDelivered } from './store.ts'

const KEPT_DAYS = 30

export const jobs: Job[] = [
  {
    name: 'engage/webhooks forget',
    schedule: { everySeconds: 3600 },
    handle: async (rt) => ({
      deliveries: await forgetDelivered(rt.db, new Date(rt.clock.now().getTime() - KEPT_DAYS * 86_400_000)),
    }),
  },
]
