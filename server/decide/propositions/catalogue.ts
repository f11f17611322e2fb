import { type Dependence, dependenceIn } from '#know/sources'
import { fault } from '#platform/errors'
import { compile, type Environment, type Program } from '#platform/expressions'
import { type DocumentSet, documentOf, documentsOf } from '#trust/playbook'
import type {
  ActionDocument,
  ChannelDocument,
  GroupDocument,
  IssueDocument,
  OfferDocument,
  ProductDocument,
  TreatmentClass,
  TreatmentDocument,
} from './contract.ts'

export interface Treatment {
  /** Its place in `Catalogue.treatments`. */
  readonly index: number
  readonly id: string
  readonly document: TreatmentDocument
  readonly action: Action
  /** After promotional sentences have been counted in: see `effectiveClass`. */
  readonly class: TreatmentClass
  readonly channel: ChannelDocument
  /** Undefined: any placement of the channel. */
  readonly placements: ReadonlySet<string> | undefined
  readonly offer: OfferDocument | undefined
  readonly preApproved: Program | undefined
  readonly variables: readonly (readonly [name: string, formula: Program])[]
  /** Feeds that deliver what its variables read. */
  readonly feeds: readonly string[]
  readonly lever: number
}

export interface Action {
  /** Its place in `Catalogue.actions`: the position of its verdict in every decision under this revision. */
  readonly index: number
  readonly id: string
  readonly title: string
  readonly document: ActionDocument
  readonly group: string
  readonly issue: string
  readonly product: ProductDocument | undefined
  readonly credit: boolean
  readonly bankValueMinor: Program
  readonly customerValueMinor: Program
  /** Lever of issue × group × action. */
  readonly lever: number
  /** Feeds that it names, and those that deliver what its value and its product's rules read. */
  readonly feeds: readonly string[]
  readonly treatments: readonly Treatment[]
}

/** Everything that may be said, resolved and compiled once per revision. Order is by id, so that it never depends on files. */
export interface Catalogue {
  readonly actions: readonly Action[]
  readonly treatments: readonly Treatment[]
  readonly channels: ReadonlyMap<string, ChannelDocument>
  readonly actionById: ReadonlyMap<string, Action>
  /** Doing nothing. Undefined when the playbook doesn't name it: then zero is its score. */
  readonly nothing: Action | undefined
}

/** One promotional sentence makes a message marketing; nothing makes a marketing action's message anything else. */
export function effectiveClass(treatment: TreatmentDocument, action: ActionDocument): TreatmentClass {
  if (treatment.promotional || action.class === 'marketing') return 'marketing'
  return treatment.class ?? action.class
}

/** Whether an action prompts new borrowing: because it says so or because its product lends. */
export const isCredit = (action: ActionDocument, product: ProductDocument | undefined): boolean =>
  action.credit === true || product?.credit === true

/** Compiles a formula of a validated playbook. A failure here is ours: validation lets no such playbook through. */
export function compiled(env: Environment, source: string, type: 'bool' | undefined, where: string): Program {
  const result = compile(env, source, type)
  if (!result.ok)
    throw fault(
      'playbook_formula',
      { where, source, errors: result.errors },
      `The formula of ${where} does not compile: ${result.errors[0]?.message ?? 'unknown error'}.`,
      'Validate the playbook; an active revision must have passed.',
    )
  return result.program
}

/** Resolves the documents of propositions into what a decision walks through. */
export function catalogueOf(documents: DocumentSet, env: Environment): Catalogue {
  const set = { documents }
  const dependence = dependenceIn(documents)
  const channels = new Map(documentsOf<ChannelDocument>(set, 'channel').map((channel) => [channel.id, channel]))
  const byAction = new Map<string, TreatmentDocument[]>()
  for (const treatment of documentsOf<TreatmentDocument>(set, 'treatment')) {
    const list = byAction.get(treatment.action)
    if (list) list.push(treatment)
    else byAction.set(treatment.action, [treatment])
  }
  const treatments: Treatment[] = []
  const actions = documentsOf<ActionDocument>(set, 'action').map((document, index): Action => {
    const group = required<GroupDocument>(documents, 'group', document.group, document.id)
    const issue = required<IssueDocument>(documents, 'issue', group.issue, document.id)
    const product = document.product
      ? required<ProductDocument>(documents, 'product', document.product, document.id)
      : undefined
    const own: Treatment[] = []
    const credit = isCredit(document, product)
    const bankValueMinor = compiled(env, document.value.bank, undefined, `actions/${document.id} value.bank`)
    const customerValueMinor = compiled(
      env,
      document.value.customer,
      undefined,
      `actions/${document.id} value.customer`,
    )
    const action: Action = {
      index,
      id: document.id,
      title: document.title,
      document,
      group: group.id,
      issue: issue.id,
      product,
      credit,
      bankValueMinor,
      customerValueMinor,
      lever: (issue.lever ?? 1) * (group.lever ?? 1) * (document.lever ?? 1),
      feeds: union(
        document.feeds ?? [],
        dependence.of([...bankValueMinor.reads, ...customerValueMinor.reads]),
        // Arrears, prerequisites and one per person are judged by what the customer holds.
        credit || product?.single || product?.prerequisites ? dependence.holdings : [],
      ),
      treatments: own,
    }
    for (const treatment of byAction.get(document.id) ?? []) {
      const resolved = treatmentOf(documents, env, dependence, treatment, action, treatments.length)
      own.push(resolved)
      treatments.push(resolved)
    }
    return action
  })
  return {
    actions,
    treatments,
    channels,
    actionById: new Map(actions.map((action) => [action.id, action])),
    nothing: actions.find((action) => action.document.nothing),
  }
}

function treatmentOf(
  documents: DocumentSet,
  env: Environment,
  dependence: Dependence,
  document: TreatmentDocument,
  action: Action,
  index: number,
): Treatment {
  const offer = document.offer ? required<OfferDocument>(documents, 'offer', document.offer, document.id) : undefined
  const preApproved = offer?.preApproved
    ? compiled(env, offer.preApproved, 'bool', `offers/${offer.id} preApproved`)
    : undefined
  // In the order of their names: a document's own order differs between a folder and the database.
  const variables = Object.entries(document.variables ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, source]) =>
        [name, compiled(env, source, undefined, `treatments/${document.id} variables.${name}`)] as const,
    )
  return {
    index,
    id: document.id,
    document,
    action,
    class: effectiveClass(document, action.document),
    channel: required<ChannelDocument>(documents, 'channel', document.channel, document.id),
    placements: document.placements ? new Set(document.placements) : undefined,
    offer,
    preApproved,
    variables,
    feeds: dependence.of([...variables.flatMap(([, formula]) => formula.reads), ...(preApproved?.reads ?? [])]),
    lever: document.lever ?? 1,
  }
}

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())]

function required<D>(documents: DocumentSet, kind: string, id: string, by: string): D {
  const found = documentOf<D>({ documents }, kind, id)
  if (!found)
    throw fault('playbook_reference', { kind, id, by }, `${by} names the ${kind} ${id}, which is not in the revision.`)
  return found
}
