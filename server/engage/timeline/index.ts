import { loadPeople, type Person, todayOf } from '#know/customers'
import { invalid, notFound } from '#platform/errors'
import { isId, type Runtime } from '#platform/runtime'
import { type Actor, mustSee } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, bankOf, documentsOf, type Revision } from '#trust/playbook'
import {
  type IdReply,
  ITEM_KINDS,
  type ItemKind,
  type TimelineItem,
  type TimelineReply,
  type Transaction,
  type TransactionsReply,
} from './contract.ts'
import { type Cursor, newerFirst, readCursor, written } from './cursor.ts'
import * as store from './store.ts'

export { routes } from './routes.ts'

/** Roles that let somebody see what moves on a holding; who only guarantees a loan does not. */
const SEE_TRANSACTIONS = new Set(['owner', 'user', 'guardian', 'attorney', 'executor', 'director'])
const NO_END = '9999-12-31'

interface Asked {
  customerId: number
  actor: Actor
  before?: string | undefined
  limit: number
  reason?: string | undefined
}

function kindsOf(text: string | undefined): ReadonlySet<ItemKind> {
  if (text === undefined) return new Set(ITEM_KINDS)
  const kinds = text.split(',')
  const unknown = kinds.find((kind) => !(ITEM_KINDS as readonly string[]).includes(kind))
  if (unknown !== undefined)
    throw invalid(
      'kind_unknown',
      { found: unknown, expected: ITEM_KINDS },
      `There is no kind "${unknown}" on a timeline.`,
      'Name some of the known kinds.',
    )
  return new Set(kinds as ItemKind[])
}

/**
 * Who the customer is, and what is read of them once that is known. The look is put on record beside the reading, since
 * both only wait for the stores: nothing is answered before it is written.
 */
async function look<T>(
  rt: Runtime,
  { customerId, actor, reason }: Asked,
  read: (known: { revision: Revision; today: string; person: Person }) => Promise<T>,
): Promise<T> {
  const revision = await activeRevision(rt)
  const today = await todayOf(rt, bankOf(revision).zone)
  const person = (await loadPeople(rt.db, [customerId], today)).get(customerId)
  if (!person) throw notFound('no_such_customer', { customerId }, 'There is no such customer.', 'Check the number.')
  const [found] = await Promise.all([
    read({ revision, today, person }),
    record(rt, {
      actor,
      action: 'engage.timeline:viewed',
      customerIds: [customerId],
      ...(reason ? { reason } : {}),
    }),
  ])
  return found
}

const seenBy = (person: Person, of: (held: Person['held'][number]) => boolean): store.Seen[] =>
  person.held
    .filter((held) => SEE_TRANSACTIONS.has(held.role) && of(held))
    .map(({ holdingId, roleFromOn, roleToOn }) => ({ holdingId, fromOn: roleFromOn, toOn: roleToOn ?? NO_END }))

/** One page of everything that happened with a customer, newest first. Errors: `kind_unknown`, `cursor_unknown`. */
export async function timelineOf(rt: Runtime, asked: Asked & { kinds?: string | undefined }): Promise<TimelineReply> {
  const kinds = kindsOf(asked.kinds)
  const before = readCursor(asked.before)
  const { customerId, limit } = asked
  return look(rt, asked, async ({ revision, today, person }) => {
    // A bank read as of a past date has no later events.
    const until = new Date(Math.min(rt.clock.now().getTime(), Date.parse(`${today}T23:59:59.999Z`) + 86_400_000))
    const [items, transactions] = await Promise.all([
      store.itemsBefore(rt.db, { customerId, kinds, before, until, limit: limit + 1 }),
      kinds.has('transaction')
        ? store.transactionsBefore(rt.lake, {
            holdings: seenBy(person, ({ role }) => role === 'owner'),
            before,
            today,
            limit: limit + 1,
          })
        : [],
    ])
    const all: (store.ItemRow & Cursor)[] = [...items, ...transactions.map(itemOf)].sort(newerFirst)
    const page = all.slice(0, limit)
    return {
      items: page.map((row) => shownItem(row, titlesOf(revision))),
      next: all.length > limit ? written(page.at(-1)!) : null,
    }
  })
}

const itemOf = (row: Transaction & { key: string; exactAt: string }): store.ItemRow => ({
  kind: 'transaction',
  id: row.transactionId,
  at: row.exactAt,
  key: row.key,
  channel: null,
  about: row.kind,
  facts: {
    holdingId: row.holdingId,
    amountMinor: row.amountMinor,
    currency: row.currency,
    category: row.category,
    operation: row.operation,
    status: row.status,
    balanceAfterMinor: row.balanceAfterMinor,
  },
})

type Titles = (kind: string, id: string) => string | null

const titlesOf =
  (revision: Revision): Titles =>
  (kind, id) =>
    documentsOf<{ id: string; title: string }>(revision, kind).find((document) => document.id === id)?.title ?? null

function shownItem(row: store.ItemRow, title: Titles): TimelineItem {
  const { kind, id, at, channel, about, facts } = row
  const item = { kind, id, at: `${at.slice(0, 23)}Z`, channel, about, facts }
  if (kind === 'decision') {
    const actions = facts.actions as string[]
    const titles = actions.map((action) => title('action', action) ?? action)
    return { ...item, title: titles[0] ?? null, facts: { ...facts, titles } }
  }
  if (about === null) return { ...item, title: null }
  if (kind === 'contact' || kind === 'answer') return { ...item, title: title('action', about) }
  if (kind === 'event') return { ...item, title: title('event_type', about) }
  return { ...item, title: null }
}

/** One page of a holding's transactions, newest first, for somebody who stands to it. Errors: `no_such_holding`. */
export async function transactionsOf(rt: Runtime, asked: Asked & { holdingId: number }): Promise<TransactionsReply> {
  const before = readCursor(asked.before)
  const rows = await look(rt, asked, async ({ today, person }) => {
    const holdings = seenBy(person, ({ holdingId }) => holdingId === asked.holdingId)
    if (holdings.length === 0)
      throw notFound(
        'no_such_holding',
        { holdingId: asked.holdingId },
        'The customer has no such holding whose transactions they may see.',
        'Take a holding of the customer’s page.',
      )
    const [seen] = holdings
    const whole = holdings.reduce(
      (a, b) => ({
        holdingId: a.holdingId,
        fromOn: [a.fromOn, b.fromOn].sort()[0]!,
        toOn: [a.toOn, b.toOn].sort()[1]!,
      }),
      seen!,
    )
    return store.transactionsBefore(rt.lake, { holdings: [whole], before, today, limit: asked.limit + 1 })
  })
  const page = rows.slice(0, asked.limit)
  return {
    transactions: page.map(({ key: _key, exactAt: _exactAt, ...transaction }) => transaction),
    next: rows.length > asked.limit ? written({ at: page.at(-1)!.exactAt, key: page.at(-1)!.key }) : null,
  }
}

/**
 * Whose a contact or a decision is: somebody reads its number from a letter. Who may not see that customer is told that
 * there is none. Errors: `id_unknown` (not found).
 */
export async function whoseIs(rt: Runtime, { id, actor }: { id: string; actor: Actor }): Promise<IdReply> {
  const found = isId(id) ? await store.ownerOf(rt.db, id) : undefined
  if (!found) throw notFound('id_unknown', { id }, 'No contact and no decision has this number.', 'Check the number.')
  await mustSee(rt, actor, [found.customerId])
  await record(rt, { actor, action: 'engage.timeline:found', customerIds: [found.customerId], subject: id })
  return found
}
