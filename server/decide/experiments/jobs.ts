import type { Job } from '#platform/jobs'
import { activeRevision } from '#trust/playbook'
import { assignAll } from './index.ts'

/** Just after midnight, so that the arm of nearly everybody is drawn before anybody asks. */
export const jobs: Job[] = [
  {
    name: 'decide/experiments assign',
    schedule: { dailyAt: '00:05' },
    async handle(rt) {
      await assignAll(rt, (await activeRevision(rt)).documents)
    },
  },
]
