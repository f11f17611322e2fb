import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { beliefsOf } from '#decide/arbitration'
import type { Touch } from '#decide/policies'
import { seededRandom } from '#platform/runtime'
import { smallPlaybook } from '#test/small-playbook'
import { caseInputs } from './cases.ts'
import { decide, ENGINE_VERSION } from './engine.ts'
import { type Inputs, inputsOf, inputsText } from './inputs.ts'
import { type Playbook, playbookOf } from './playbook.ts'
import { rankedText } from './result.ts'

// One line per decision: its inputs as stored, its verdicts, its ranking. A released engine's file never changes; an
// engine that decides otherwise gets a new number and a new file (written once with GOLDEN=write).
const FILE = new URL(`../../../golden/decisions/engine-${ENGINE_VERSION}.jsonl`, import.meta.url).pathname
const DECISIONS = 240

interface Golden {
  inputs: string
  verdicts: string
  ranked: string
}

const COUNTS = [
  { action: 'goal_saver', treatment: 'goal_saver_app', channel: 'app', offered: 900, accepted: 14 },
  { action: 'goal_saver', treatment: 'goal_saver_email', channel: 'email', offered: 4000, accepted: 6 },
  { action: 'money_checkup', treatment: 'money_checkup_app', channel: 'app', offered: 50, accepted: 21 },
]

function imagined(playbook: Playbook, seed: number): Inputs {
  const random = seededRandom(seed)
  const one = <T>(...of: T[]): T => of[Math.floor(random.next() * of.length)]!
  const maybe = <T>(share: number, value: () => T, otherwise: T): T => (random.next() < share ? value() : otherwise)
  const channel = one('app', 'app', 'email', 'sms', 'post')
  const base = caseInputs(
    playbook,
    {
      customer: {
        age_years: maybe<number | null>(0.95, () => Math.floor(random.next() * 95), null),
        products: one(
          [],
          ['everyday'],
          ['everyday'],
          ['everyday'],
          ['everyday'],
          ['everyday', 'goal_saver'],
          ['everyday', 'premium_card'],
        ),
        small_savings_90d: maybe<number | null>(0.8, () => Math.floor(random.next() * 10), null),
        surplus_month_minor: Math.floor(random.next() * 40_000) - 10_000,
        card_spend_month_minor: Math.floor(random.next() * 300_000),
        stress_signals: one(0, 0, 0, 1, 2, 3),
        pays_in_full: one(true, false, null),
        forecast_3_days_minor: maybe<number | null>(0.3, () => Math.floor(random.next() * 20_000) - 10_000, null),
        inArrears: random.next() < 0.05,
      },
      standings: maybe<string[]>(
        0.2,
        () => [one('complaint_open', 'support_need', 'arrears', 'deceased_notified')],
        [],
      ),
    },
    channel,
  )
  const nowMs = base.nowMs + Math.floor(random.next() * 200) * 3_600_000
  const touches: Touch[] = Array.from({ length: one(0, 0, 1, 3, 6) }, () => ({
    atMs: nowMs - Math.floor(random.next() * 120 * 86_400_000),
    direction: one('outbound', 'inbound') as Touch['direction'],
    channel: one('email', 'app', 'sms'),
    group: one('save', 'borrow'),
    action: one('goal_saver', 'premium_card'),
    class: 'marketing',
    state: one('sent', 'shown', 'refused', 'accepted', 'declined_for_good'),
    settledMs: null,
    outcomeKnown: random.next() < 0.5,
  })).sort((a, b) => a.atMs - b.atMs)
  return {
    ...base,
    nowMs,
    today: new Date(nowMs).toISOString().slice(0, 10),
    seed: Math.floor(random.next() * 2 ** 32),
    reason: one(null, 'complaint', 'browse'),
    asker: one('self', 'self', 'self', 'attorney', 'staff'),
    actionsMax: one(1, 2, 3),
    history: { own: touches, household: [] },
    consents: {
      ...base.consents,
      marketing: one([], ['email'], ['email', 'sms', 'post']),
      marketingObjected: random.next() < 0.1,
    },
    lateFeeds: maybe<string[]>(0.1, () => ['transactions'], []),
    stops: {
      ...base.stops,
      everything: random.next() < 0.02,
      actions: maybe<string[]>(0.05, () => ['goal_saver'], []),
    },
    arm: {
      experiment: 'global_control',
      period: '2026',
      arm: maybe<'control' | 'treated'>(0.1, () => 'control', 'treated'),
    },
  }
}

test('inputs come back from their stored form as they were, usual or not', async () => {
  const playbook = playbookOf(await smallPlaybook())
  for (let seed = 0; seed < 200; seed++) {
    const inputs = imagined(playbook, seed)
    expect(inputsOf(JSON.parse(inputsText(inputs, playbook.valuesOf)), playbook.attributes)).toEqual(inputs)
  }
})

describe(`golden decisions of engine ${ENGINE_VERSION}`, () => {
  test('every one of them comes out as it did when the engine was released, to the byte', async () => {
    const playbook = playbookOf(await smallPlaybook())
    const beliefs = beliefsOf(playbook.catalogue, COUNTS, playbook.arbitration.priorOffers)
    const made = (inputs: Inputs): Golden => {
      const decision = decide(playbook, beliefs, inputs)
      return {
        inputs: inputsText(inputs, playbook.valuesOf),
        verdicts: Buffer.from(decision.verdicts).toString('hex'),
        ranked: rankedText(decision),
      }
    }
    if (process.env.GOLDEN === 'write' && !existsSync(FILE)) {
      mkdirSync(new URL('.', `file://${FILE}`).pathname, { recursive: true })
      const lines = Array.from({ length: DECISIONS }, (_, seed) => JSON.stringify(made(imagined(playbook, seed))))
      writeFileSync(FILE, `${lines.join('\n')}\n`)
    }
    const golden = readFileSync(FILE, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Golden)
    expect(golden).toHaveLength(DECISIONS)
    for (const one of golden) {
      const inputs = inputsOf(JSON.parse(one.inputs) as Record<string, unknown>, playbook.attributes)
      const { verdicts, ranked } = made(inputs)
      expect({ verdicts, ranked }).toEqual({ verdicts: one.verdicts, ranked: one.ranked })
    }
    // Cases that all end alike would show nothing.
    const shown = golden.filter((one) => (JSON.parse(one.ranked) as { chosen: unknown[] }).chosen.length > 0)
    expect(shown.length).toBeGreaterThan(DECISIONS / 5)
    expect(new Set(golden.map((one) => one.verdicts)).size).toBeGreaterThan(60)
  })
})
