/** Two-sided 95 % point of the standard normal distribution. */
const Z95 = 1.959963984540054

/**
 * The 95 % interval of a share, `of` out of `total` (Wilson 1927): it stays within 0 and 1 and holds for small counts.
 * Null without anybody.
 */
export function shareInterval(of: number, total: number): [number, number] | null {
  if (total <= 0) return null
  const share = of / total
  const z2 = Z95 * Z95
  const centre = (share + z2 / (2 * total)) / (1 + z2 / total)
  const half = (Z95 / (1 + z2 / total)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total))
  return [Math.max(0, Math.min(share, centre - half)), Math.min(1, Math.max(share, centre + half))]
}
