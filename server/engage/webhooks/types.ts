import { EVENT_TYPES, type EventType, type EventTypesReply } from './contract.ts'
import { bodyOf, eventIdOf } from './event.ts'

const AT = new Date('2026-03-02T08:00:00.000Z')
const DECISION = '019cad8f-ac00-8004-82fc-902f38a7fd79'
const CONTACT = '019cad8f-ac00-8004-b718-72611357a623'
const contact = {
  decisionId: DECISION,
  issue: 'grow',
  group: 'save',
  action: 'goal_saver',
  treatment: 'goal_saver_app',
  class: 'marketing',
  channel: 'app',
  placement: 'app_home',
}

/** What each type means to whoever receives it, and what its data holds. */
const TOLD: Record<EventType, { meaning: string; data: object }> = {
  'decision.made': {
    meaning: 'Somebody asked what to say to a customer, and this is what was decided; also when it was nothing.',
    data: {
      decisionId: DECISION,
      channel: 'app',
      placement: 'app_home',
      nothingBecause: null,
      actions: [{ contactId: CONTACT, action: 'goal_saver', treatment: 'goal_saver_app' }],
    },
  },
  'contact.claimed': {
    meaning: 'A contact with a customer was claimed: nobody else will say the same meanwhile.',
    data: { contactId: CONTACT, ...contact, direction: 'inbound', expiresAt: '2026-03-03T08:00:00.000Z' },
  },
  'contact.answered': {
    meaning: 'A customer did something with a contact: saw it, clicked, accepted, refused, or put it off.',
    data: { answer: 'accept', contactId: CONTACT, ...contact, occurredAt: AT.toISOString() },
  },
  'consent.changed': {
    meaning: 'A customer gave or withdrew a consent, on any channel. Stop at once what rests on it.',
    data: { changes: [{ purpose: 'marketing', channel: 'email', state: 'withdrawn' }] },
  },
  'playbook.activated': {
    meaning: 'Another revision of the playbook runs from now on. It concerns no one customer.',
    data: {
      sequence: 12,
      revision: '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b',
      draftId: '019cad8f-ac00-8000-9a31-0c5d7e1f2b44',
      activatedBy: 'otto',
    },
  },
}

/** Every type of event, with its meaning and a body as it is sent. */
export const eventTypes = (): EventTypesReply['types'] =>
  EVENT_TYPES.map((type) => {
    const { meaning, data } = TOLD[type]
    const personal = type !== 'playbook.activated'
    const sample = bodyOf({
      id: eventIdOf(`sample ${type}`),
      type,
      at: AT,
      customerId: personal ? 20_001 : 0,
      version: personal ? 42 : null,
      data,
    })
    return { type, meaning, sample }
  })
