import type { ShownAction } from '#engage/inbound/contract'
import type { CustomerView } from '#know/customers/contract'
import type { Preview } from './asking.ts'

export const ANSWERS = ['accept', 'not_now', 'refuse', 'never', 'impression'] as const
export type Answer = (typeof ANSWERS)[number]

/** Somebody who acts for the customer, and as what. */
export interface Actor {
  readonly customerId: number
  readonly name: string | null
  readonly role: 'guardian' | 'attorney' | 'executor'
}

/** One thing being said to the customer: claimed, with its words and figures frozen. */
export interface Held {
  readonly shown: ShownAction
  readonly title: string
  /** When it was claimed. */
  readonly at: Date
}

/** What the customer answered to one thing, as it stands now. */
export interface Told {
  readonly held: Held
  readonly answer: Answer
  /** Holders who must agree too before a yes counts. */
  readonly awaiting: boolean
}

/** Who acts for the customer on any of their own holdings, each once; not who acts with them for a child. */
export function actorsOf({ holdings }: CustomerView): Actor[] {
  const found = new Map<string, Actor>()
  for (const { others } of holdings.filter((one) => one.role === 'owner'))
    for (const { customerId, name, role, authority } of others)
      if ((role === 'guardian' || role === 'attorney' || role === 'executor') && authority !== 'none')
        found.set(`${role} ${customerId}`, { customerId, name, role })
  return [...found.values()]
}

/** Until when an answered action rests, by what the decision now says against it; null: until an outcome is known. */
export function restOf({ considered }: Preview, action: string): { until: Date | null } | undefined {
  const reasons = considered.find((one) => one.action === action)?.treatments.flatMap((one) => one.reasons) ?? []
  const rests = reasons.filter(({ stage }) => stage === 'rest')
  if (rests.length === 0) return undefined
  const untils = rests.map(({ found }) => Date.parse(found.replace('rests until ', ''))).filter(Number.isFinite)
  return { until: untils.length < rests.length ? null : new Date(Math.max(...untils)) }
}
