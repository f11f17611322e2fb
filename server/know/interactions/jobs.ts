import type { Job } from '#platform/jobs'
import { expireContacts } from './index.ts'

export const jobs: Job[] = [
  {
    name: 'know.interactions:expire_contacts',
    schedule: { everySeconds: 60 },
    handle: async (rt) => ({ expired: await expireContacts(rt) }),
  },
]
