import { beforeAll, describe, expect, test } from 'vitest'
import type { Catalogue } from '#decide/propositions'
import { catalogueOf, playbookEnvironment } from '#decide/propositions'
import { smallPlaybook } from '#test/small-playbook'
import { beliefsOf, type Count } from './beliefs.ts'

let catalogue: Catalogue
beforeAll(async () => {
  const { documents } = await smallPlaybook()
  catalogue = catalogueOf(documents, playbookEnvironment(documents))
})

/** The mean believed of a treatment, and how many offers the belief weighs. */
function believed(treatment: string, counts: Count[]): { mean: number; weight: number } {
  const { index } = catalogue.treatments.find((one) => one.id === treatment)!
  const { alpha, beta } = beliefsOf(catalogue, counts, 200)
  const weight = alpha[index]! + beta[index]!
  return { mean: alpha[index]! / weight, weight }
}
const count = (treatment: string, channel: string, offered: number, accepted: number): Count => ({
  action: 'goal_saver',
  treatment,
  channel,
  offered,
  accepted,
})

describe('what is believed of a propensity', () => {
  test('before anybody answered it is what the action says, and weighs two hundred offers', () => {
    expect(believed('goal_saver_app', [])).toEqual({ mean: expect.closeTo(0.011, 10), weight: expect.closeTo(200, 6) })
  })
  test('a treatment that nobody saw begins where the other treatments of its action are', () => {
    const { mean } = believed('goal_saver_app', [count('goal_saver_email', 'email', 10_000, 400)])
    expect(mean).toBeCloseTo((400 + 200 * 0.011) / 10_200, 10)
  })
  test('its own answers outweigh what it inherits once there are many', () => {
    const counts = [count('goal_saver_email', 'email', 10_000, 400), count('goal_saver_app', 'app', 50_000, 500)]
    expect(believed('goal_saver_app', counts).mean).toBeCloseTo(0.01, 3)
  })
  test('an answer counts once: a treatment does not inherit from itself', () => {
    const { mean } = believed('goal_saver_app', [count('goal_saver_app', 'app', 1000, 100)])
    expect(mean).toBeCloseTo((100 + 200 * 0.011) / 1200, 10)
  })
  test('an action that says nothing begins where its group is', () => {
    const saver = catalogue.actions.find((one) => one.id === 'goal_saver')!
    const silent: Catalogue = {
      ...catalogue,
      treatments: catalogue.treatments.map((one) =>
        one.action === saver
          ? { ...one, action: { ...saver, document: { ...saver.document, prior: undefined! } } }
          : one,
      ),
      actionById: new Map([...catalogue.actionById, ['fixed_term', { ...saver, id: 'fixed_term' }]]),
    }
    const { index } = silent.treatments.find((one) => one.id === 'goal_saver_app')!
    const { alpha, beta } = beliefsOf(
      silent,
      [{ action: 'fixed_term', treatment: 'x', channel: 'app', offered: 9800, accepted: 490 }],
      200,
    )
    expect(alpha[index]! / (alpha[index]! + beta[index]!)).toBeCloseTo((490 + 200 * 0.01) / 10_000, 10)
  })
})
