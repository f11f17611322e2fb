import type { Family } from '#platform/telemetry'

export const ANSWERS: Family = {
  kind: 'counter',
  name: 'clientele_answers_total',
  help: 'What customers did with what they were shown, by kind, repeated answers left out.',
  labels: ['kind'],
}
/** What engage/inbound counts. */
export const families: readonly Family[] = [ANSWERS]
