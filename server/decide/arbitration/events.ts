import type { ResponseMessage } from '#know/interactions'
import type { Subscription } from '#platform/outbox'
import { recordOutcome } from './index.ts'

/** Propensities learn from what customers do with what they are offered. */
export const subscriptions: Subscription[] = [
  {
    type: 'know.response_recorded',
    name: 'decide/arbitration learns',
    async handle(rt, message) {
      const response = message.payload as ResponseMessage
      const { contactId, action, treatment, channel, kind } = response
      if (action === null || treatment === null) return
      const outcome = { customerId: message.customerId, contactId, action, treatment, channel }
      if (kind === 'accept') await recordOutcome(rt, { ...outcome, kind: 'accepted' })
      // Refused or put off is seen as well, and so is a click on a page whose impression was lost.
      else await recordOutcome(rt, { ...outcome, kind: 'offered' })
    },
  },
]
