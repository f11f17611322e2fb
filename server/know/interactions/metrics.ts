import type { Reading } from '#platform/telemetry'
import { openByState } from './store.ts'

/** What know/interactions lets be read. */
export const readings: readonly Reading[] = [
  {
    name: 'clientele_contacts_open',
    help: 'Contacts that have not ended, by state: offered, claimed, unknown. An unknown one is an alert after 24 hours.',
    labels: ['state'],
    read: async (rt) =>
      (await openByState(rt.db)).map(({ state, contacts }) => ({ labels: { state }, value: contacts })),
  },
]
