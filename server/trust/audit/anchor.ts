/** The text an anchor's signature covers: when, after which anchor, and the head of every chain. */
export const anchorText = (
  at: Date,
  signatureBefore: string,
  heads: readonly (readonly [number, number, string])[],
): string => JSON.stringify([at.toISOString(), signatureBefore, heads])
