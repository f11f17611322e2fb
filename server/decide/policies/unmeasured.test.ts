import { describe, expect, test } from 'vitest'
import type { Action, Treatment } from '#decide/propositions'
import { contactRulesOf, restVerdict, type Touch } from './contact.ts'
import type { Moment } from './moment.ts'
import type { Reason } from './verdict.ts'

const DAY_MS = 86_400_000
const ACCEPTED_MS = Date.parse('2026-03-02T10:00:00Z')
const rules = contactRulesOf({
  kind: 'contact_policy',
  id: 'standard',
  title: 'Standard',
  caps: [],
  rests: [{ id: 'accepted', after: 'accept', each: 'action' }],
})
const accepted: Touch = {
  atMs: ACCEPTED_MS,
  direction: 'inbound',
  channel: 'app',
  group: 'use',
  action: 'tidy_subscriptions',
  class: 'marketing',
  state: 'accepted',
  settledMs: ACCEPTED_MS,
  outcomeKnown: false,
}
/** Whether the action rests so many days after it was accepted, and what the trace says. */
function rests(days: number, unmeasured?: { because: string; restDays?: number }) {
  const action = {
    id: 'tidy_subscriptions',
    group: 'use',
    credit: false,
    document: { unmeasured },
  } as unknown as Action
  const treatment = { id: 'tidy', class: 'marketing', action, channel: { id: 'app' } } as unknown as Treatment
  const trace: Reason[] = []
  const moment = { nowMs: ACCEPTED_MS + days * DAY_MS } as Moment
  const verdict = restVerdict(rules, treatment, { own: [accepted], household: [] }, moment, new Map(), trace)
  return { rests: verdict !== 0, needed: trace[0]?.needed }
}

describe('accepted, an action rests until its outcome is known', () => {
  test('one that is measured waits for it, a year at most', () => {
    expect(rests(360)).toEqual({ rests: true, needed: 'a known outcome' })
    expect(rests(366).rests).toBe(false)
  })
  test('one that nothing measures rests as long as it says, and the reason says so', () => {
    const unmeasured = { because: 'they end at the merchant', restDays: 180 }
    expect(rests(179, unmeasured)).toEqual({ rests: true, needed: '180 days after "accept"' })
    expect(rests(181, unmeasured).rests).toBe(false)
  })
  test('thirty days where it gives none', () => {
    expect(rests(29, { because: 'nobody is tried' }).rests).toBe(true)
    expect(rests(31, { because: 'nobody is tried' }).rests).toBe(false)
  })
})
