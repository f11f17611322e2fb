import type { Family } from '#platform/telemetry'

export const EVENTS: Family = {
  kind: 'counter',
  name: 'clientele_events_total',
  help: 'Events given by any system, by what became of them: applied, duplicate, quarantined.',
  labels: ['outcome'],
}
/** What know/events counts. */
export const families: readonly Family[] = [EVENTS]
