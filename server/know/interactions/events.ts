import type { Subscription } from '#platform/outbox'
import { suppressStopped } from './index.ts'

/** On first notice of a death, or of anything else that stops all contact, what still lies ready ends too. */
export const subscriptions: Subscription[] = [
  {
    type: 'know.standing_changed',
    name: 'know/interactions:stop',
    handle: async (rt, message) => {
      await suppressStopped(rt, message.customerId)
    },
  },
]
