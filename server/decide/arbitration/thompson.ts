import { type Random, seededRandom } from '#platform/runtime'
import { exp, ln } from './exact.ts'

/**
 * A draw from Beta(alpha, beta), both > 0, as X / (X + Y) of two gammas. In (0, 1); the same seed and place give the
 * same bits on every machine. Each candidate draws from its own stream, so that leaving one out changes no other.
 */
export function drawBeta(alpha: number, beta: number, seed: number, place: number): number {
  const random = seededRandom((seed ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0)
  const x = drawGamma(alpha, random)
  const y = drawGamma(beta, random)
  return x + y > 0 ? x / (x + y) : alpha / (alpha + beta)
}

/** Marsaglia & Tsang, "A simple method for generating gamma variables" (2000); for shape < 1 by their boost. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * exp(ln(positive(random)) / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = drawNormal(random)
    const root = 1 + c * normal
    const v = root * root * root
    if (v > 0 && ln(positive(random)) < 0.5 * normal * normal + d - d * v + d * ln(v)) return d * v
  }
}

/** Marsaglia's polar method: a normal from two uniforms with a logarithm and a root, and no cosine. */
function drawNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.next() - 1
    const y = 2 * random.next() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square)
  }
}

/** Uniform in (0, 1]: a logarithm of it exists. */
const positive = (random: Random): number => 1 - random.next()
