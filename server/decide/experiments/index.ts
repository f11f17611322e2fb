import { localDate } from '#platform/clock'
import type { Runtime } from '#platform/runtime'
import { bankOf, type DocumentSet } from '#trust/playbook'
import { armOf, controlOf, periodOf, unitOf } from './arms.ts'
import * as store from './store.ts'

export { type Arm, armOf, controlOf, periodOf, unitOf } from './arms.ts'
export type { ExperimentDocument } from './contract.ts'
export { jobs } from './jobs.ts'
export { kinds } from './kinds.ts'
export { routes } from './routes.ts'
export { type AssignmentRow, insertAssignments, invariants } from './store.ts'

/** Draws an arm for everybody who has none in this period, and lets households of two arms leave the analysis. */
export async function assignAll(rt: Runtime, documents: DocumentSet): Promise<{ assigned: number; left: number }> {
  const experiment = controlOf(documents)
  if (!experiment) return { assigned: 0, left: 0 }
  const now = rt.clock.now()
  const period = periodOf(experiment, localDate(now, bankOf({ documents }).zone))
  const assigned = await store.assignEverybody(rt.db, experiment, period, now)
  return { assigned, left: await store.exitMixedHouseholds(rt.db, experiment.id, period, now) }
}

/** How many people are in each arm, and how many of them left the analysis. */
export const armCounts = (rt: Runtime) => store.armCounts(rt.db)

/** The assignment of a customer who has none stored yet. */
export function draw(
  experiment: NonNullable<ReturnType<typeof controlOf>>,
  customer: { customerId: number; householdId: number | null },
  today: string,
  now: Date,
): store.AssignmentRow {
  const period = periodOf(experiment, today)
  return {
    customerId: customer.customerId,
    experiment: experiment.id,
    period,
    householdId: customer.householdId,
    arm: armOf(experiment, period, unitOf(customer.customerId, customer.householdId)),
    assignedAt: now,
  }
}
