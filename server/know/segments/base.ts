import { todayOf } from '#know/customers'
import type { Lake } from '#platform/clickhouse'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf } from '#trust/playbook'
import type { BaseReply, BaseState } from './contract.ts'

const TIMEOUT_MS = 30_000

/** The last days of the latest months that are over, oldest first: one more than the months between them. */
export function monthEnds(today: string, months: number): string[] {
  const [year, month] = today.split('-').map(Number) as [number, number]
  return Array.from({ length: months + 1 }, (_, at) =>
    // The day before the first of a month.
    new Date(Date.UTC(year, month - 1 - (months - at), 0)).toISOString().slice(0, 10),
  )
}

/** The ends of the latest months at this moment, in the bank's zone; none before there is a bank. */
export async function baseEnds(rt: Runtime, months: number): Promise<string[]> {
  const revision = await activeRevision(rt)
  return revision.id === '' ? [] : monthEnds(await todayOf(rt, bankOf(revision).zone), months)
}

/**
 * How many products each customer owned at the end of each month, as flows from one month's end to the next: whoever
 * came, who holds more or less than before, who left. A holding without an opening date is not counted.
 */
export async function flowsBetween(
  lake: Lake,
  ends: readonly string[],
  signal?: AbortSignal,
): Promise<BaseReply['flows']> {
  const places = ends.map((_, at) => `{end${at}:Date32}`)
  const held = places.map(
    (end) => `countIf(opened_on <= ${end} and closed_on > ${end} and from_on <= ${end} and to_on > ${end})`,
  )
  return lake.query<{ at: number; from: BaseState; to: BaseState; customers: number }>(
    `select toUInt32(flow.1 - 1) as at, flow.2 as from, flow.3 as to, count() as customers
       from (
         select arrayJoin(arrayMap(i -> (i, states[i], states[i + 1]), range(1, ${ends.length}))) as flow
           from (
             select arrayMap(
                      (n, end) -> multiIf(n >= 4, 'four', n = 3, 'three', n = 2, 'two', n = 1, 'one', since <= end, 'left', 'none'),
                      held, [${places.join(', ')}]) as states
               from (select min(opened_on) as since, [${held.join(', ')}] as held
                       from know.holding_of where role = 'owner' group by customer_id)))
      where flow.2 != flow.3 or flow.2 not in ('none', 'left')
      group by flow
      order by at, from, to`,
    Object.fromEntries(ends.map((end, at) => [`end${at}`, end])),
    { timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) },
  )
}
