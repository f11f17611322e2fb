import { recordExternalContact } from '#know/interactions'
import type { Message, Subscription } from '#platform/outbox'
import type { Runtime } from '#platform/runtime'
import { eventsById, projectEvents, type StoredEvent } from './store.ts'

type Accepted = { events: [customerId: number, eventId: string, version: number][] }

const eventsOf = (rt: Runtime, messages: readonly Message[]): Promise<StoredEvent[]> =>
  eventsById(
    rt.db,
    messages.flatMap((message) => (message.payload as Accepted).events),
  )

/** After events were accepted: their rows in the lake, and other systems' contacts in the one history of contact. */
export const subscriptions: Subscription[] = [
  {
    type: 'know.events_accepted',
    name: 'know/events:project',
    handleAll: async (rt, messages) => {
      await projectEvents(rt.lake, await eventsOf(rt, messages))
    },
  },
  {
    type: 'know.events_accepted',
    name: 'know/events:contacts',
    handle: async (rt, message) => {
      for (const event of await eventsOf(rt, [message])) {
        if (!event.type.startsWith('contact.')) continue
        const { direction, channel, class: contactClass, topic } = event.payload as Record<string, string>
        await recordExternalContact(rt, {
          customerId: event.customerId,
          source: event.source,
          sourceContactId: event.sourceEventId,
          direction: direction as 'inbound' | 'outbound',
          channel: channel!,
          class: contactClass as 'service',
          topic: topic!,
          occurredAt: event.occurredAt,
        })
      }
    },
  },
]
