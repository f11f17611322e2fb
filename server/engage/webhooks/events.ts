import type { ResponseMessage } from '#know/interactions'
import type { Message, Subscription } from '#platform/outbox'
import { eventIdOf } from './event.ts'
import { tell } from './index.ts'

const ANSWERED = 'know.response_recorded'
const CONSENT = 'trust.consent_changed'
const ACTIVATED = 'trust.playbook_activated'

/** What messages of lower layers mean to other systems. */
export const subscriptions: Subscription[] = [
  {
    name: 'engage/webhooks:events',
    type: [ANSWERED, CONSENT, ACTIVATED],
    handle: async (rt, message) => {
      const at = rt.clock.now()
      const { customerId, version } = message
      const id = eventIdOf(`message ${message.id}`)
      if (message.type === ANSWERED) {
        const { kind, claimedAt: _, answeredBefore: __, ...told } = (message as Message<ResponseMessage>).payload
        const event = { id, type: 'contact.answered' as const, at: new Date(told.occurredAt), customerId, version }
        await tell(rt, event.type, () => [{ ...event, data: { answer: kind, ...told } }])
      } else if (message.type === CONSENT)
        await tell(rt, 'consent.changed', () => [
          { id, type: 'consent.changed', at, customerId, version, data: message.payload },
        ])
      else
        await tell(rt, 'playbook.activated', () => [
          { id, type: 'playbook.activated', at, customerId: 0, version: null, data: message.payload },
        ])
    },
  },
]
