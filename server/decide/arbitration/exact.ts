// A decision must be replayed to the byte years later, on another machine and another release of Node. Addition,
// multiplication, division and square root are the same everywhere (IEEE 754 demands it); Math.log, Math.exp and ** are
// not, and have changed their last bit between releases of V8. So these two are made of the former only.

const bits = new DataView(new ArrayBuffer(8))
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** Natural logarithm of x > 0 (normal numbers), within 2 units in the last place; the same bits on every machine. */
export function ln(x: number): number {
  bits.setFloat64(0, x)
  const high = bits.getUint32(0)
  let exponent = (high >>> 20) - 1023
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000)
  let mantissa = bits.getFloat64(0)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  // ln m = 2 artanh((m − 1) / (m + 1)); |s| ≤ 0.1716, so eleven terms reach 1e-17.
  const s = (mantissa - 1) / (mantissa + 1)
  const s2 = s * s
  let sum = 0
  for (let n = 21; n >= 3; n -= 2) sum = (sum + 1 / n) * s2
  return exponent * LN2_HIGH + (2 * s + (2 * s * sum + exponent * LN2_LOW))
}

/** e to the x for −700 ≤ x ≤ 700, within 2 units in the last place; below that 0. The same bits on every machine. */
export function exp(x: number): number {
  if (x < -700) return 0
  const n = Math.round(x / (LN2_HIGH + LN2_LOW))
  const rest = x - n * LN2_HIGH - n * LN2_LOW
  let sum = 1
  for (let term = 17; term >= 1; term--) sum = 1 + (sum * rest) / term
  bits.setUint32(0, (n + 1023) << 20)
  bits.setUint32(4, 0)
  return sum * bits.getFloat64(0)
}
