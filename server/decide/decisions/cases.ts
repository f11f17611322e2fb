import { beliefsOf } from '#decide/arbitration'
import { NO_HISTORY } from '#decide/policies'
import { type ActionDocument, kinds as catalogueKinds } from '#decide/propositions'
import { type DatedStanding, EFFECT_OF, type StandingName } from '#know/customers'
import type { CaseResult, DocumentSet, Kind, Tools } from '#trust/playbook'
import type { ActionTrace } from './consider.ts'
import { decide } from './engine.ts'
import type { Inputs } from './inputs.ts'
import { type Playbook, playbookOf } from './playbook.ts'
import { reasonsOf } from './why.ts'

type Case = NonNullable<ActionDocument['cases']>[number]

/** A Wednesday at ten in the morning, no holiday in most of the world: cases are about the customer, not the hour. */
const CASE_MS = Date.parse('2026-03-04T10:00:00Z')
const CASE_DAY = '2026-03-04'

/** Somebody who agreed to everything and was never spoken to, with the facts of the case. */
export function caseInputs(
  playbook: Playbook,
  one: Pick<Case, 'customer' | 'context' | 'standings'>,
  channel: string,
): Inputs {
  const { products, inArrears, ...attributes } = one.customer as { products?: string[]; inArrears?: boolean }
  const known: Record<string, unknown> = {}
  // A playbook may have attributes of these names; a rule over them and the house's own rules must see the same customer.
  const given: Record<string, unknown> = {
    ...(products ? { products } : {}),
    ...(one.standings ? { standings: one.standings } : {}),
    ...attributes,
  }
  for (const id of playbook.attributes) known[id] = given[id] ?? null
  const age = known.age_years
  return {
    nowMs: CASE_MS,
    today: CASE_DAY,
    channel,
    placement: null,
    reason: (one.context?.reason as string | undefined) ?? null,
    asker: (one.context?.asker as Inputs['asker'] | undefined) ?? 'self',
    actionsMax: 1,
    only: null,
    context: one.context ?? {},
    seed: 1,
    kind: 'person',
    ageYears: typeof age === 'number' ? age : null,
    products: products ?? [],
    inArrears: inArrears ?? false,
    standings: (one.standings ?? []).map(
      (standing): DatedStanding => ({
        standing: standing as StandingName,
        effect: EFFECT_OF[standing as StandingName] ?? 'none',
        fromOn: '2026-03-01',
        toOn: null,
      }),
    ),
    attributes: known,
    consents: {
      marketing: ['email', 'sms', 'push', 'call', 'post'],
      marketingObjected: false,
      profilingObjected: false,
      paymentData: true,
      suppressed: [],
    },
    history: NO_HISTORY,
    lateFeeds: [],
    stops: { version: 0, everything: false, actions: [], templates: [], channels: [] },
    arm: null,
  }
}

const OWN = new Set(['products', 'inArrears'])

/** Runs one case of an action: whether its rules let the customer through, and the clause that did not. */
export function runCase(playbook: Playbook, action: string, one: Case): CaseResult {
  const expected = one.expect === 'excluded' && one.by ? `excluded by ${one.by}` : one.expect
  const unknown = Object.keys(one.customer).filter((name) => !OWN.has(name) && !playbook.attributes.includes(name))
  if (unknown.length > 0)
    return { name: one.title, passed: false, found: `no attribute ${unknown.join(', ')}`, expected }
  const channel = playbook.catalogue.actionById.get(action)?.treatments[0]?.channel.id
  if (channel === undefined) return { name: one.title, passed: false, found: 'no treatment to try it with', expected }
  const trace: ActionTrace[] = []
  const beliefs = beliefsOf(playbook.catalogue, [], playbook.arbitration.priorOffers)
  decide(playbook, beliefs, caseInputs(playbook, one, channel), trace)
  const traced = trace.find((other) => other.action === action)!
  const eligible = traced.reasons.length === 0 && traced.treatments.some(({ verdict }) => verdict === 'may_be_said')
  const by = eligible ? [] : reasonsOf(traced).map((reason) => reason.clause)
  const passed = one.expect === 'eligible' ? eligible : !eligible && (one.by === undefined || by.includes(one.by))
  return {
    name: one.title,
    passed,
    found: eligible ? 'eligible' : `excluded by ${[...new Set(by)].join(', ')}`,
    expected,
  }
}

// The kind is the catalogue's; what its cases mean is known only here, where all rules come together. Registered later,
// it takes the place of the one without cases.
const action = catalogueKinds.find(({ kind }) => kind === 'action')!
export const kinds: Kind[] = [
  {
    ...action,
    runCases: ((document: ActionDocument, documents: DocumentSet, tools: Tools) => {
      if (!document.cases?.length) return []
      const playbook = tools.once('decide/decisions:playbook', () => playbookOf({ id: '', documents }))
      return document.cases.map((one) => runCase(playbook, document.id, one))
    }) as unknown as NonNullable<Kind['runCases']>,
  },
]
