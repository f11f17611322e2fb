import { Readable } from 'node:stream'
import type { Attribute } from '#know/attributes'
import { unavailable } from '#platform/errors'
import type { Runtime } from '#platform/runtime'
import { type Actor, sealedFrom } from '#trust/access'
import { csvLine, record } from '#trust/audit'
import type { Member } from '../contract.ts'
import {
  attributeOrderedBy,
  behind,
  fitting,
  type Order,
  orderOf,
  type Place,
  readPlace,
  writePlace,
} from '../order.ts'
import { ask, mustShow, type Question } from '../question.ts'
import { names } from '../store.ts'
import * as store from './store.ts'

/** Which of a segment's members, in what order, with what of each. */
export interface Wanted {
  /** 'number', 'name' or 'customer.<attribute>'; a minus before it turns it round. */
  order: string
  text: string
  columns: readonly string[]
}

interface Listing {
  question: Question
  bounds: store.Bounds
  order: Order
  columns: readonly Attribute[]
}

/** A list as one person may see it, at this moment. */
async function begin(rt: Runtime, segment: string, wanted: Wanted, actor: Actor): Promise<Listing> {
  await mustShow(rt, actor, [...wanted.columns, ...attributeOrderedBy(wanted.order)])
  const [question, sealed] = await Promise.all([ask(rt, { segment }), sealedFrom(rt, actor)])
  const columns = wanted.columns.map((id) => question.catalogue.byId.get(id)!)
  return {
    question,
    columns,
    order: orderOf(question.catalogue, wanted.order),
    bounds: { scope: actor.scope === 'all' ? null : actor.scope, sealed, fits: fitting(wanted.text, columns) },
  }
}

interface Page {
  members: Member[]
  /** Behind the last of them; undefined at the end. */
  next: Place | undefined
}

async function pageOf(
  rt: Runtime,
  { question, bounds, order, columns }: Listing,
  { after, membersMax, actor, signal }: { after?: Place; membersMax: number; actor: Actor; signal?: AbortSignal },
): Promise<Page> {
  const rows = await store.listed(
    rt.lake,
    question,
    { bounds, order, columns, membersMax, after: behind(order, after) },
    signal,
  )
  // Whoever left the bank or the person's scope since the computation is not shown, whatever the lake still says.
  const ids = rows.map(({ customerId }) => customerId)
  const named = new Map((await names(rt.db, ids, bounds.scope)).map(({ customerId, name }) => [customerId, name]))
  const members = rows.flatMap(({ customerId, values }) =>
    named.has(customerId)
      ? [
          {
            customerId,
            name: named.get(customerId) ?? null,
            ...(columns.length > 0
              ? { values: Object.fromEntries(columns.map(({ id }, at) => [id, values[at]])) }
              : {}),
          },
        ]
      : [],
  )
  if (members.length > 0)
    await record(rt, {
      actor,
      action: 'know.segments:listed',
      customerIds: members.map(({ customerId }) => customerId),
    })
  const last = rows.at(-1)
  const next =
    last === undefined || rows.length < membersMax
      ? undefined
      : {
          generation: question.generation,
          asked: order.asked,
          absent: last.absent,
          key: last.key,
          customerId: last.customerId,
        }
  return { members, next }
}

/** A computation of an older version of the product knows no names; the next one does. */
function refuseOld(error: unknown): never {
  if ((error as { type?: unknown }).type === 'UNKNOWN_IDENTIFIER')
    throw unavailable(
      'attributes_without_names',
      {},
      'The attributes were computed by an older version, which kept no names beside them.',
      'Compute them: POST /api/know/attributes/computations.',
      error,
    )
  throw error
}

/**
 * A page of a segment's members as a person may see them: in their scope and not sealed to them, in the order asked for,
 * and how many there are in all. As of the last computation of the attributes; who was shown goes on record.
 */
export async function viewMembers(
  rt: Runtime,
  segment: string,
  wanted: Wanted & { after?: string | undefined; membersMax: number },
  { actor, signal }: { actor: Actor; signal?: AbortSignal },
): Promise<{ asOf: string; members: Member[]; total: number; next: string | null }> {
  const listing = await begin(rt, segment, wanted, actor)
  const { question, bounds, order } = listing
  const after = wanted.after === undefined ? undefined : readPlace(wanted.after, order, question.generation)
  const options = { membersMax: wanted.membersMax, actor, ...(after ? { after } : {}), ...(signal ? { signal } : {}) }
  const [page, total] = await Promise.all([
    pageOf(rt, listing, options),
    store.countListed(rt.lake, question, bounds, signal),
  ]).catch(refuseOld)
  return {
    asOf: question.asOf,
    members: page.members,
    total,
    next: page.next ? writePlace(page.next) : null,
  }
}

const EXPORTED_AT_ONCE = 5_000

/**
 * Everybody of the list as lines of CSV, safe in a spreadsheet, while they are read: nobody is left out however many they
 * are. Each page goes on record before it is given out.
 */
export async function exportMembers(
  rt: Runtime,
  segment: string,
  wanted: Wanted,
  { actor, signal }: { actor: Actor; signal?: AbortSignal },
): Promise<Readable> {
  const listing = await begin(rt, segment, wanted, actor)
  const read = (after?: Place) =>
    pageOf(rt, listing, {
      membersMax: EXPORTED_AT_ONCE,
      actor,
      ...(after ? { after } : {}),
      ...(signal ? { signal } : {}),
    })
  // What is refused is refused before the first line.
  const first = await read().catch(refuseOld)
  await record(rt, { actor, action: 'know.segments:exported', subject: segment })
  return Readable.from(linesOf(first, read, listing.columns))
}

const headOf = ({ document: { title, unit } }: Attribute): string => (unit ? `${title} (${unit})` : title)

async function* linesOf(
  first: Page,
  read: (after: Place) => Promise<Page>,
  columns: readonly Attribute[],
): AsyncGenerator<string> {
  yield csvLine(['number', 'name', ...columns.map(headOf)])
  for (let page: Page | undefined = first; page; page = page.next && (await read(page.next)))
    yield page.members
      .map(({ customerId, name, values = {} }) => csvLine([customerId, name, ...columns.map(({ id }) => values[id])]))
      .join('')
}
