import type { Runtime } from '#platform/runtime'

/** A sentence that is true of the stores at any moment, and the query that returns a row for each breach of it. */
export interface Invariant {
  readonly id: string
  readonly sentence: string
  readonly store: 'postgres' | 'lake'
  readonly sql: string
}

/** What an invariant's query found: no rows when it holds, at most 20 of those that break it. */
export interface Finding {
  readonly id: string
  readonly sentence: string
  readonly rows: readonly Record<string, unknown>[]
}

const ROWS_MAX = 20

/** Runs each invariant's query. One that fails does not hold: its row says why. */
export async function runInvariants(rt: Runtime, invariants: readonly Invariant[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { id, sentence, store, sql } of invariants)
    findings.push({ id, sentence, rows: await rowsOf(rt, store, sql) })
  return findings
}

async function rowsOf(rt: Runtime, store: Invariant['store'], sql: string): Promise<Record<string, unknown>[]> {
  const limited = `select * from (\n${sql.trim().replace(/;$/, '')}\n) as breach limit ${ROWS_MAX}`
  try {
    return store === 'postgres' ? [...(await rt.db.unsafe(limited))] : await rt.lake.query(limited)
  } catch (error) {
    return [{ failed: error instanceof Error ? error.message : String(error) }]
  }
}
