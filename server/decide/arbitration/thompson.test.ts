import { describe, expect, test } from 'vitest'
import { seededRandom } from '#platform/runtime'
import { exp, ln } from './exact.ts'
import { drawBeta } from './thompson.ts'

describe('draws that can be repeated', () => {
  test('logarithm and exponential are right to the last few bits', () => {
    const random = seededRandom(4)
    for (let n = 0; n < 20_000; n++) {
      const x = random.next() * 10 ** (random.next() * 30 - 15) + Number.MIN_VALUE * 2 ** 60
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))))
      const y = random.next() * 200 - 100
      expect(Math.abs(exp(y) / Math.exp(y) - 1)).toBeLessThan(4e-15)
    }
    expect(exp(-1000)).toBe(0)
  })
  test('these bits are the same on every machine and every release', () => {
    expect([ln(0.1), ln(2), exp(1), exp(-0.3), drawBeta(2, 198, 7, 0), drawBeta(0.36, 199.6, 8, 3)].map(hex)).toEqual([
      'c0026bb1bbb55515',
      '3fe62e42fefa39ef',
      '4005bf0a8b14576a',
      '3fe7b4c869c37c05',
      '3f84bf7881757a9c',
      '3f5df3612e7f6625',
    ])
  })
  test.each([
    [2, 198],
    [0.36, 199.6],
    [60, 40],
    [1, 1],
  ])('Beta(%d, %d) has its mean and its variance', (alpha, beta) => {
    const draws = Array.from({ length: 40_000 }, (_, seed) => drawBeta(alpha, beta, seed * 2_654_435 + 1, seed % 7))
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
    const total = alpha + beta
    const wanted = (alpha * beta) / (total * total * (total + 1))
    expect(Math.abs(mean - alpha / total)).toBeLessThan(4 * Math.sqrt(wanted / draws.length))
    expect(variance / wanted).toBeGreaterThan(0.93)
    expect(variance / wanted).toBeLessThan(1.07)
  })
  test('each candidate draws for itself', () => {
    expect(drawBeta(2, 98, 5, 1)).not.toBe(drawBeta(2, 98, 5, 2))
    expect(drawBeta(2, 98, 5, 1)).toBe(drawBeta(2, 98, 5, 1))
  })
})

const hex = (x: number): string => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, x)
  return bits.getBigUint64(0).toString(16)
}
