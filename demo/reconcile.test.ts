import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { RESULT } from './bank.ts'
import { dayOf } from './days.ts'
import { lifetimeValue, printed, trialBalance } from './reconcile.ts'

const bank = { seed: 7, today: dayOf('2026-03-02'), years: 2 }
const broken = (size: number, seed = 7): string => {
  const lines = trialBalance({ ...bank, seed, size }).filter((line) => !line.holds)
  return lines.length === 0 ? '' : printed(lines)
}

describe('the bank’s figures reconcile', () => {
  test('at 20,000 customers every line of the trial balance holds', () => assert.equal(broken(20_000), ''))
  test('at 100,000 customers every line of the trial balance holds', () => assert.equal(broken(100_000), ''))
  test('with another seed as well', () => assert.equal(broken(20_000, 11), ''))
  test('and on another day', () => {
    const lines = trialBalance({ seed: 7, size: 10_000, years: 2, today: dayOf('2028-02-29') })
    assert.deepEqual(
      lines.filter((line) => !line.holds && !line.line.startsWith('event')),
      [],
    )
  })
  test('a core customer’s €326 a year at 4.5 % attrition and 9 % discount is worth about €2,307', () => {
    assert.ok(Math.abs(lifetimeValue(RESULT.coreEach, RESULT.coreAttrition, RESULT.discount) - 2307) < 2)
    assert.ok(Math.abs(lifetimeValue(RESULT.activeEach, RESULT.activeAttrition, RESULT.discount) - 614) < 2)
    const equity = (420_000 * 2307 + 360_000 * 614) / 1e6
    assert.equal(Math.round(equity / 10) * 10, RESULT.customerEquity)
  })
})
