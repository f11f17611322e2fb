import { catalogueFor, loadFacts } from '#know/attributes'
import { todayOf } from '#know/customers'
import { notFound } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, sealedAmong } from '#trust/access'
import { record } from '#trust/audit'
import {
  activeRevision,
  bankOf,
  documentsOf,
  type Finding,
  type Kind,
  type Revision,
  type Use,
  usesOf,
} from '#trust/playbook'
import type { CountReply, CustomerSegmentsReply, Member } from './contract.ts'
import { SegmentDocument } from './contract.ts'
import { segmentsAmong } from './membership.ts'
import { ask, compileRule, defaultsReadBy, mustShow, ruleNamed, rulesOf } from './question.ts'
import * as store from './store.ts'

const segmentKind: Kind<SegmentDocument> = {
  kind: 'segment',
  folder: 'segments',
  schema: SegmentDocument,
  check: (document, documents, tools): Finding[] => {
    const catalogue = catalogueFor({ documents })
    const result = compileRule(catalogue, 'UTC', document.rule)
    if (!result.ok)
      return result.errors.map(({ at, found, expected, message }) =>
        tools.finding(['rule'], { at, found, expected, message }),
      )
    // A default that its author wrote down is meant.
    const unsaid = defaultsReadBy(catalogue, result.program).filter(
      (id) => catalogue.byId.get(id)!.document.default === undefined,
    )
    return unsaid.map((id) =>
      tools.finding(['rule'], {
        severity: 'warning',
        found: `customer.${id}`,
        expected: `has(customer.${id}) beside it`,
        message: `customer.${id} may be absent; such customers are judged by its default, ${JSON.stringify(catalogue.byId.get(id)!.default)}.`,
      }),
    )
  },
}
export const kinds = [segmentKind] as unknown as readonly Kind<never>[]

/**
 * The segments a customer belongs to, by their attributes at this moment: of each group only the one of highest
 * priority. `today` is the business date. Pure but for the compiled rules it keeps.
 */
export const segmentsOf = (
  revision: Pick<Revision, 'documents'>,
  attributes: Record<string, unknown>,
  today: string,
): string[] => segmentsAmong(rulesOf(revision), attributes, today)

/**
 * How many customers a rule or a segment has, as of the last computation of the attributes. When `signal` fires the query
 * ends in the lake too.
 */
export async function countSegment(
  rt: Runtime,
  asked: {
    rule?: string | undefined
    segment?: string | undefined
    sample?: number | undefined
    columns?: readonly string[] | undefined
  },
  options: { actor: Actor; signal?: AbortSignal },
): Promise<Omit<CountReply, 'elapsedMs'>> {
  await mustShow(rt, options.actor, asked.columns)
  const question = await ask(rt, asked)
  const counted = await store.count(rt.lake, question, options.signal)
  const wished = asked.sample ?? 0
  const sample =
    wished === 0
      ? []
      : await visible(rt, await store.sample(rt.lake, question, wished * 5, options.signal), options.actor, wished)
  return {
    ...counted,
    defaults: question.defaults,
    sample: await withValues(rt, sample, asked.columns),
    asOf: question.asOf,
  }
}

/** The people among these whom the actor may see, by name: in their scope and not sealed to them; at most `max`. */
async function visible(rt: Runtime, ids: readonly number[], actor: Actor, max: number): Promise<Member[]> {
  if (ids.length === 0) return []
  const sealed = await sealedAmong(rt, actor, ids)
  const open = ids.filter((id) => !sealed.has(id))
  const seen = (await store.names(rt.db, open, actor.scope === 'all' ? null : actor.scope)).slice(0, max)
  if (seen.length > 0)
    await record(rt, { actor, action: 'know.segments:listed', customerIds: seen.map(({ customerId }) => customerId) })
  return seen
}

/** The same members with what the columns say of each. Who looked is on record already. */
async function withValues(rt: Runtime, members: Member[], columns: readonly string[] = []): Promise<Member[]> {
  if (columns.length === 0 || members.length === 0) return members
  const facts = await loadFacts(
    rt,
    members.map(({ customerId }) => customerId),
  )
  return members.map((member) => {
    const attributes = facts.get(member.customerId)?.attributes ?? {}
    return { ...member, values: Object.fromEntries(columns.map((id) => [id, attributes[id] ?? null])) }
  })
}

/** Members of a segment in the order of their numbers, `membersMax` at a time, for whoever may see everybody. */
export async function membersOf(
  rt: Runtime,
  segment: string,
  options: { after?: number; membersMax?: number; signal?: AbortSignal } = {},
): Promise<{ asOf: string; customerIds: number[]; next: number | null }> {
  const question = await ask(rt, { segment })
  const membersMax = options.membersMax ?? 10_000
  const customerIds = await store.members(rt.lake, question, options.after ?? 0, membersMax, options.signal)
  return { asOf: question.asOf, customerIds, next: customerIds.length === membersMax ? customerIds.at(-1)! : null }
}

/** Which documents of the active playbook name a segment, or name one that does. */
export async function usesOfSegment(rt: Runtime, segment: string): Promise<Use[]> {
  const revision = await activeRevision(rt)
  ruleNamed(revision, segment)
  return usesOf(revision.documents, 'segment', segment)
}

/** The segments of the active playbook. */
export async function listSegments(rt: Runtime): Promise<{ revision: string; segments: readonly SegmentDocument[] }> {
  const revision = await activeRevision(rt)
  return { revision: revision.id, segments: documentsOf<SegmentDocument>(revision, 'segment') }
}

/** The segments one customer belongs to at this moment; who looked goes on record. */
export async function segmentsOfCustomer(
  rt: Runtime,
  customerId: number,
  actor: Actor,
): Promise<CustomerSegmentsReply> {
  const revision = await activeRevision(rt)
  const facts = (await loadFacts(rt, [customerId], revision)).get(customerId)
  if (!facts) throw notFound('no_such_customer', { customerId }, 'There is no such customer.', 'Check the number.')
  await record(rt, { actor, action: 'know.segments:viewed', customerIds: [customerId] })
  const segments = segmentsOf(revision, facts.attributes, await todayOf(rt, bankOf(revision).zone))
  const described = documentsOf<SegmentDocument>(revision, 'segment')
    .filter(({ id }) => segments.includes(id))
    .map(({ id, title, meaning, group }) => ({ id, title, meaning: meaning ?? null, group: group ?? null }))
  return { segments, described }
}

export { prepareFigures, subscriptions } from './figures/index.ts'
export { exportMembers, viewMembers } from './listing/index.ts'
export { routes } from './routes.ts'
