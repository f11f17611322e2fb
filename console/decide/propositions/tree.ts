import type { Clause, PolicyDocument } from '#decide/policies/contract'
import type {
  ActionDocument,
  CatalogueReply,
  ChannelDocument,
  GroupDocument,
  IssueDocument,
  OfferDocument,
  ProductDocument,
  TreatmentDocument,
} from '#decide/propositions/contract'
import type { PlacementDocument } from '#engage/inbound/contract'
import type { OutcomeDocument } from '#learn/outcomes/contract'

/** The kinds that the pages of propositions read, in one question. */
export const KINDS = 'issue,group,action,treatment,channel,placement,offer,product,policy,outcome'

export const STAGES = ['eligibility', 'applicability', 'suitability'] as const
export type Stage = (typeof STAGES)[number]

/** One clause with the policy that brings it and the level it holds for. */
export interface Applied {
  readonly stage: Stage
  readonly clause: Clause
  readonly policy: PolicyDocument
  readonly level: 'issue' | 'group' | 'action' | 'treatment'
}

export interface ActionNode {
  readonly document: ActionDocument
  readonly group: GroupDocument
  readonly issue: IssueDocument
  readonly product: ProductDocument | undefined
  readonly treatments: readonly TreatmentDocument[]
  readonly clauses: readonly Applied[]
  readonly outcomes: readonly OutcomeDocument[]
  /** Issue × group × action. */
  readonly lever: number
  readonly credit: boolean
}

export interface Tree {
  readonly revision: string
  readonly actions: readonly ActionNode[]
  readonly channels: ReadonlyMap<string, ChannelDocument>
  readonly offers: ReadonlyMap<string, OfferDocument>
  /** Channels of which some placement is a person’s screen. */
  readonly staffed: ReadonlySet<string>
}

const ofKind = <D>({ documents }: CatalogueReply, kind: string): readonly D[] =>
  documents.filter((document) => document.kind === kind) as unknown as readonly D[]
const byId = <D extends { id: string }>(documents: readonly D[]): Map<string, D> =>
  new Map(documents.map((document) => [document.id, document]))

/** The clauses that hold for an action, whichever level brings them. */
function clausesOf(
  action: ActionDocument,
  issue: string,
  treatments: readonly string[],
  policies: readonly PolicyDocument[],
): Applied[] {
  return policies.flatMap((policy) => {
    const { issues, groups, actions, treatments: named } = policy.appliesTo
    const level = actions?.includes(action.id)
      ? 'action'
      : groups?.includes(action.group)
        ? 'group'
        : issues?.includes(issue)
          ? 'issue'
          : named?.some((id) => treatments.includes(id))
            ? 'treatment'
            : undefined
    if (level === undefined) return []
    return STAGES.flatMap((stage) => (policy[stage] ?? []).map((clause) => ({ stage, clause, policy, level }) as const))
  })
}

/** Issues, groups, actions and treatments with what hangs on each. */
export function treeOf(reply: CatalogueReply): Tree {
  const issues = byId(ofKind<IssueDocument>(reply, 'issue'))
  const groups = byId(ofKind<GroupDocument>(reply, 'group'))
  const products = byId(ofKind<ProductDocument>(reply, 'product'))
  const policies = ofKind<PolicyDocument>(reply, 'policy')
  const outcomes = ofKind<OutcomeDocument>(reply, 'outcome')
  const treatments = ofKind<TreatmentDocument>(reply, 'treatment')
  const actions = ofKind<ActionDocument>(reply, 'action').flatMap((document): ActionNode[] => {
    const group = groups.get(document.group)
    const issue = group && issues.get(group.issue)
    if (!group || !issue) return []
    const own = treatments.filter(({ action }) => action === document.id)
    const product = document.product === undefined ? undefined : products.get(document.product)
    return [
      {
        document,
        group,
        issue,
        product,
        treatments: own,
        clauses: clausesOf(
          document,
          issue.id,
          own.map(({ id }) => id),
          policies,
        ),
        outcomes: outcomes.filter((outcome) => outcome.actions.includes(document.id)),
        lever: (issue.lever ?? 1) * (group.lever ?? 1) * (document.lever ?? 1),
        credit: document.credit === true || product?.credit === true,
      },
    ]
  })
  return {
    revision: reply.revision,
    actions,
    channels: byId(ofKind<ChannelDocument>(reply, 'channel')),
    offers: byId(ofKind<OfferDocument>(reply, 'offer')),
    staffed: new Set(
      ofKind<PlacementDocument>(reply, 'placement')
        .filter(({ staffed }) => staffed)
        .map(({ channel }) => channel),
    ),
  }
}

/** One promotional sentence makes a message marketing; nothing makes a marketing action’s message anything else. */
export const classOf = (treatment: TreatmentDocument, action: ActionDocument): string =>
  treatment.promotional || action.class === 'marketing' ? 'marketing' : (treatment.class ?? action.class)

export interface Taken {
  readonly offered: number
  readonly accepted: number
}

/** Offers seen and taken up, by whatever names them. */
export function takenBy<L extends Taken>(lines: readonly L[], name: (line: L) => string): Map<string, Taken> {
  const sums = new Map<string, Taken>()
  for (const line of lines) {
    const sum = sums.get(name(line)) ?? { offered: 0, accepted: 0 }
    sums.set(name(line), { offered: sum.offered + line.offered, accepted: sum.accepted + line.accepted })
  }
  return sums
}

/** Any list by a name of its items, in the order in which the names first come. */
export function grouped<T>(items: readonly T[], name: (item: T) => string): [string, T[]][] {
  const found = new Map<string, T[]>()
  for (const item of items) found.set(name(item), [...(found.get(name(item)) ?? []), item])
  return [...found]
}
