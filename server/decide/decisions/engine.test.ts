import { beforeAll, describe, expect, test } from 'vitest'
import type { Beliefs } from '#decide/arbitration'
import { type Touch, verdictName } from '#decide/policies'
import { priorBeliefs, smallPlaybook } from '#test/small-playbook'
import { caseInputs } from './cases.ts'
import type { ActionTrace } from './consider.ts'
import { decide } from './engine.ts'
import type { Inputs } from './inputs.ts'
import { type Playbook, playbookOf } from './playbook.ts'
import { rankedText } from './result.ts'
import { reasonsOf, shownBy } from './why.ts'

let playbook: Playbook
let beliefs: Beliefs
beforeAll(async () => {
  playbook = playbookOf(await smallPlaybook())
  beliefs = priorBeliefs(playbook)
})

const DAY_MS = 86_400_000
const JONAS = { age_years: 23, products: ['everyday'], small_savings_90d: 5, surplus_month_minor: 12_000 }
const SPENDER = { age_years: 41, products: ['everyday'], card_spend_month_minor: 220_000, pays_in_full: true }

const asked = (customer: Record<string, unknown>, over: Partial<Inputs> = {}, channel = 'app'): Inputs => ({
  ...caseInputs(playbook, { customer }, channel),
  actionsMax: 3,
  ...over,
})

/** The verdict on one action and the clauses behind it. */
function verdictOn(action: string, inputs: Inputs): { verdict: string; clauses: string[]; found: string[] } {
  const trace: ActionTrace[] = []
  const decision = decide(playbook, beliefs, inputs, trace)
  const traced = trace.find((one) => one.action === action)!
  // With or without its reasons, the decision is the same.
  expect(Buffer.from(decide(playbook, beliefs, inputs).verdicts)).toEqual(Buffer.from(decision.verdicts))
  expect(traced.verdict).toBe(verdictName(decision.verdicts[playbook.catalogue.actionById.get(action)!.index]!))
  const reasons = reasonsOf(traced)
  return {
    verdict: traced.verdict,
    clauses: reasons.map((reason) => reason.clause),
    found: reasons.map((reason) => `${reason.found} / ${reason.needed}`),
  }
}

const touch = (over: Partial<Touch>): Touch => ({
  atMs: Date.parse('2026-03-01T10:00:00Z'),
  direction: 'outbound',
  channel: 'email',
  group: 'save',
  action: 'goal_saver',
  class: 'marketing',
  state: 'sent',
  settledMs: null,
  outcomeKnown: false,
  ...over,
})

describe('what is offered', () => {
  test('a small saver with a surplus is offered the Goal Saver, with its rate frozen for thirty days', () => {
    const decision = decide(playbook, beliefs, asked(JONAS))
    expect(shownBy(decision)).toEqual(['goal_saver'])
    expect(decision.chosen[0]!.offer).toMatchObject({ rateBp: 175, currency: 'EUR', expiresOn: '2026-04-03' })
    expect(decision.chosen[0]!.variables).toEqual({ times: 5 })
  })
  test('a high spender who pays in full is offered the premium card', () => {
    expect(shownBy(decide(playbook, beliefs, asked(SPENDER)))).toEqual(['premium_card'])
  })
  test('a stretched high spender gets a money check-up and no credit', () => {
    const inputs = asked({ ...SPENDER, stress_signals: 3 })
    expect(shownBy(decide(playbook, beliefs, inputs))).toEqual(['money_checkup'])
    expect(verdictOn('premium_card', inputs)).toMatchObject({ verdict: 'suitability', clauses: ['not_stretched'] })
  })
  test('somebody for whom nothing fits gets nothing now, and is told why by clause, found and needed', () => {
    const inputs = asked({ ...JONAS, small_savings_90d: 1 })
    const decision = decide(playbook, beliefs, inputs)
    expect(shownBy(decision)).toEqual([])
    expect(decision.nothingBecause).toBe('nothing_eligible')
    expect(verdictOn('goal_saver', inputs)).toMatchObject({
      verdict: 'applicability',
      clauses: ['saves_small_sums'],
      found: ['customer.small_savings_90d = 1 / customer.small_savings_90d >= 3'],
    })
  })
  test('what is absent is said to be absent', () => {
    const { found } = verdictOn('low_balance', asked(JONAS))
    expect(found[0]).toContain('customer.forecast_3_days_minor = absent')
  })
  test('an action that leaves the customer worse off is never offered, whatever the bank would gain', async () => {
    const dear = playbookOf(
      await smallPlaybook((documents) =>
        documents.map((one) =>
          one.kind === 'action' && one.id === 'premium_card'
            ? { ...one, value: { bank: '9000000', customer: '-1' } }
            : one,
        ),
      ),
    )
    const trace: ActionTrace[] = []
    expect(shownBy(decide(dear, priorBeliefs(dear), asked(SPENDER), trace))).toEqual([])
    const card = trace.find((one) => one.action === 'premium_card')!
    expect(card.verdict).toBe('customer_value')
    expect(reasonsOf(card)[0]).toMatchObject({ found: '-1 minor units', needed: 'at least 0' })
  })
})

describe('rules that no playbook can lift', () => {
  test('no credit below eighteen, nor to a person of unknown age', () => {
    expect(verdictOn('premium_card', asked({ ...SPENDER, age_years: 17 })).clauses).toContain('credit_adult')
    const { age_years: _, ...unknown } = SPENDER
    expect(verdictOn('premium_card', asked(unknown))).toMatchObject({ verdict: 'product_rule' })
  })
  test.each(['arrears', 'in_collections', 'forborne', 'stretched', 'support_need'])(
    'no credit while %s',
    (standing) => {
      const inputs = {
        ...asked(SPENDER),
        standings: caseInputs(playbook, { customer: {}, standings: [standing] }, 'app').standings,
      }
      expect(verdictOn('premium_card', inputs)).toMatchObject({ verdict: 'credit_rule' })
    },
  )
  test('arrears weigh for twelve months after they ended, and no longer', () => {
    const ended = (toOn: string) => [
      { standing: 'arrears' as const, effect: 'no_credit' as const, fromOn: '2024-12-01', toOn },
    ]
    expect(verdictOn('premium_card', asked(SPENDER, { standings: ended('2025-06-30') })).verdict).toBe('credit_rule')
    expect(verdictOn('premium_card', asked(SPENDER, { standings: ended('2025-03-03') })).verdict).toBe('shown')
  })
  test('support need stops credit and nothing else', () => {
    const standings = caseInputs(playbook, { customer: {}, standings: ['support_need'] }, 'app').standings
    expect(shownBy(decide(playbook, beliefs, asked(JONAS, { standings })))).toEqual(['goal_saver'])
  })
  test('nothing is marketed while a complaint is open, and thirty days after; care goes on', () => {
    const open = (toOn: string | null) => [
      { standing: 'complaint_open' as const, effect: 'care_only' as const, fromOn: '2026-01-01', toOn },
    ]
    expect(verdictOn('goal_saver', asked(JONAS, { standings: open(null) })).verdict).toBe('standing')
    expect(verdictOn('goal_saver', asked(JONAS, { standings: open('2026-02-10') })).verdict).toBe('standing')
    expect(verdictOn('goal_saver', asked(JONAS, { standings: open('2026-01-31') })).verdict).toBe('shown')
    expect(
      shownBy(decide(playbook, beliefs, asked({ ...JONAS, stress_signals: 2 }, { standings: open(null) }))),
    ).toEqual(['money_checkup'])
  })
  test('after a death nothing at all is said', () => {
    const standings = caseInputs(playbook, { customer: {}, standings: ['deceased_notified'] }, 'app').standings
    const decision = decide(playbook, beliefs, asked({ ...JONAS, stress_signals: 2 }, { standings }))
    expect(shownBy(decision)).toEqual([])
    expect(decision.nothingBecause).toBe('no_contact')
  })
  test('a silent crime block stops everything and its name is in no trace', () => {
    const standings = caseInputs(playbook, { customer: {}, standings: ['crime_block'] }, 'app').standings
    const trace: ActionTrace[] = []
    const decision = decide(playbook, beliefs, asked({ ...SPENDER, stress_signals: 2 }, { standings }), trace)
    expect(shownBy(decision)).toEqual([])
    expect(JSON.stringify(trace)).not.toContain('crime')
    expect(JSON.stringify(trace)).toContain('no_contact')
  })
  test('nothing is sold through a guardian or attorney; service still reaches the customer', () => {
    const service = { ...JONAS, forecast_3_days_minor: -6000 }
    expect(shownBy(decide(playbook, beliefs, asked(service, { asker: 'attorney' })))).toEqual(['low_balance'])
    expect(verdictOn('goal_saver', asked(service, { asker: 'attorney' })).verdict).toBe('authority')
  })
  test('one who holds the product is not offered it again, and prerequisites are held first', () => {
    expect(verdictOn('goal_saver', asked({ ...JONAS, products: ['everyday', 'goal_saver'] })).clauses).toEqual([
      'product_single',
    ])
    expect(verdictOn('goal_saver', asked({ ...JONAS, products: [] })).clauses).toEqual(['product_prerequisite'])
  })
  test('an action whose feed is late waits, and says so', () => {
    const { verdict, clauses } = verdictOn(
      'low_balance',
      asked({ forecast_3_days_minor: -1 }, { lateFeeds: ['transactions'] }),
    )
    expect([verdict, clauses]).toEqual(['feed_late', ['feeds']])
  })
  test('what the duty manager stopped is not said', () => {
    const stops = { version: 3, everything: false, actions: ['goal_saver'], templates: [], channels: [] }
    expect(verdictOn('goal_saver', asked(JONAS, { stops })).verdict).toBe('stopped')
    const decision = decide(playbook, beliefs, asked(JONAS, { stops: { ...stops, everything: true } }))
    expect(decision.nothingBecause).toBe('stopped')
  })
})

describe('consent', () => {
  const NONE = { marketing: [], marketingObjected: false, profilingObjected: false, paymentData: false, suppressed: [] }
  test('marketing by e-mail needs consent to e-mail; in the app, where the customer came to us, it does not', () => {
    expect(verdictOn('goal_saver', asked(JONAS, { consents: NONE }, 'email')).clauses).toEqual(['channel_consent'])
    expect(verdictOn('goal_saver', asked(JONAS, { consents: NONE })).verdict).toBe('shown')
  })
  test('an objection ends marketing in the app too, and leaves service', () => {
    const consents = { ...NONE, marketingObjected: true }
    const service = { ...JONAS, forecast_3_days_minor: -6000 }
    expect(shownBy(decide(playbook, beliefs, asked(service, { consents })))).toEqual(['low_balance'])
  })
})

test('what rests on payments needs consent to the use of payment data, where it is marketing', async () => {
  const paid = playbookOf(
    await smallPlaybook((documents) =>
      documents.map((one) =>
        one.id === 'goal_saver' && one.kind === 'action' ? { ...one, paymentTriggered: true } : one,
      ),
    ),
  )
  const inputs = asked(JONAS)
  expect(shownBy(decide(paid, beliefs, inputs))).toEqual(['goal_saver'])
  expect(shownBy(decide(paid, beliefs, { ...inputs, consents: { ...inputs.consents, paymentData: false } }))).toEqual(
    [],
  )
})

test('policies hold at every level: of an issue, a group, an action and a single treatment', async () => {
  const never = (appliesTo: object) => ({
    kind: 'policy',
    id: 'never',
    title: 'Never',
    appliesTo,
    suitability: [{ id: 'never', title: 'Never', excludes: 'true' }],
  })
  const targets = [
    { issues: ['grow'] },
    { groups: ['save'] },
    { actions: ['goal_saver'] },
    { treatments: ['goal_saver_app'] },
  ]
  for (const appliesTo of targets) {
    const strict = playbookOf(await smallPlaybook((documents) => [...documents, never(appliesTo)]))
    expect(shownBy(decide(strict, beliefs, asked(JONAS)))).toEqual([])
    const byPost = shownBy(decide(strict, beliefs, asked(JONAS, {}, 'post')))
    expect(byPost).toEqual('treatments' in appliesTo ? ['goal_saver'] : [])
  }
})

describe('contact policy', () => {
  const emails = (...daysAgo: number[]) => ({
    own: daysAgo.map((days) => touch({ atMs: asked(JONAS).nowMs - days * DAY_MS, action: 'other', group: 'other' })),
    household: [],
  })
  test('the third contact in seven days is allowed, the fourth waits until the first is seven days old', () => {
    expect(verdictOn('goal_saver', asked(JONAS, { history: emails(1, 2) }, 'email')).verdict).toBe('shown')
    expect(verdictOn('goal_saver', asked(JONAS, { history: emails(1, 2, 6.9) }, 'email'))).toMatchObject({
      verdict: 'cap',
      clauses: ['week'],
    })
    expect(verdictOn('goal_saver', asked(JONAS, { history: emails(1, 2, 7) }, 'email')).verdict).toBe('shown')
  })
  test('caps count what was sent, not what was delivered, and not what was held back', () => {
    const held = { own: emails(1, 2, 3).own.map((one) => ({ ...one, state: 'suppressed' })), household: [] }
    expect(verdictOn('goal_saver', asked(JONAS, { history: held }, 'email')).verdict).toBe('shown')
  })
  test('service is not counted and not capped', () => {
    const many = { own: emails(1, 2, 3, 4).own.map((one) => ({ ...one, class: 'service' })), household: [] }
    expect(verdictOn('goal_saver', asked(JONAS, { history: many }, 'email')).verdict).toBe('shown')
    expect(
      verdictOn('low_balance', asked({ forecast_3_days_minor: -1 }, { history: emails(1, 2, 3, 4) })).verdict,
    ).toBe('shown')
  })
  test('one letter for the household: what the partner got counts', () => {
    const history = { own: [], household: [touch({ channel: 'post', atMs: asked(JONAS).nowMs - 10 * DAY_MS })] }
    expect(verdictOn('goal_saver', asked(JONAS, { history }, 'post'))).toMatchObject({ clauses: ['letter_household'] })
  })
  test('after a no the action rests ninety days, its group thirty', () => {
    const refused = (daysAgo: number, action = 'goal_saver') => ({
      own: [
        touch({
          direction: 'inbound',
          channel: 'app',
          action,
          state: 'refused',
          settledMs: asked(JONAS).nowMs - daysAgo * DAY_MS,
        }),
      ],
      household: [],
    })
    expect(verdictOn('goal_saver', asked(JONAS, { history: refused(89) })).clauses).toEqual(['refused_action'])
    expect(verdictOn('goal_saver', asked(JONAS, { history: refused(91) })).verdict).toBe('shown')
    expect(verdictOn('goal_saver', asked(JONAS, { history: refused(29, 'fixed_term') })).clauses).toEqual([
      'refused_group',
    ])
    expect(verdictOn('goal_saver', asked(JONAS, { history: refused(31, 'fixed_term') })).verdict).toBe('shown')
  })
  test('a refused credit silences all credit for half a year', () => {
    const history = {
      own: [
        touch({
          channel: 'app',
          group: 'x',
          action: 'premium_card',
          state: 'refused',
          settledMs: asked(JONAS).nowMs - 179 * DAY_MS,
        }),
      ],
      household: [],
    }
    expect(verdictOn('premium_card', asked(SPENDER, { history })).clauses).toEqual(['refused_credit'])
  })
  test('five views without an answer bring thirty days of silence, and then a new count', () => {
    const views = (...daysAgo: number[]) => ({
      own: daysAgo
        .sort((a, b) => b - a)
        .map((days) =>
          touch({ direction: 'inbound', channel: 'app', state: 'shown', atMs: asked(JONAS).nowMs - days * DAY_MS }),
        ),
      household: [],
    })
    expect(verdictOn('goal_saver', asked(JONAS, { history: views(1, 2, 3, 4) })).verdict).toBe('shown')
    expect(verdictOn('goal_saver', asked(JONAS, { history: views(1, 2, 3, 4, 5) })).clauses).toEqual(['ignored'])
    expect(verdictOn('goal_saver', asked(JONAS, { history: views(40, 41, 42, 43, 44, 1) })).verdict).toBe('shown')
  })
  test('what was accepted rests until its outcome is known', () => {
    const accepted = (outcomeKnown: boolean) => ({
      own: [touch({ channel: 'app', state: 'accepted', settledMs: asked(JONAS).nowMs - DAY_MS, outcomeKnown })],
      household: [],
    })
    expect(verdictOn('goal_saver', asked(JONAS, { history: accepted(false) })).clauses).toEqual(['accepted'])
    expect(verdictOn('goal_saver', asked(JONAS, { history: accepted(true) })).verdict).toBe('shown')
  })
  test('marketing by SMS keeps to its hours and to working days', () => {
    const at = (instant: string) => asked(JONAS, { nowMs: Date.parse(instant), today: instant.slice(0, 10) }, 'sms')
    expect(verdictOn('goal_saver', at('2026-03-04T10:00:00Z')).verdict).toBe('shown')
    expect(verdictOn('goal_saver', at('2026-03-04T21:00:00Z')).clauses).toEqual(['open_hours'])
    expect(verdictOn('goal_saver', at('2026-03-08T11:00:00Z')).clauses).toEqual(['open_hours'])
    expect(verdictOn('goal_saver', at('2026-04-03T10:00:00Z')).clauses).toEqual(['open_hours'])
  })
})

describe('order', () => {
  test('a customer here to complain gets help before anything is sold', () => {
    const both = { ...SPENDER, ...JONAS, stress_signals: 2 }
    const [first] = shownBy(decide(playbook, beliefs, asked(both, { reason: 'complaint' })))
    expect(first).toBe('money_checkup')
  })
  test('the same seed gives the same decision; another seed explores another order of propensities', () => {
    const propensity = (seed: number) => decide(playbook, beliefs, asked(JONAS, { seed })).ranked[0]!.parts.propensity
    expect(propensity(7)).toBe(propensity(7))
    expect(propensity(7)).not.toBe(propensity(8))
  })
  test('only as many actions are shown as fit; the rest are outranked', () => {
    const both = { ...SPENDER, ...JONAS, forecast_3_days_minor: -10 }
    const decision = decide(playbook, beliefs, asked(both, { actionsMax: 1 }))
    expect(decision.chosen).toHaveLength(1)
    const names = [...decision.verdicts].map(verdictName)
    expect(names.filter((name) => name === 'outranked')).toHaveLength(2)
  })
  test('whoever chose one action from a preview is given that one, and only while it may be said', () => {
    const both = { ...SPENDER, ...JONAS, forecast_3_days_minor: -10 }
    for (const only of ['goal_saver', 'premium_card', 'low_balance'])
      expect(shownBy(decide(playbook, beliefs, asked(both, { only })))).toEqual([only])
    expect(
      shownBy(decide(playbook, beliefs, asked({ ...both, small_savings_90d: 0 }, { only: 'goal_saver' }))),
    ).toEqual([])
  })
})

test('the order in which a document names its fields changes nothing', async () => {
  const turned = playbookOf(
    await smallPlaybook((documents) =>
      documents.map((one) => JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(one).reverse())))),
    ),
  )
  for (const customer of [JONAS, SPENDER])
    expect(rankedText(decide(turned, beliefs, asked(customer)))).toBe(
      rankedText(decide(playbook, beliefs, asked(customer))),
    )
})

describe('the control arm', () => {
  const control = { experiment: 'global_control', period: '2026', arm: 'control' as const }
  test('is shown no marketing, and what it would have been offered is kept', () => {
    const decision = decide(playbook, beliefs, asked(JONAS, { arm: control }))
    expect(shownBy(decision)).toEqual([])
    expect(decision.nothingBecause).toBe('control')
    expect(decision.chosen.map(({ action, withheld }) => [action.id, withheld])).toEqual([['goal_saver', true]])
  })
  test('is served like everybody else, in the place that marketing would have had', () => {
    const both = { ...SPENDER, ...JONAS, stress_signals: 0, forecast_3_days_minor: -6000 }
    const treated = decide(playbook, beliefs, asked(both, { actionsMax: 1 }))
    expect(shownBy(treated)).toHaveLength(1)
    const decision = decide(playbook, beliefs, asked(both, { actionsMax: 1, arm: control }))
    expect(shownBy(decision)).toEqual(['low_balance'])
    // What marketing would have been shown is what the treated arm is shown.
    expect(decision.chosen.filter((one) => one.withheld).map((one) => one.action.id)).toEqual(
      shownBy(treated).filter((action) => action !== 'low_balance'),
    )
  })
})
