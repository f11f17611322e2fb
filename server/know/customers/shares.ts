/** One person's part in a holding: who, and the share in basis points of 10,000. */
export interface OwnedPart {
  customerId: number
  shareBp: number
}

/**
 * Parts an amount among its owners so that the parts add up to it exactly: each gets its share rounded down, and the
 * units left over go one by one to the owners in order. A joint account thus counts once in the bank's totals.
 * @param amountMinor minor units, may be negative.
 * @param parts shares adding up to at most 10,000; what they leave belongs to nobody here.
 */
export function partsOf(amountMinor: number, parts: readonly OwnedPart[]): Map<number, number> {
  const total = parts.reduce((sum, part) => sum + part.shareBp, 0)
  const sign = amountMinor < 0 ? -1n : 1n
  const size = BigInt(Math.abs(amountMinor))
  const shared = (size * BigInt(total)) / 10_000n
  const cut = parts.map((part) => (size * BigInt(part.shareBp)) / 10_000n)
  let left = shared - cut.reduce((sum, part) => sum + part, 0n)
  const found = new Map<number, number>()
  parts.forEach((part, at) => {
    const one = left > 0n && part.shareBp > 0 ? 1n : 0n
    left -= one
    found.set(part.customerId, (found.get(part.customerId) ?? 0) + Number(sign * (cut[at]! + one)))
  })
  return found
}

/** Equal shares in basis points for so many owners, adding up to 10,000: the first owners get the odd points. */
export function equalSharesBp(owners: number): number[] {
  const each = Math.floor(10_000 / owners)
  return Array.from({ length: owners }, (_, at) => each + (at < 10_000 - each * owners ? 1 : 0))
}
