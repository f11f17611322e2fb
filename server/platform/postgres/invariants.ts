import type { Runtime } from '#platform/runtime'

/** A sentence that is true of the stores at any moment, and the query that returns a row for each breach of it. */
export interface Invariant {
  readonly id: string
  readonly sentence: string
  readonly store: 'postgres' | 'lake'
  readonly sql: string
}

/** What broke an invariant: at most 20 of the rows found. `error` when the query itself failed. */
export interface Breach {
  readonly id: string
  readonly sentence: string
  readonly found: readonly Record<string, unknown>[]
  readonly error?: string
}

const FOUND_MAX = 20

/** Runs each invariant's query; returns those that do not hold. A query that fails counts as a breach. */
export async function runInvariants(rt: Runtime, invariants: readonly Invariant[]): Promise<Breach[]> {
  const breaches: Breach[] = []
  for (const { id, sentence, store, sql } of invariants) {
    try {
      const limited = `select * from (${sql.trim().replace(/;$/, '')}) as breach limit ${FOUND_MAX}`
      const found =
        store === 'postgres'
          ? ((await rt.db.unsafe(limited)) as unknown as Record<string, unknown>[])
          : await rt.lake.query<Record<string, unknown>>(limited)
      if (found.length > 0) breaches.push({ id, sentence, found: [...found] })
    } catch (error) {
      breaches.push({ id, sentence, found: [], error: error instanceof Error ? error.message : String(error) })
    }
  }
  return breaches
}
