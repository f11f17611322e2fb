import { dayNumber, localDate } from '#platform/clock'
import type { Reading } from '#platform/telemetry'
import { activeRevision, bankOf } from '#trust/playbook'
import { feedHealth } from './index.ts'

/** What know/sources lets be read, from how each feed is. */
export const readings: readonly Reading[] = [
  {
    name: 'clientele_feed_age_days',
    help: 'Days since the business date of the last file applied, by source. Absent while none came.',
    labels: ['source'],
    async read(rt) {
      const { zone } = bankOf(await activeRevision(rt))
      const today = dayNumber(localDate(rt.clock.now(), zone))
      return (await feedHealth(rt)).flatMap(({ source, asOf }) =>
        asOf === null ? [] : [{ labels: { source }, value: today - dayNumber(asOf) }],
      )
    },
  },
  {
    name: 'clientele_feed_held',
    help: '1 for each source whose file is late, unbalanced, refused or never came: what rests on it waits.',
    labels: ['source', 'state'],
    read: async (rt) =>
      (await feedHealth(rt))
        .filter(({ state }) => state !== 'ok')
        .map(({ source, state }) => ({ labels: { source, state }, value: 1 })),
  },
]
