import { beforeAll, describe, expect, test } from 'vitest'
import { type Catalogue, catalogueOf, playbookEnvironment } from '#decide/propositions'
import { smallPlaybook } from '#test/small-playbook'
import type { Count } from './beliefs.ts'
import { calibrationOf } from './calibration.ts'

let catalogue: Catalogue
beforeAll(async () => {
  const { documents } = await smallPlaybook()
  catalogue = catalogueOf(documents, playbookEnvironment(documents))
})

const count = (offered: number, accepted: number, treatment = 'goal_saver_app', channel = 'app'): Count => ({
  action: 'goal_saver',
  treatment,
  channel,
  offered,
  accepted,
})
const day = (on: string, ...counts: Count[]) => ({ on, counts })
const tested = (...days: ReturnType<typeof day>[]) => calibrationOf(catalogue, days, 200)

describe('whether what was believed came true', () => {
  test('a day is foretold by the evening before it, never by its own answers', () => {
    const { all, from, to } = tested(day('2026-03-01', count(10_000, 1_000)), day('2026-03-02', count(11_000, 1_500)))
    // 10,000 offers of which a tenth was taken up, and 200 inherited at 1.1 %: a little below a tenth of a thousand.
    expect(all).toMatchObject({ offered: 1_000, accepted: 500, foretold: expect.closeTo(98.25, 1) })
    expect([from, to]).toEqual(['2026-03-02', '2026-03-02'])
  })

  test('a learner that is right has the share that came within each group’s interval', () => {
    const mornings = Array.from({ length: 20 }, (_, n) =>
      day(
        `2026-03-${String(n + 1).padStart(2, '0')}`,
        count(10_000 + n * 500, 1_000 + n * 50),
        count(10_000 + n * 500, 300 + n * 15, 'goal_saver_email', 'email'),
      ),
    )
    const { groups } = tested(...mornings)
    expect(groups.length).toBeGreaterThan(1)
    for (const { low, high, interval } of groups) {
      expect(low).toBeLessThanOrEqual(interval![1])
      expect(high).toBeGreaterThanOrEqual(interval![0])
    }
    expect(groups.reduce((sum, { offered }) => sum + offered, 0)).toBe(19 * 1_000)
    expect(groups.map(({ low }) => low)).toEqual(groups.map(({ low }) => low).toSorted((a, b) => a - b))
  })

  test('few offers stay together, so that no group says something about nobody', () => {
    expect(tested(day('2026-03-01', count(0, 0)), day('2026-03-02', count(90, 3))).groups).toHaveLength(1)
  })

  test('what nobody was offered since, and what the playbook no longer holds, is left out', () => {
    const gone = count(500, 50, 'sold_out_app')
    const { all, groups, actions, from } = tested(
      day('2026-03-01', count(400, 12)),
      day('2026-03-02', count(400, 12), gone),
    )
    expect([all.offered, groups, actions]).toEqual([0, [], []])
    expect(from).toBeNull()
  })
})
