import { todayOf } from '#know/customers'
import { addDays, localDate } from '#platform/clock'
import { conflict, notFound } from '#platform/errors'
import type { FieldSpec } from '#platform/expressions'
import { backlog, publish, type Subscription } from '#platform/outbox'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import {
  activeRevision,
  bankOf,
  compiled,
  type DocumentSet,
  documentsOf,
  type Finding,
  type Kind,
  type Path,
  type Revision,
} from '#trust/playbook'
import { type Buckets, readBuckets, writeBuckets } from './buckets.ts'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { AttributeDocument, type CatalogueReply, type FactsReply } from './contract.ts'
import { addRow, evaluateAll, type Living, type Row, rowsValue } from './evaluate.ts'
import { type LivingRow, liveColumns, livingOf, livingOfReady, livingStatement } from './live.ts'
import { computeStatement, createProfile, storedStatement } from './statement.ts'
import * as store from './store.ts'
import { absentIn, catalogueReply, described } from './view.ts'

export type { Attribute, Catalogue } from './catalogue.ts'
export { formulaEnvironment, readsOf } from './catalogue.ts'
export { foldedSql } from './statement.ts'

/** Days for which a standing that ended is still listed among the facts: rules look back two years. */
const STANDINGS_LISTED_DAYS = 730
/** Customers per statement of a computation over everybody: bounds its memory. */
const CUSTOMERS_PER_SLICE = 200_000
/** After which a computation that did not finish counts as broken off. */
const BUILDING_MS_MAX = 6 * 3_600_000

/** The bank's zone; UTC while a playbook under validation has no bank yet. */
const zoneOf = (documents: Pick<Revision, 'documents'>): string =>
  documentsOf<{ zone: string }>(documents, 'bank')[0]?.zone ?? 'UTC'

const definitionsOf = (documents: Pick<Revision, 'documents'>) =>
  compiled(documents, 'know/attributes:catalogue', () =>
    catalogueOf(documentsOf<AttributeDocument>(documents, 'attribute'), zoneOf(documents)),
  )

/** The attributes of a revision, compiled once. */
export const catalogueFor = (revision: Pick<Revision, 'documents'>): Catalogue => definitionsOf(revision).catalogue

/** The fields `customer.*` that any expression over customers may read, with their columns in the lake. */
export const customerFields = (documents: DocumentSet): Readonly<Record<string, FieldSpec>> =>
  catalogueFor({ documents }).fields

/** The kind of document that defines one thing the bank knows of every customer. */
const attributeKind: Kind<AttributeDocument> = {
  kind: 'attribute',
  folder: 'attributes',
  schema: AttributeDocument,
  check: (document, documents, tools): Finding[] =>
    tools
      .once('know/attributes', () => Map.groupBy(definitionsOf({ documents }).flaws, (flaw) => flaw.id))
      .get(document.id)
      ?.map(({ path, ...flaw }) => tools.finding(path as Path, flaw)) ?? [],
}
export const kinds = [attributeKind] as unknown as readonly Kind<never>[]

/** What is known of one customer at the moment of asking. */
export interface CustomerFacts {
  customerId: number
  /** Every attribute of the playbook, in one shape; null is absent. Dates are 'YYYY-MM-DD'. */
  attributes: Record<string, unknown>
  /** Products held open as an owner, each once. */
  products: string[]
  kind: string
  stage: string
  /** null when the birth date is unknown. */
  ageYears: number | null
  householdId: number | null
  language: string | null
  /** Some holding of their own is open and has an instalment overdue. */
  inArrears: boolean
  /** In force today, or ended within two years; dates inclusive, toOn null while it has no end. */
  standings: { standing: string; effect: string; fromOn: string; toOn: string | null }[]
  /** The customer's version up to which events are in the stored attributes; 0 when no event was. */
  profileVersion: number
  /** The day up to which the stored attributes were computed for everybody; null before the first computation. */
  asOf: string | null
  /** Which computation the stored attributes come from; with profileVersion it names their state. */
  generation: number | null
}

interface Asking {
  catalogue: Catalogue
  columns: ReturnType<typeof liveColumns>
  statement: string
}
const askingOf = (revision: Pick<Revision, 'documents'>): Asking =>
  compiled(revision, 'know/attributes:asking', () => {
    const catalogue = catalogueFor(revision)
    const columns = liveColumns(catalogue)
    return { catalogue, columns, statement: livingStatement(columns) }
  })

/**
 * What is known of these customers now, by key. Age, standings, holdings and what is computed from them are as they are
 * now: put ready for the day, or read fresh for those who changed since. Attributes over transactions and events come
 * from the profile. Unknown customers are left out.
 */
export async function loadFacts(
  rt: Runtime,
  customerIds: readonly number[],
  revision?: Revision,
): Promise<Map<number, CustomerFacts>> {
  const running = revision ?? (await activeRevision(rt))
  const { catalogue, columns, statement } = askingOf(running)
  const today = await todayOf(rt, bankOf(running).zone)
  const found = new Map<number, CustomerFacts>()
  for (const row of await store.readReady(rt.db, customerIds, today, catalogue.hash))
    found.set(row.customerId, factsOf(catalogue, livingOfReady(columns, row), row.ready[2], row, today))
  const others = customerIds.filter((id) => !found.has(id))
  if (others.length === 0) return found
  const since = addDays(today, -STANDINGS_LISTED_DAYS)
  for (const row of await store.readLiving(rt.db, statement, others, today, catalogue.hash, since))
    found.set(row.customerId, factsOf(catalogue, livingOf(columns, row), row.rawStandings, row, today))
  return found
}

function factsOf(
  catalogue: Catalogue,
  living: Living,
  standings: LivingRow['rawStandings'],
  row: Pick<LivingRow, 'customerId' | 'stored' | 'profileVersion' | 'asOf' | 'generation'>,
  today: string,
): CustomerFacts {
  const { person } = living
  const products = new Set<string>()
  let inArrears = false
  for (const { facts } of living.holdings) {
    if (facts.role !== 'owner' || facts.status !== 'open') continue
    products.add(facts.product as string)
    inArrears ||= facts.arrears_since_on !== null
  }
  return {
    customerId: row.customerId,
    attributes: evaluateAll(catalogue, living, row.stored ?? undefined, today),
    products: [...products],
    kind: person.kind as string,
    stage: person.stage as string,
    ageYears: person.age_years as number | null,
    householdId: person.household_id as number | null,
    language: person.language as string | null,
    inArrears,
    standings: (standings ?? []).map(([standing, effect, fromOn, toOn]) => ({ standing, effect, fromOn, toOn })),
    profileVersion: row.profileVersion ?? 0,
    asOf: row.asOf,
    generation: row.generation,
  }
}

/** The computation that answers questions about everybody, and its table in the lake; undefined before the first. */
export async function currentProfile(
  rt: Runtime,
  revision?: Revision,
): Promise<{ table: string; asOf: string; generation: number } | undefined> {
  const set = await store.currentSet(rt.db, catalogueFor(revision ?? (await activeRevision(rt))).hash)
  return set && { table: store.lakeTable(set.generation), asOf: set.asOf, generation: set.generation }
}

/** How far a computation is: 0..1. */
export type Progress = (done: number, sentence: string) => void

/**
 * Computes every attribute of the revision over everybody, as of a day (today, unless given; nothing later is seen), and
 * then puts the result in the place of the one before at once. Until then, and when it fails, the old one is read.
 */
export async function computeAttributes(
  rt: Runtime,
  options: { asOf?: string; revision?: Revision; progress?: Progress; signal?: AbortSignal } = {},
): Promise<{ generation: number; customers: number; asOf: string }> {
  const revision = options.revision ?? (await activeRevision(rt))
  const { catalogue, columns } = askingOf(revision)
  const { zone } = bankOf(revision)
  const progress = options.progress ?? (() => {})
  const startedAt = rt.clock.now()
  const current = await todayOf(rt, zone)
  const asOf = options.asOf ?? current
  // Events that are on their way to the lake are not in it yet: their customers are refreshed at the end.
  const lagMs = Math.ceil((await backlog(rt)).oldestSeconds * 1000)
  const generation = await store.beginSet(
    rt.db,
    catalogue.hash,
    asOf,
    catalogue.stored.map((a) => a.id),
    startedAt,
  )
  const table = store.lakeTable(generation)
  try {
    progress(0, 'copying people and holdings')
    // Whichever fails, the other has ended before the staging tables are dropped.
    const staged = await Promise.allSettled([
      store.stagePeople(rt.db, rt.lake, generation, asOf, columns),
      store.stageHoldings(rt.db, rt.lake, generation, asOf, columns),
    ])
    for (const one of staged) if (one.status === 'rejected') throw one.reason
    await rt.lake.command(createProfile(table, catalogue))
    const { first, last, customers } = await store.customerRange(rt.lake, generation)
    const statement = computeStatement(table, store.peopleStage(generation), store.holdingStage(generation), catalogue)
    for (let from = first; customers > 0 && from <= last; from += CUSTOMERS_PER_SLICE) {
      options.signal?.throwIfAborted()
      progress(0.2 + 0.5 * ((from - first) / (last - first + 1)), 'computing attributes')
      await rt.lake.command(statement, {
        first: from,
        last: Math.min(from + CUSTOMERS_PER_SLICE - 1, last),
        asOf,
        zone,
      })
    }
    await store.dropStages(rt.lake, generation)
    progress(0.7, 'writing profiles')
    const stored = catalogue.stored.length > 0 ? storedStatement(table, catalogue) : undefined
    await store.loadProfiles(rt.db, rt.lake, generation, stored, asOf, startedAt)
    progress(0.85, 'putting what is live ready')
    const { snapshot } = await store.makeReady(rt.db, generation, columns, asOf, addDays(asOf, -STANDINGS_LISTED_DAYS))
    await transaction(rt, async (rt) => {
      await store.attachGeneration(rt.db, generation, { on: asOf, snapshot })
      await store.finishSet(rt.db, generation, catalogue.hash, customers, rt.clock.now())
      await publish(rt, { type: 'know.attributes_computed', payload: { generation, customers, asOf } })
    })
    progress(0.95, 'catching up')
    if (asOf === current) {
      const late = await store.customersWithEventsSince(rt.db, new Date(startedAt.getTime() - lagMs - 60_000))
      await refreshCustomers(
        rt,
        late.map(({ customerId }) => customerId),
        { revision },
      )
    }
    await dropUnread(rt, [catalogue.hash])
    await store.forgetChanges(rt.db)
    progress(1, `${customers} customers as of ${asOf}`)
    return { generation, customers, asOf }
  } catch (error) {
    await store.dropStages(rt.lake, generation).catch(() => {})
    await store.dropSet(rt.db, rt.lake, generation).catch(() => {})
    throw error
  }
}

/** Removes computations that nobody reads any more: replaced ones, and those broken off hours ago. */
async function dropUnread(rt: Runtime, hashes: readonly string[]): Promise<void> {
  const active = catalogueFor(await activeRevision(rt)).hash
  const before = new Date(rt.clock.now().getTime() - BUILDING_MS_MAX)
  for (const { generation } of await store.unreadSets(rt.db, [...hashes, active], before))
    await store.dropSet(rt.db, rt.lake, generation)
}

const CUSTOMERS_PER_REFRESH = 500

/**
 * Brings the stored attributes of these customers up to what has happened: running buckets take in the events they do
 * not have yet; without buckets, or with `rebuild` (after transactions arrived), they are made from history.
 */
export async function refreshCustomers(
  rt: Runtime,
  customerIds: readonly number[],
  options: { revision?: Revision; rebuild?: boolean } = {},
): Promise<void> {
  const revision = options.revision ?? (await activeRevision(rt))
  const { catalogue } = askingOf(revision)
  if (catalogue.stored.length === 0) return
  const set = await store.currentSet(rt.db, catalogue.hash)
  if (!set) return
  const ids = [...new Set(customerIds)].sort((a, b) => a - b)
  for (let at = 0; at < ids.length; at += CUSTOMERS_PER_REFRESH)
    await refreshSome(
      rt,
      ids.slice(at, at + CUSTOMERS_PER_REFRESH),
      catalogue,
      set,
      bankOf(revision).zone,
      options.rebuild,
    )
}

async function refreshSome(
  rt: Runtime,
  ids: number[],
  catalogue: Catalogue,
  set: store.ProfileSet,
  zone: string,
  rebuild = false,
): Promise<void> {
  const today = await todayOf(rt, zone)
  const wanted = store.wanted(catalogue)
  const ofTransactions = catalogue.stored.filter((a) => a.rows!.row === 'transaction')
  const ofEvents = catalogue.stored.filter((a) => a.rows!.row === 'event')
  await transaction(rt, async ({ db }) => {
    const held = new Map((await store.lockRunning(db, ids, set.generation)).map((r) => [r.customerId, r]))
    const latest = new Map((await store.latestEvents(db, ids)).map((r) => [r.customerId, r.version]))
    const fresh = rebuild ? ids : ids.filter((id) => !held.has(id))
    const history =
      fresh.length > 0 && ofTransactions.length > 0
        ? await store.transactionsOf(rt.lake, fresh, wanted.roles, today)
        : []
    const transactions = Map.groupBy(history, (row) => row.customerId)
    const events = Map.groupBy(await store.eventsOf(db, ids, wanted.types), (event) => event.customerId)
    const made = ids.map((customerId) => {
      const running = rebuild ? undefined : held.get(customerId)
      const buckets: Map<string, Buckets> = running ? readBuckets(running.buckets) : new Map()
      for (const row of transactions.get(customerId) ?? []) addRow(ofTransactions, buckets, row)
      for (const event of events.get(customerId) ?? [])
        if (event.version > (running?.version ?? -1)) addRow(ofEvents, buckets, rowOfEvent(event, zone))
      return {
        customerId,
        version: latest.get(customerId) ?? 0,
        asOf: today,
        facts: catalogue.stored.map((a) => rowsValue(a, buckets, today)),
        buckets: writeBuckets(buckets),
      }
    })
    await store.saveRefreshed(db, set, made, rt.clock.now())
  })
}

function rowOfEvent(event: store.EventRow, zone: string): Row {
  const date = localDate(event.occurredAt, zone)
  return {
    date,
    atMs: event.occurredAt.getTime(),
    id: event.eventId,
    facts: { type: event.type, source: event.source, occurred_on: date },
    json: event.payload,
  }
}

/** Back-fills the attributes of a revision that is about to run, unless they are computed already. */
export async function prepareAttributes(rt: Runtime, revision: Revision): Promise<void> {
  const { catalogue, flaws } = definitionsOf(revision)
  if (flaws.length > 0)
    throw conflict(
      'attributes_flawed',
      { flaws: flaws.length },
      flaws[0]!.message,
      'Validate the playbook and mend them.',
    )
  // Several servers prepare at once: the first computes, the others find it done.
  await transaction(rt, async ({ db }) => {
    await db`select pg_advisory_xact_lock(hashtextextended(${`know.profile_set ${catalogue.hash}`}, 0))`
    if (await store.currentSet(db, catalogue.hash)) return
    await computeAttributes(rt, { revision })
  })
}

/** After events were accepted: the attributes of their customers, within the second. */
export const subscriptions: Subscription[] = [
  {
    type: 'know.events_accepted',
    name: 'know/attributes:refresh',
    handle: async (rt, message) => {
      const { events } = message.payload as { events: [customerId: number, eventId: string, version: number][] }
      await refreshCustomers(
        rt,
        events.map(([customerId]) => customerId),
      )
    },
  },
]

/** The catalogue of the active playbook. */
export async function describeCatalogue(rt: Runtime): Promise<CatalogueReply> {
  const revision = await activeRevision(rt)
  const profile = await currentProfile(rt, revision)
  return catalogueReply(catalogueFor(revision), revision.id, profile?.asOf ?? null)
}

/** One customer's attributes for a person to read; who looked goes on record. */
export async function viewFacts(rt: Runtime, customerId: number, actor: Actor): Promise<FactsReply> {
  const revision = await activeRevision(rt)
  const facts = (await loadFacts(rt, [customerId], revision)).get(customerId)
  if (!facts) throw notFound('no_such_customer', { customerId }, 'There is no such customer.', 'Check the number.')
  await record(rt, { actor, action: 'know.attributes:viewed', customerIds: [customerId] })
  const { attributes, asOf } = facts
  const catalogue = catalogueFor(revision)
  return {
    customerId,
    asOf,
    attributes,
    absent: absentIn(catalogue, attributes),
    described: described(catalogue, attributes),
  }
}

export { invariants } from './check.ts'
export { jobs } from './jobs.ts'
export { routes } from './routes.ts'
