import * as arbitration from '#decide/arbitration'
import * as decisions from '#decide/decisions'
import * as experiments from '#decide/experiments'
import * as policies from '#decide/policies'
import * as propositions from '#decide/propositions'
import * as content from '#engage/content'
import * as inbound from '#engage/inbound'
import * as timeline from '#engage/timeline'
import * as webhooks from '#engage/webhooks'
import * as attributes from '#know/attributes'
import * as customers from '#know/customers'
import * as events from '#know/events'
import * as interactions from '#know/interactions'
import * as segments from '#know/segments'
import * as sources from '#know/sources'
import * as outcomes from '#learn/outcomes'
import * as pulse from '#learn/pulse'
import type { Route } from '#platform/http'
import type { Job } from '#platform/jobs'
import { invariants as outboxInvariants, type Subscription } from '#platform/outbox'
import type { Invariant } from '#platform/postgres'
import type { Family, Reading } from '#platform/telemetry'
import * as access from '#trust/access'
import * as audit from '#trust/audit'
import * as consents from '#trust/consents'
import * as playbook from '#trust/playbook'
import * as privacy from '#trust/privacy'
import * as stops from '#trust/stops'
import * as views from '#trust/views'
import { sdkRoutes } from './sdk.ts'
import { systemJobs, systemReadings, systemRoutes } from './system.ts'

/** What a module's door may hold for the whole: each part is optional. */
interface Module {
  readonly routes?: readonly Route[]
  readonly subscriptions?: readonly Subscription[]
  readonly jobs?: readonly Job[]
  readonly invariants?: readonly Invariant[]
  readonly families?: readonly Family[]
  readonly readings?: readonly Reading[]
  readonly kinds?: readonly playbook.Kind<never>[]
}

/** The whole system on one screen, in the order of its layers. */
const modules: Readonly<Record<string, Module>> = {
  // trust: who may do what, what the customer agreed to, what was changed by whom
  'trust/audit': audit,
  'trust/access': access,
  'trust/consents': consents,
  'trust/privacy': privacy,
  'trust/playbook': playbook,
  'trust/stops': stops,
  'trust/views': views,
  // know: who each customer is, what they hold, do and need
  'know/customers': customers,
  'know/sources': sources,
  'know/events': events,
  'know/attributes': attributes,
  'know/segments': segments,
  'know/interactions': interactions,
  // decide: the next best action
  'decide/propositions': propositions,
  'decide/policies': policies,
  'decide/arbitration': arbitration,
  'decide/experiments': experiments,
  'decide/decisions': decisions,
  // engage: through every channel
  'engage/content': content,
  'engage/inbound': inbound,
  'engage/timeline': timeline,
  'engage/webhooks': webhooks,
  // learn: from every contact
  'learn/outcomes': outcomes,
  'learn/pulse': pulse,
}

const parts = Object.values(modules)

export const routes: readonly Route[] = [
  ...systemRoutes(
    () => routes,
    () => readings,
  ),
  ...sdkRoutes,
  ...parts.flatMap((module) => module.routes ?? []),
]
export const subscriptions: readonly Subscription[] = parts.flatMap((module) => module.subscriptions ?? [])
export const jobs: readonly Job[] = [...systemJobs, ...parts.flatMap((module) => module.jobs ?? [])]
export const invariants: readonly Invariant[] = [
  ...outboxInvariants,
  ...parts.flatMap((module) => module.invariants ?? []),
]
/** What modules count as it happens, and what they let be read when somebody asks. */
export const families: readonly Family[] = parts.flatMap((module) => module.families ?? [])
export const readings: readonly Reading[] = [...systemReadings, ...parts.flatMap((module) => module.readings ?? [])]
export const kinds: readonly playbook.Kind<never>[] = parts.flatMap((module) => module.kinds ?? [])

/** What a lower module needs to know of a higher one: told at start, since nobody may import upwards. Idempotent. */
export function wire(): void {
  access.registerUnits(customers.unitsOf)
  access.registerSeals(customers.sealedByStanding)
  consents.onSuppression((rt, medium, address) => customers.customersAt(rt, medium, address))
  consents.registerEnds(customers.eighteenthBirthdays)
  playbook.registerKinds(...kinds)
  playbook.registerChecks(...content.checks, ...outcomes.checks)
  playbook.onPrepare('attributes', attributes.prepareAttributes)
  playbook.onPrepare('figures', segments.prepareFigures)
  decisions.registerDecided(webhooks.tellDecided)
  playbook.onEffect('next best actions', decisions.effectOf)
}
