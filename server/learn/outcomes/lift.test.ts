import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ArmSums, armRate, liftOf } from './lift.ts'

/** The sums of an arm from its households' [customers, successes]. */
function sumsOf(households: readonly (readonly [number, number])[]): ArmSums {
  const sum = (f: (n: number, y: number) => number) => households.reduce((total, [n, y]) => total + f(n, y), 0)
  return {
    households: households.length,
    customers: sum((n) => n),
    successes: sum((_, y) => y),
    successesSquared: sum((_, y) => y * y),
    successesByCustomers: sum((n, y) => y * n),
    customersSquared: sum((n) => n * n),
  }
}

const singles = (customers: number, successes: number) =>
  sumsOf(Array.from({ length: customers }, (_, i) => [1, i < successes ? 1 : 0] as const))

describe('lift: what contact changed, treated against control', () => {
  test('1.1 % of 100,000 treated against 0.6 % of 3,000 control is half a point, and proven', () => {
    const found = liftOf(singles(100_000, 1_100), singles(3_000, 18))
    expect(found.lift).toBeCloseTo(0.005, 10)
    expect(found.interval![0]).toBeGreaterThan(0)
    expect(found.proven).toBe(true)
  })

  test('the same rates in a tenth of the customers prove nothing', () => {
    expect(liftOf(singles(10_000, 110), singles(300, 2)).proven).toBe(false)
  })

  test('for people who live alone the error is that of a plain proportion', () => {
    const { standardError } = armRate(singles(1_000, 100))
    expect(standardError!).toBeCloseTo(Math.sqrt((0.1 * 0.9) / 999), 10)
  })

  test('couples who always do the same carry half the evidence', () => {
    const alone = armRate(singles(1_000, 100)).standardError!
    const couples = sumsOf(Array.from({ length: 500 }, (_, i) => [2, i < 50 ? 2 : 0] as const))
    expect(armRate(couples).standardError! / alone).toBeCloseTo(Math.SQRT2, 2)
  })

  test('an empty arm has no rate and no lift, not a rate of zero', () => {
    const found = liftOf(singles(10, 1), singles(0, 0))
    expect(found.control.rate).toBeNull()
    expect(found.lift).toBeNull()
    expect(found.interval).toBeNull()
  })

  test('nobody with the outcome on either side is a lift of zero that proves nothing', () => {
    const found = liftOf(singles(50, 0), singles(50, 0))
    expect(found.lift).toBe(0)
    expect(found.proven).toBe(false)
  })

  test('five customers who did nothing prove nothing, however many of the others did', () => {
    const { interval, proven } = liftOf(singles(100, 12), singles(5, 0))
    expect(proven).toBe(false)
    expect(interval![0]).toBeLessThan(-0.1)
    // Three thousand who did nothing do.
    expect(liftOf(singles(100, 12), singles(3_000, 0)).proven).toBe(true)
  })

  test('the interval covers the true difference in about 95 of 100 repetitions', () => {
    let covered = 0
    let state = 7
    const draw = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const arm = (households: number, rate: number) =>
      sumsOf(
        Array.from({ length: households }, () => {
          const customers = draw() < 0.4 ? 2 : 1
          // Half of the couples decide together, so their outcomes go together.
          const together = draw() < 0.5
          const first = draw() < rate ? 1 : 0
          const second = customers === 2 ? (together ? first : draw() < rate ? 1 : 0) : 0
          return [customers, first + second] as const
        }),
      )
    const repetitions = 600
    for (let i = 0; i < repetitions; i++) {
      const [low, high] = liftOf(arm(2_000, 0.12), arm(700, 0.09)).interval!
      if (low <= 0.03 && 0.03 <= high) covered++
    }
    expect(covered / repetitions).toBeGreaterThan(0.92)
    expect(covered / repetitions).toBeLessThan(0.98)
  })

  test('lift is always within its interval, and swapping the arms turns its sign', () => {
    const household = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 }))
      .map(([n, y]) => [n, Math.min(n, y)] as const)
    const anArm = fc.array(household, { minLength: 2, maxLength: 40 }).map(sumsOf)
    fc.assert(
      fc.property(anArm, anArm, (a, b) => {
        const found = liftOf(a, b)
        const swapped = liftOf(b, a)
        expect(found.interval![0]).toBeLessThanOrEqual(found.lift!)
        expect(found.interval![1]).toBeGreaterThanOrEqual(found.lift!)
        expect(swapped.lift!).toBeCloseTo(-found.lift!, 12)
      }),
    )
  })
})
