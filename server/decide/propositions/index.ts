import { invalid } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { activeRevision, compiled, documentsOf, revisionById } from '#trust/playbook'
import { catalogueOf } from './catalogue.ts'
import { type ActionsReply, CATALOGUE_KINDS, type CatalogueReply } from './contract.ts'
import { playbookEnvironment } from './environment.ts'

export {
  type Action,
  type Catalogue,
  catalogueOf,
  compiled,
  effectiveClass,
  isCredit,
  type Treatment,
} from './catalogue.ts'
export type {
  ActionDocument,
  ChannelDocument,
  FrozenOffer,
  OfferDocument,
  ProductDocument,
  TreatmentClass,
  TreatmentDocument,
} from './contract.ts'
export { aprBpOf, CREDIT_FIGURES, instalmentMinorOf, missingCreditFigures } from './credit-example.ts'
export { CALLER_FIELDS, CONTEXT_FIELDS, playbookEnvironment } from './environment.ts'
export { freezeOffer } from './freeze.ts'
export { checkFeeds, checkFormula, environmentOf, kinds } from './kinds.ts'
export { routes } from './routes.ts'

/** Every action that runs now, with how it is put on each channel. */
export async function actionsNow(rt: Runtime): Promise<ActionsReply> {
  const revision = await activeRevision(rt)
  if (revision.id === '') return { revision: '', actions: [] }
  const { actions } = compiled(revision, 'decide/propositions:catalogue', () =>
    catalogueOf(revision.documents, playbookEnvironment(revision.documents)),
  )
  return {
    revision: revision.id,
    actions: actions.map((action) => ({
      action: action.id,
      title: action.title,
      issue: action.issue,
      group: action.group,
      class: action.document.class,
      credit: action.credit,
      product: action.product?.id ?? null,
      treatments: action.treatments.map((treatment) => ({
        treatment: treatment.id,
        channel: treatment.channel.id,
        placements: treatment.placements ? [...treatment.placements] : null,
        class: treatment.class,
        offer: treatment.offer?.id ?? null,
      })),
    })),
  }
}

/**
 * The documents of some kinds, of the revision that runs or of another.
 * Errors: `kind_unknown` (invalid), `revision_unknown` (not found).
 */
export async function documentsOfKinds(
  rt: Runtime,
  asked: { kinds: string; revision?: string },
): Promise<CatalogueReply> {
  const known: readonly string[] = CATALOGUE_KINDS
  const kinds = [...new Set(asked.kinds.split(','))]
  const strange = kinds.find((kind) => !known.includes(kind))
  if (strange !== undefined)
    throw invalid(
      'kind_unknown',
      { kind: strange, known },
      `What may be said has no documents of kind "${strange}".`,
      `Name some of ${known.join(', ')}.`,
    )
  const revision = asked.revision ? await revisionById(rt, asked.revision) : await activeRevision(rt)
  const documents = kinds.flatMap((kind) => documentsOf<CatalogueReply['documents'][number]>(revision, kind))
  return { revision: revision.id, documents: JSON.parse(JSON.stringify(documents)) }
}
