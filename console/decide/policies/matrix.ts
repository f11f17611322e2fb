import type { Cap, ContactPolicyDocument, OpenHours, PolicyDocument, Rest } from '#decide/policies/contract'
import type {
  ActionDocument,
  CatalogueReply,
  ChannelDocument,
  GroupDocument,
  IssueDocument,
  TreatmentDocument,
} from '#decide/propositions/contract'
import { readable } from './words.ts'

export const KINDS = 'issue,group,action,treatment,channel,product,policy,contact_policy'

export interface ActionRow {
  readonly action: ActionDocument
  readonly group: GroupDocument
  readonly issue: IssueDocument
  readonly policies: readonly PolicyDocument[]
  readonly clauses: number
  readonly cells: ReadonlyMap<string, Cell>
}

/** One action on one channel: how it may be said there, and every contact rule that counts it. */
export interface Cell {
  readonly treatments: readonly TreatmentDocument[]
  readonly class: string
  readonly caps: readonly Cap[]
  readonly rests: readonly Rest[]
  readonly hours: readonly OpenHours[]
}

/** What people call a document of a kind. */
export type TitleOf = (kind: 'issue' | 'group' | 'action' | 'treatment' | 'channel', id: string) => string

export interface Matrix {
  readonly rows: readonly ActionRow[]
  readonly channels: readonly ChannelDocument[]
  readonly policies: readonly PolicyDocument[]
  readonly contact: ContactPolicyDocument | undefined
  readonly titleOf: TitleOf
}

const ofKind = <D>({ documents }: CatalogueReply, kind: string): readonly D[] =>
  documents.filter((document) => document.kind === kind) as unknown as readonly D[]

/** Whether a cap counts a message of that action, class and channel. Caps hold for marketing only. */
export const capHolds = (
  cap: Cap,
  said: { action: string; group: string; class: string; channel: ChannelDocument },
): boolean =>
  said.class === 'marketing' &&
  (cap.class === undefined || cap.class === said.class) &&
  (cap.direction === undefined || cap.direction === said.channel.direction) &&
  (cap.channels === undefined || cap.channels.includes(said.channel.id)) &&
  (cap.groups === undefined || cap.groups.includes(said.group)) &&
  (cap.actions === undefined || cap.actions.includes(said.action))

/** Whether an answer lets a message of that class rest; unless it says which, marketing does. */
export const restHolds = (rest: Rest, said: { class: string; credit: boolean }): boolean =>
  (rest.classes ?? ['marketing']).some((one) => one === said.class) && (rest.each !== 'credit' || said.credit)

export const clauseCount = ({ eligibility = [], applicability = [], suitability = [] }: PolicyDocument): number =>
  eligibility.length + applicability.length + suitability.length

/** Actions by channels, each meeting with the rules that hold there. */
export function matrixOf(reply: CatalogueReply): Matrix {
  const groups = new Map(ofKind<GroupDocument>(reply, 'group').map((group) => [group.id, group]))
  const issues = new Map(ofKind<IssueDocument>(reply, 'issue').map((issue) => [issue.id, issue]))
  const lends = new Set(
    ofKind<{ id: string; credit?: boolean }>(reply, 'product')
      .filter(({ credit }) => credit)
      .map(({ id }) => id),
  )
  const titles = new Map(reply.documents.map(({ kind, id, title }) => [`${kind} ${id}`, title]))
  const policies = ofKind<PolicyDocument>(reply, 'policy')
  const [contact] = ofKind<ContactPolicyDocument>(reply, 'contact_policy')
  const treatments = ofKind<TreatmentDocument>(reply, 'treatment')
  const used = new Set(treatments.map(({ channel }) => channel))
  const channels = ofKind<ChannelDocument>(reply, 'channel').filter(({ id }) => used.has(id))
  const rows = ofKind<ActionDocument>(reply, 'action').flatMap((action): ActionRow[] => {
    const group = groups.get(action.group)
    const issue = group && issues.get(group.issue)
    if (!group || !issue || action.nothing) return []
    const own = treatments.filter((treatment) => treatment.action === action.id)
    const held = policies.filter(
      ({ appliesTo }) =>
        appliesTo.actions?.includes(action.id) ||
        appliesTo.groups?.includes(group.id) ||
        appliesTo.issues?.includes(issue.id) ||
        appliesTo.treatments?.some((id) => own.some((treatment) => treatment.id === id)),
    )
    const credit = action.credit === true || (action.product !== undefined && lends.has(action.product))
    const cells = new Map<string, Cell>()
    for (const channel of channels) {
      const here = own.filter((treatment) => treatment.channel === channel.id)
      const [first] = here
      if (!first) continue
      const of = first.promotional || action.class === 'marketing' ? 'marketing' : (first.class ?? action.class)
      cells.set(channel.id, {
        treatments: here,
        class: of,
        caps: (contact?.caps ?? []).filter((cap) =>
          capHolds(cap, { action: action.id, group: group.id, class: of, channel }),
        ),
        rests: (contact?.rests ?? []).filter((rest) => restHolds(rest, { class: of, credit })),
        hours: (contact?.openHours ?? []).filter(({ channels: open }) => open.includes(channel.id)),
      })
    }
    return [
      { action, group, issue, policies: held, clauses: held.reduce((sum, one) => sum + clauseCount(one), 0), cells },
    ]
  })
  return {
    rows: rows.sort(
      (a, b) =>
        a.issue.id.localeCompare(b.issue.id) ||
        a.group.id.localeCompare(b.group.id) ||
        a.action.title.localeCompare(b.action.title),
    ),
    channels,
    policies,
    contact,
    titleOf: (kind, id) => titles.get(`${kind} ${id}`) ?? readable(id),
  }
}
