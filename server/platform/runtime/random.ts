import { randomInt } from 'node:crypto'

/** The only source of chance. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** A seed 0..2³²−1, to be stored beside what it decided. */
  seed(): number
}

export const systemRandom: Random = {
  next: () => Math.random(),
  seed: () => randomInt(2 ** 32),
}

/** Mulberry32 (T. Ettinger, public domain): the same sequence for the same 32-bit seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const bits = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  return { next: () => bits() / 2 ** 32, seed: bits }
}
