/** Whether an offer is no longer owed on the date; its last day is one on which it is. Without an offer nothing lapses. */
export const lapsed = (expiresOn: string | null, on: string): expiresOn is string =>
  expiresOn !== null && expiresOn < on

/** Who of those that must sign together has not agreed yet, smallest number first. */
export const awaited = (holders: readonly number[], agreed: readonly number[]): number[] =>
  holders.filter((holder) => !agreed.includes(holder)).sort((a, b) => a - b)
