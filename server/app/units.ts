import type { Runtime } from '#platform/runtime'
import type { Units } from '#trust/access'

/** Where customers belong in the bank; those that are not there are absent. */
export async function unitsOf(rt: Runtime, customerIds: readonly number[]): Promise<Map<number, Units>> {
  const rows = await rt.db<(Units & { customerId: number })[]>`
    select c.customer_id as "customerId", c.branch_code as "branchCode", c.team_code as "teamCode", c.portfolio_code as "portfolioCode"
      from know.customer c
     where c.customer_id = any(${customerIds as number[]}::bigint[])`
  return new Map(rows.map((row) => [row.customerId, row]))
}
