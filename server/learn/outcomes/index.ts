import { recordOutcome } from '#decide/arbitration'
import type { ProductDocument } from '#decide/propositions/contract'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf, documentsOf, type Revision } from '#trust/playbook'
import type { LiftLine, OutcomeDocument } from './contract.ts'
import { type ArmSums, liftOf } from './lift.ts'
import { acceptedAndKnown, countOutcome } from './store.ts'

export { jobs } from './jobs.ts'
export { checks, kinds } from './kinds.ts'
export { type Lift, liftOf } from './lift.ts'
export { routes } from './routes.ts'

/** The products that replace what an outcome measures, itself included. */
function familyOf(documents: Pick<Revision, 'documents'>, { measure }: OutcomeDocument): string[] {
  const ids =
    'holdingOpened' in measure ? measure.holdingOpened : 'holdingClosed' in measure ? measure.holdingClosed : []
  const products = documentsOf<ProductDocument>(documents, 'product')
  const families = new Set(products.filter(({ id }) => ids.includes(id)).map(({ family }) => family))
  return products.filter(({ family }) => families.has(family)).map(({ id }) => id)
}

const NOBODY: ArmSums = {
  households: 0,
  customers: 0,
  successes: 0,
  successesSquared: 0,
  successesByCustomers: 0,
  customersSquared: 0,
}

/**
 * What contact changed: a line for each action and outcome of the active playbook, over decisions of [from, to).
 * @param asked action: one action only; dates are business dates, by default all decisions ever made.
 */
export async function liftReport(
  rt: Runtime,
  asked: { action?: string; from?: string; to?: string },
): Promise<{ asOf: Date; lines: LiftLine[] }> {
  const revision = await activeRevision(rt)
  const now = rt.clock.now()
  const from = new Date(`${asked.from ?? '1900-01-01'}T00:00:00Z`)
  const to = asked.to ? new Date(`${asked.to}T00:00:00Z`) : new Date(now.getTime() + 1)
  const lines: LiftLine[] = []
  for (const outcome of documentsOf<OutcomeDocument>(revision, 'outcome'))
    for (const action of outcome.actions) {
      if (asked.action && asked.action !== action) continue
      const counted = await countOutcome(rt.db, {
        outcome,
        family: familyOf(revision, outcome),
        action,
        from,
        to,
        now,
        zone: bankOf(revision).zone,
      })
      const arm = (name: string) => counted.arms.find((row) => row.arm === name) ?? NOBODY
      lines.push({
        outcome: outcome.id,
        title: outcome.title,
        action,
        withinDays: outcome.withinDays,
        fewerIsBetter: outcome.fewerIsBetter ?? false,
        ...liftOf(arm('treated'), arm('control')),
        maturing: counted.maturing,
        takenOut: counted.takenOut,
        seen: counted.seen,
      })
    }
  return { asOf: now, lines }
}

const CONTACTS_PER_READ = 1000

/**
 * Tells decide/arbitration how acceptances ended: what was to follow did, or will not. Only then may the action be said
 * again to those who took it up. Answers how many of each; told again, it has no effect.
 */
export async function settleAccepted(
  rt: Runtime,
  signal?: AbortSignal,
): Promise<{ realised: number; unrealised: number }> {
  const revision = await activeRevision(rt)
  const { zone } = bankOf(revision)
  const settled = { realised: 0, unrealised: 0 }
  for (const outcome of documentsOf<OutcomeDocument>(revision, 'outcome'))
    for (const action of outcome.actions)
      for (;;) {
        signal?.throwIfAborted()
        const asked = {
          outcome,
          family: familyOf(revision, outcome),
          action,
          now: rt.clock.now(),
          zone,
          contactsMax: CONTACTS_PER_READ,
        }
        const found = await acceptedAndKnown(rt.db, asked)
        for (const { realised, ...contact } of found) {
          const kind = realised ? 'realised' : 'unrealised'
          await recordOutcome(rt, { ...contact, action, kind })
          settled[kind]++
        }
        if (found.length < CONTACTS_PER_READ) break
      }
  return settled
}
