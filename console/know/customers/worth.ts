import type { Static } from 'typebox'
import type { PreviewReply } from '#decide/decisions/contract'
import type { FactsReply } from '#know/attributes/contract'
import type { CustomerView, HoldingView } from '#know/customers/contract'

/** A holding's part of a total, in the customer's share of it. */
export interface Part {
  readonly holding: HoldingView
  readonly minor: number
}
export interface Total {
  readonly currency: string
  readonly minor: number
  readonly parts: readonly Part[]
}

/** What is theirs of a holding: an owner's share of its balance; a user, guardian or guarantor owns nothing of it. */
const partOf = (holding: HoldingView): Part => ({
  holding,
  minor: Math.round(((holding.balanceMinor ?? 0) * holding.shareBp) / 10_000),
})

/**
 * What a customer keeps with the bank and what they owe it, each currency by itself, the largest first: amounts of two
 * currencies are never added up.
 */
export function totalsOf(holdings: readonly HoldingView[]): { kept: Total[]; owed: Total[] } {
  const parts = holdings.filter(({ role, status }) => role === 'owner' && status === 'open').map(partOf)
  const total = (of: (part: Part) => boolean): Total[] =>
    [...Map.groupBy(parts.filter(of), ({ holding }) => holding.currency)]
      .map(([currency, own]) => ({ currency, minor: own.reduce((sum, { minor }) => sum + minor, 0), parts: own }))
      .sort((a, b) => Math.abs(b.minor) - Math.abs(a.minor))
  return { kept: total(({ minor }) => minor > 0), owed: total(({ minor }) => minor < 0) }
}

type Fact = Static<typeof FactsReply>['described'][number]
type Considered = Static<typeof PreviewReply>['considered'][number]

/** The parts of the score with which an action would be said: those of its best treatment here. */
export const partsOf = (considered: readonly Considered[], action: string) =>
  considered
    .find((one) => one.action === action)
    ?.treatments.filter(({ verdict, score }) => verdict === 'may_be_said' && score !== undefined)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0]?.parts

/** Something that happened to the customer or will, as a fact with its day. */
export interface Happening {
  readonly fact: Fact
  readonly on: string
}

const DAY_MS = 86_400_000
const BEHIND_DAYS = 120
const AHEAD_DAYS = 366
const daysApart = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

/** What is going on: dated facts of the last four months and the next year, the nearest to `today` first. */
export const happeningsOf = (facts: readonly Fact[], today: string): Happening[] =>
  facts
    .filter(({ type, value }) => type === 'date' && typeof value === 'string')
    .map((fact) => ({ fact, on: fact.value as string, days: daysApart(today, fact.value as string) }))
    .filter(({ days }) => days >= -BEHIND_DAYS && days <= AHEAD_DAYS)
    .sort((a, b) => Math.abs(a.days) - Math.abs(b.days))

const SEEN_MAX = 8

/** What events told that has no date of its own: children, log-ins, flights, scores. Nought and no are no news. */
export const seenOf = (facts: readonly Fact[]): Fact[] =>
  facts
    .filter(
      ({ source, type, value }) => source === 'events' && type !== 'date' && type !== 'timestamp' && Boolean(value),
    )
    .filter(({ value }) => !Array.isArray(value) || value.length > 0)
    .slice(0, SEEN_MAX)

/** A thing worth asking: what the bank has not heard, and what it would decide on. */
export interface Question {
  readonly fact: Fact
  readonly actions: readonly string[]
}

/**
 * What to ask: facts that only the customer tells (they come as events), that are not known, and for want of which alone
 * an offer does not apply. Nobody who may not be offered things,
 * or who objected to being profiled, is asked for the sake of an offer.
 */
export function questionsOf(
  considered: readonly Considered[],
  facts: readonly Fact[],
  { effects, profilingObjected }: { effects: CustomerView['effects']; profilingObjected: boolean },
  max = 3,
): Question[] {
  if (effects.stopAll || effects.serviceOnly || effects.careOnly || profilingObjected) return []
  const told = new Map(
    facts.filter(({ source, absent }) => source === 'events' && absent).map((fact) => [fact.id, fact]),
  )
  const questions = new Map<string, Set<string>>()
  for (const { title, reasons, treatments } of considered) {
    if (reasons.length === 0 || !treatments.some(({ class: of }) => of === 'marketing')) continue
    if (!reasons.every(({ found, stage }) => found.includes('= absent') && stage !== 'policy')) continue
    for (const { found } of reasons)
      for (const [, id] of found.matchAll(/customer\.(\w+) = absent/g))
        if (told.has(id!)) questions.set(id!, (questions.get(id!) ?? new Set()).add(title))
  }
  return [...questions]
    .map(([id, actions]) => ({ fact: told.get(id)!, actions: [...actions] }))
    .sort((a, b) => b.actions.length - a.actions.length)
    .slice(0, max)
}
