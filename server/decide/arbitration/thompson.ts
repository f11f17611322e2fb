import { type Random, seededRandom } from '#platform/runtime'

/**
 * A draw from Beta(alpha, beta), both > 0, as X / (X + Y) of two gammas. In (0, 1); the same seed and place give the
 * same draw on every machine. Each candidate draws from its own stream, so that leaving one out changes no other.
 */
export function drawBeta(alpha: number, beta: number, seed: number, place: number): number {
  const random = seededRandom((seed ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0)
  const x = drawGamma(alpha, random)
  const y = drawGamma(beta, random)
  return x + y > 0 ? x / (x + y) : alpha / (alpha + beta)
}

/** Marsaglia & Tsang, "A simple method for generating gamma variables" (2000); for shape < 1 by their boost. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * positive(random) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    // Box & Muller: one normal per try is enough, nearly every try is taken.
    const normal = Math.sqrt(-2 * Math.log(positive(random))) * Math.cos(2 * Math.PI * random.next())
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(positive(random)) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Uniform in (0, 1]: a logarithm of it exists. */
const positive = (random: Random): number => 1 - random.next()
