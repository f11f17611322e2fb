import type { Claim } from '#know/interactions'
import type { Runtime } from '#platform/runtime'
import type { DecisionRow } from './store.ts'

/** A decision that was made, with the contacts it claimed. */
export interface Decided {
  decision: DecisionRow
  claims: readonly Claim[]
}

type Hear = (rt: Runtime, decided: readonly Decided[]) => Promise<void>
// Who hears of decisions is further up, so it is registered at start.
let hear: Hear | undefined

/** Registers who is told of decisions, in the transaction that makes them: what it does commits with them. */
export const registerDecided = (listener: Hear): void => {
  hear = listener
}

export const tellDecided: Hear = async (rt, decided) => hear?.(rt, decided)
