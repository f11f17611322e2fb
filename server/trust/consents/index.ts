import type { Db } from '#platform/postgres'
import { type Consents, type Current, consentsOf } from './decide.ts'
import { readConsents } from './store.ts'

export type { Channel, Evidence, Outbound, Purpose, State } from './contract.ts'
export { type Consents, consentsOf } from './decide.ts'

/**
 * What each of these customers agrees to now, in one statement; every customer asked for has an answer, and one of
 * whom nothing is known has the closed one. Never cached: a decision asks each time.
 */
export async function consentsFor(db: Db, customerIds: readonly number[]): Promise<Map<number, Consents>> {
  const rowsOf = new Map<number, Current[]>(customerIds.map((id) => [id, []]))
  for (const row of await readConsents(db, customerIds)) rowsOf.get(row.customerId)!.push(row)
  return new Map([...rowsOf].map(([id, rows]) => [id, consentsOf(rows)]))
}
