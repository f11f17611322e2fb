import type { Job } from '#platform/jobs'
import { anchor } from './index.ts'

export const jobs: Job[] = [
  { name: 'trust.audit_anchor', schedule: { everySeconds: 3600 }, handle: (rt) => anchor(rt) },
]
