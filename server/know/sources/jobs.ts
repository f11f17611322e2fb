import { addDays, localDate } from '#platform/clock'
import type { Job } from '#platform/jobs'
import { activeRevision, bankOf } from '#trust/playbook'
import { expireAuthorisations } from './applying/index.ts'

/** Days after which an authorisation that no booking settled is taken to have lapsed. */
const PENDING_DAYS = 14

export const jobs: Job[] = [
  {
    name: 'know.sources:expire_authorisations',
    schedule: { dailyAt: '03:00' },
    handle: async (rt) => {
      const { zone } = bankOf(await activeRevision(rt))
      await expireAuthorisations(rt, addDays(localDate(rt.clock.now(), zone), -PENDING_DAYS))
    },
  },
]
