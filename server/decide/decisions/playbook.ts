import { type Arbitration, arbitrationOf } from '#decide/arbitration'
import { controlOf, type ExperimentDocument } from '#decide/experiments'
import {
  type ContactPolicyDocument,
  type ContactRules,
  contactRulesOf,
  type Policies,
  policiesOf,
  type Qualification,
  qualificationOf,
} from '#decide/policies'
import { type Catalogue, catalogueOf, playbookEnvironment, type Treatment } from '#decide/propositions'
import { valuesOf } from '#platform/expressions'
import { type Bank, bankOf, compiled, documentsOf, type Revision } from '#trust/playbook'

/** A revision as decisions walk through it, made once and kept with it. */
export interface Playbook {
  readonly revision: string
  readonly bank: Bank
  readonly catalogue: Catalogue
  readonly policies: Policies
  /** The same policies as an index over attributes. */
  readonly qualification: Qualification
  readonly contact: ContactRules
  readonly arbitration: Arbitration
  readonly experiment: ExperimentDocument | undefined
  /** Attribute ids in the order in which a decision stores their values. */
  readonly attributes: readonly string[]
  /** Their values in that order, null where one is absent. */
  readonly valuesOf: (attributes: Record<string, unknown>) => unknown[]
  /** Feeds that some clause, action or message rests on, named or behind what it reads; that another one is late changes nothing. */
  readonly feeds: ReadonlySet<string>
  /** Per channel and placement, for each action by its place the treatments that may appear there. */
  readonly byPlace: Map<string, readonly (readonly Treatment[])[]>
}

export const playbookOf = (revision: Pick<Revision, 'documents' | 'id'>): Playbook =>
  compiled(revision, 'decide/decisions:playbook', () => {
    const { documents } = revision
    const env = playbookEnvironment(documents)
    const catalogue = catalogueOf(documents, env)
    const policies = policiesOf(documents, catalogue, env)
    const attributes = documentsOf(revision, 'attribute').map((attribute) => attribute.id)
    return {
      revision: revision.id,
      bank: bankOf(revision),
      catalogue,
      policies,
      qualification: qualificationOf(policies, env),
      contact: contactRulesOf(documentsOf<ContactPolicyDocument>(revision, 'contact_policy')[0]),
      arbitration: arbitrationOf(documents, catalogue, env),
      experiment: controlOf(documents),
      attributes,
      valuesOf: valuesOf(attributes),
      feeds: new Set([
        ...policies.clauses.flatMap((clause) => clause.feeds),
        ...catalogue.actions.flatMap((action) => action.feeds),
        ...catalogue.treatments.flatMap((treatment) => treatment.feeds),
      ]),
      byPlace: new Map(),
    }
  })

/** The treatments of each action that may appear in a place; made when first asked for. */
export function treatmentsAt(
  playbook: Playbook,
  channel: string,
  placement: string | null,
): readonly (readonly Treatment[])[] {
  const key = `${channel} ${placement ?? ''}`
  let found = playbook.byPlace.get(key)
  if (!found) {
    found = playbook.catalogue.actions.map((action) =>
      action.treatments.filter(
        (treatment) =>
          treatment.channel.id === channel &&
          (treatment.placements === undefined || placement === null || treatment.placements.has(placement)),
      ),
    )
    // Places come from requests; a caller who makes them up must not fill the memory.
    if (playbook.byPlace.size < 1000) playbook.byPlace.set(key, found)
  }
  return found
}
