/**
 * The demo bank's only source of chance. Every stream is named by numbers (seed, block, account, month …), so that what
 * a stream says never depends on which other streams were read, in which order, or by which process.
 */
export interface Chance {
  state: number
}

/** Mixes whole numbers into 32 well-spread bits (the finaliser of MurmurHash3, by A. Appleby, public domain). */
export function mix(a: number, b = 0, c = 0, d = 0): number {
  let hash = 0x9e3779b9
  hash = step(hash, a)
  hash = step(hash, b)
  hash = step(hash, c)
  hash = step(hash, d)
  return hash >>> 0
}

function step(hash: number, value: number): number {
  let bits = Math.imul(hash ^ value, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) + 0x9e3779b9
}

/** A stream of chance of its own for these numbers. */
export const chance = (a: number, b = 0, c = 0, d = 0): Chance => ({ state: mix(a, b, c, d) })

/** 32 random bits (Mulberry32, by T. Ettinger, public domain). */
export function bits(from: Chance): number {
  const state = (from.state + 0x6d2b79f5) | 0
  from.state = state
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return (mixed ^ (mixed >>> 14)) >>> 0
}

/** Uniform in [0, 1). */
export const uniform = (from: Chance): number => bits(from) / 4294967296

/** A whole number from..to, both included. */
export const whole = (from: Chance, low: number, high: number): number =>
  low + Math.floor(uniform(from) * (high - low + 1))

/** True with this probability. */
export const happens = (from: Chance, probability: number): boolean => uniform(from) < probability

/** A standard normal draw (Box and Muller). */
export const normal = (from: Chance): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(from))) * Math.cos(2 * Math.PI * uniform(from))

/** How many times a rare thing happens when it is expected `mean` times (Knuth; for means below about 20). */
export function poisson(from: Chance, mean: number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = uniform(from); product > limit; product *= uniform(from)) count++
  return count
}

/** One of the list, each as likely. */
export const oneOf = <T>(from: Chance, list: readonly T[]): T => list[Math.floor(uniform(from) * list.length)]!

/** Running sums, for `place`. */
export function cumulative(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map((weight) => {
    sum += weight
    return sum
  })
}

/** The place in cumulative weights (last = total) into which a uniform draw falls. */
export function place(from: Chance, cumulative: Float64Array | readonly number[]): number {
  const at = uniform(from) * cumulative[cumulative.length - 1]!
  let index = 0
  while (cumulative[index]! <= at) index++
  return index
}

/**
 * Exactly `count` of the candidates (all, when there are fewer), each with a chance that grows with its weight; a weight
 * of 0 is never taken (Efraimidis and Spirakis 2006: smallest exponential keys).
 */
export function choose<T>(from: Chance, candidates: readonly T[], count: number, weight: (one: T) => number): T[] {
  const keyed: { one: T; key: number }[] = []
  for (const one of candidates) {
    const heavy = weight(one)
    const draw = -Math.log(1 - uniform(from))
    if (heavy > 0) keyed.push({ one, key: draw / heavy })
  }
  keyed.sort((a, b) => a.key - b.key)
  return keyed.slice(0, count).map((pair) => pair.one)
}

/** The list in a random order (Fisher and Yates). */
export function shuffled<T>(from: Chance, list: readonly T[]): T[] {
  const order = [...list]
  for (let last = order.length - 1; last > 0; last--) {
    const other = whole(from, 0, last)
    const held = order[last]!
    order[last] = order[other]!
    order[other] = held
  }
  return order
}

/**
 * The standard normal quantile (P. Acklam's rational approximation, relative error below 1.2e-9), for 0 < p < 1: draws
 * spread evenly over a distribution give a small bank the same mean as a large one.
 */
export function quantile(p: number): number {
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)))
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  const r = q * q
  const top =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239
  const bottom =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1
  return (top * q) / bottom
}

function tail(q: number): number {
  const top =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
    2.938163982698783
  const bottom =
    (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1
  return top / bottom
}

/**
 * `count` amounts with exactly this mean, log-normal around it, in a random order: one from each of `count` equal slices
 * of the distribution, scaled to the mean.
 */
export function spread(from: Chance, count: number, mean: number, sigma: number): number[] {
  const amounts: number[] = []
  let sum = 0
  for (let slice = 0; slice < count; slice++) {
    const amount = Math.exp(sigma * quantile((slice + 0.05 + 0.9 * uniform(from)) / count))
    amounts.push(amount)
    sum += amount
  }
  return shuffled(
    from,
    amounts.map((amount) => (amount * mean * count) / sum),
  )
}
