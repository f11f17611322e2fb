import type { Job } from '#platform/jobs'
import { anchor } from './index.ts'

/** Anchors the audit every hour. `keyOf`: the signing key, which is not in the database. */
export const auditJobs = (keyOf: () => string): Job[] => [
  { name: 'trust.audit_anchor', schedule: { everySeconds: 3600 }, handle: (rt) => anchor(rt, keyOf()) },
]
