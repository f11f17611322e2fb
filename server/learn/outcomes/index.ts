import { recordOutcome } from '#decide/arbitration'
import type { ProductDocument } from '#decide/propositions/contract'
import { membersOf } from '#know/segments'
import { addDays, localDate } from '#platform/clock'
import { invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { activeRevision, bankOf, documentsOf, type Revision } from '#trust/playbook'
import type { LiftLine, OutcomeDocument, SeriesQuery } from './contract.ts'
import { type ArmSums, liftOf } from './lift.ts'
import { periodsOf } from './periods.ts'
import { acceptedAndKnown, countOutcome } from './store.ts'

export { acceptanceBy } from './acceptance/index.ts'
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

export interface LiftAsked {
  action?: string | undefined
  from?: string | undefined
  to?: string | undefined
  channel?: string | undefined
  segment?: string | undefined
}

/** Whose outcomes are read for a segment; more would not tell more, and take long. */
const MEMBERS_MAX = 500_000

async function everyMember(rt: Runtime, segment: string): Promise<number[]> {
  const { customerIds, next } = await membersOf(rt, segment, { membersMax: MEMBERS_MAX })
  if (next === null) return customerIds
  throw invalid(
    'segment_too_large',
    { segment, membersMax: MEMBERS_MAX },
    'The segment has more members than an analysis by segment takes.',
    'Ask without the segment, or for a smaller one.',
  )
}

const PERIODS_MAX = 60

/** The lift of one action period by period: the same line for the decisions of each week or month. Errors: `period_too_long`. */
export async function liftSeries(
  rt: Runtime,
  asked: SeriesQuery,
): Promise<{ asOf: Date; lines: (LiftLine & { from: string; to: string })[] }> {
  const { zone } = bankOf(await activeRevision(rt))
  const asOf = rt.clock.now()
  const until = asked.to ?? addDays(localDate(asOf, zone), 1)
  const since = asked.from ?? addDays(until, asked.by === 'week' ? -84 : -365)
  const periods = periodsOf(asked.by, since, until, PERIODS_MAX)
  if (periods.length > PERIODS_MAX)
    throw invalid(
      'period_too_long',
      { periods: periods.length, periodsMax: PERIODS_MAX },
      'That is too many periods.',
      'Ask for a shorter time.',
    )
  const lines: (LiftLine & { from: string; to: string })[] = []
  for (const { from, to } of periods) {
    const report = await liftReport(rt, {
      action: asked.action,
      channel: asked.channel,
      segment: asked.segment,
      from,
      to,
    })
    lines.push(...report.lines.map((line) => ({ ...line, from, to })))
  }
  return { asOf, lines }
}

/**
 * What contact changed: a line for each action and outcome of the active playbook, over decisions of [from, to).
 * @param asked action: one action only; dates are business dates, by default all decisions ever made; channel: decisions
 * made there; segment: customers who are in it now.
 */
export async function liftReport(rt: Runtime, asked: LiftAsked): Promise<{ asOf: Date; lines: LiftLine[] }> {
  const revision = await activeRevision(rt)
  const customerIds = asked.segment === undefined ? undefined : await everyMember(rt, asked.segment)
  const now = rt.clock.now()
  const from = new Date(`${asked.from ?? '1900-01-01'}T00:00:00Z`)
  const to = asked.to ? new Date(`${asked.to}T00:00:00Z`) : new Date(now.getTime() + 1)
  const titles = new Map(
    documentsOf<{ id: string; title: string }>(revision, 'action').map(({ id, title }) => [id, title]),
  )
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
        channel: asked.channel,
        customerIds,
      })
      const arm = (name: string) => counted.arms.find((row) => row.arm === name) ?? NOBODY
      const soFar = (name: string) => {
        const { customers = 0, successes = 0 } = counted.soFar.find((row) => row.arm === name) ?? {}
        return { customers, successes }
      }
      lines.push({
        outcome: outcome.id,
        title: outcome.title,
        action,
        actionTitle: titles.get(action) ?? action,
        withinDays: outcome.withinDays,
        fewerIsBetter: outcome.fewerIsBetter ?? false,
        ...liftOf(arm('treated'), arm('control')),
        maturing: counted.maturing,
        soFar: { treated: soFar('treated'), control: soFar('control') },
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
