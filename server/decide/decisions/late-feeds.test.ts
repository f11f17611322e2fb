import { beforeAll, describe, expect, test } from 'vitest'
import type { Beliefs } from '#decide/arbitration'
import { verdictName } from '#decide/policies'
import { priorBeliefs, smallPlaybook } from '#test/small-playbook'
import { caseInputs } from './cases.ts'
import type { ActionTrace } from './consider.ts'
import { decide } from './engine.ts'
import { type Playbook, playbookOf } from './playbook.ts'
import { shownBy } from './why.ts'

const JONAS = { age_years: 23, products: ['everyday'], small_savings_90d: 5, surplus_month_minor: 12_000 }
let playbook: Playbook
let beliefs: Beliefs
beforeAll(async () => {
  playbook = playbookOf(
    await smallPlaybook((all) => [
      ...all.flatMap((one) =>
        // No rule of the Goal Saver names a feed any more: what it reads must tell.
        one.kind === 'policy' && one.id === 'goal_saver'
          ? [
              {
                ...one,
                applicability: [{ id: 'saves', title: 'Saves', admits: 'customer.small_savings_90d >= 3' }],
              } as typeof one,
            ]
          : [one],
      ),
      { kind: 'source', id: 'core_holdings', title: 'Holdings', target: 'holding' } as never,
      { kind: 'source', id: 'core_roles', title: 'Roles', target: 'role' } as never,
      { kind: 'source', id: 'core_bookings', title: 'Bookings', target: 'transaction' } as never,
      { kind: 'source', id: 'branches', title: 'Branches', target: 'branch' } as never,
    ]),
  )
  beliefs = priorBeliefs(playbook)
})

function decided(lateFeeds: string[], customer: Record<string, unknown> = JONAS) {
  const trace: ActionTrace[] = []
  const inputs = { ...caseInputs(playbook, { customer }, 'app'), actionsMax: 3, lateFeeds }
  const decision = decide(playbook, beliefs, inputs, trace)
  // With or without its reasons, the decision is the same.
  expect(Buffer.from(decide(playbook, beliefs, inputs).verdicts)).toEqual(Buffer.from(decision.verdicts))
  const on = (action: string) => {
    const index = playbook.catalogue.actionById.get(action)!.index
    const { reasons, treatments } = trace.find((one) => one.action === action)!
    return {
      verdict: verdictName(decision.verdicts[index]!),
      late: [...reasons, ...treatments.flatMap((one) => one.reasons)].filter(({ stage }) => stage === 'feed_late'),
    }
  }
  return { shown: shownBy(decision), on }
}

describe('an action waits for the file that delivers what it reads, though it names none', () => {
  test('all files in, the small saver is offered the Goal Saver', () => {
    expect(decided([]).shown).toEqual(['goal_saver'])
  })

  test.each(['core_holdings', 'core_roles'])(
    'with %s late it waits, and its rule, its value and its message say so',
    (feed) => {
      const { shown, on } = decided([feed])
      expect(shown).toEqual([])
      const { verdict, late } = on('goal_saver')
      expect(verdict).toBe('feed_late')
      expect(late.map(({ clause }) => clause)).toEqual(expect.arrayContaining(['feeds', 'saves', 'variables']))
      expect(late[0]!.found).toBe(`${feed} late`)
    },
  )

  test('a late file that it does not rest on changes nothing', () => {
    expect(decided(['core_bookings', 'branches']).shown).toEqual(['goal_saver'])
  })

  test('a decision keeps only those late files that something rests on', () => {
    expect([...playbook.feeds].sort()).toEqual(['core_holdings', 'core_roles', 'transactions'])
  })
})
