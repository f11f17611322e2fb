import { createHash } from 'node:crypto'
import { type Beliefs, beliefsOf, currentModel, type Model } from '#decide/arbitration'
import { insertAssignments } from '#decide/experiments'
import { NO_HISTORY } from '#decide/policies'
import { todayOf } from '#know/customers'
import { claimContacts } from '#know/interactions'
import { invalid, mismatch, notFound } from '#platform/errors'
import { takeVersions } from '#platform/outbox'
import { bucketOf, isInTransaction, type Runtime, transaction } from '#platform/runtime'
import { metricsOf } from '#platform/telemetry'
import type { Actor } from '#trust/access'
import { activeRevision, type Effect, type EffectOptions, type Revision } from '#trust/playbook'
import { type Batcher, batcher, type Settled } from './batch.ts'
import type { DecidedAction, DecisionReply, DecisionRequest } from './contract.ts'
import { compareOne, effectText, newTally } from './effect.ts'
import { type Ground, type Known, readAll } from './load.ts'
import { claimsOf, inputsFor, type Made, makeDecision, replyOf, rowOf, touchesMade } from './make.ts'
import { countBatch } from './metrics.ts'
import { type Playbook, playbookOf } from './playbook.ts'
import { choicesOf } from './result.ts'
import * as store from './store.ts'
import { tellDecided } from './told.ts'

export { kinds } from './cases.ts'
export { invariants } from './check.ts'
export { ENGINE_VERSION } from './engine.ts'
export { decisionsOf, explain, factsBehind, type Looking, replay, whatIf } from './looking/index.ts'
export { families } from './metrics.ts'
export { preview } from './preview/index.ts'
export { saidToSample } from './preview/sample.ts'
export { routes } from './routes.ts'
export { type Decided, registerDecided } from './told.ts'

const VALID_FOR_SECONDS = 86_400
/**
 * A batch is read, decided and written at once; more than this would hold its first customer up. While some batches wait
 * for their commit, others are read and decided; measured against two larger ones. A batch of four costs the stores
 * nearly what one of twenty does, so under load a few milliseconds of gathering shorten the wait of all.
 */
const LIMITS = { asksMax: 48, batchesMax: 4, gatheredMin: 24, gatherMs: 3 }

/** A question: what should we say to this customer, here and now? */
export interface Ask extends DecisionRequest {
  actor: Actor
}

const batchers = new WeakMap<object, Batcher<Ask, DecisionReply>>()

/**
 * Decides, claims the contacts and stores the decision before it answers. Questions that arrive together share one
 * read and one commit; inside a transaction the question is answered within it.
 * Errors: `customer_unknown` (not found), `channel_unknown` (invalid), `decision_mismatch` (same key, other request).
 */
export async function decideFor(rt: Runtime, ask: Ask): Promise<DecisionReply> {
  if (isInTransaction(rt)) {
    const [result] = await decideBatch(rt, [ask])
    if (!result!.ok) throw result!.error
    return result!.value
  }
  let shared = batchers.get(rt.config)
  if (!shared) {
    shared = batcher(
      (asks) => decideBatch(rt, asks),
      { soon: (work) => setImmediate(work), after: (ms, work) => setTimeout(work, ms) },
      LIMITS,
    )
    batchers.set(rt.config, shared)
  }
  return shared.ask(ask.customerId, ask)
}

/** One server's beliefs, made once per model and revision. */
const beliefsKept = new WeakMap<Playbook, { version: string; beliefs: Beliefs }>()

/** What is believed of a playbook's treatments, by that model. */
export function beliefsFor(playbook: Playbook, model: Model): Beliefs {
  const kept = beliefsKept.get(playbook)
  if (kept?.version === model.version) return kept.beliefs
  const beliefs = beliefsOf(playbook.catalogue, model.counts, playbook.arbitration.priorOffers)
  beliefsKept.set(playbook, { version: model.version, beliefs })
  return beliefs
}

/** What decisions of this moment stand on. */
export async function groundFor(rt: Runtime, revision: Revision): Promise<Ground> {
  const playbook = playbookOf(revision)
  return { revision, playbook, now: rt.clock.now(), today: await todayOf(rt, playbook.bank.zone) }
}

async function decideBatch(rt: Runtime, asks: readonly Ask[]): Promise<Settled<DecisionReply>[]> {
  const ground = await groundFor(rt, await activeRevision(rt))
  const model = await currentModel(rt)
  const { channels } = ground.playbook.catalogue
  const good = asks.filter((ask) => channels.has(ask.channel))
  const answered = good.length > 0 ? await answerKnown(rt, good, ground, model) : new Map<Ask, Settled<DecisionReply>>()
  const results: Settled<DecisionReply>[] = asks.map(
    (ask) => answered.get(ask) ?? { ok: false, error: channelUnknown(ask.channel) },
  )
  countBatch(metricsOf(rt).note, channels, asks, results)
  return results
}

export const channelUnknown = (channel: string) =>
  invalid(
    'channel_unknown',
    { channel },
    `The playbook has no channel "${channel}".`,
    'Name a channel of the playbook.',
  )

/** Thrown to undo a batch that named people we don't know: their numbers must leave no trace. */
class Unknown extends Error {
  readonly customerIds: ReadonlySet<number>
  constructor(customerIds: ReadonlySet<number>) {
    super('customers unknown')
    this.customerIds = customerIds
  }
}

async function answerKnown(
  rt: Runtime,
  asks: readonly Ask[],
  ground: Ground,
  model: Model,
): Promise<Map<Ask, Settled<DecisionReply>>> {
  try {
    return await transaction(rt, (rt) => decideLocked(rt, asks, ground, model))
  } catch (error) {
    if (!(error instanceof Unknown) || isInTransaction(rt))
      throw error instanceof Unknown ? customerUnknown(asks[0]!) : error
    const known = asks.filter((ask) => !error.customerIds.has(ask.customerId))
    const answered: Map<Ask, Settled<DecisionReply>> = known.length > 0
      ? await answerKnown(rt, known, ground, model)
      : new Map()
    for (const ask of asks)
      if (error.customerIds.has(ask.customerId)) answered.set(ask, { ok: false, error: customerUnknown(ask) })
    return answered
  }
}

const customerUnknown = ({ customerId }: Ask) =>
  notFound('customer_unknown', { customerId }, 'There is no such customer.', 'Ask with the number of a customer.')

/** Reads under the customers' locks, so that what is read is what the claim is made on. */
async function decideLocked(
  rt: Runtime,
  asks: readonly Ask[],
  ground: Ground,
  model: Model,
): Promise<Map<Ask, Settled<DecisionReply>>> {
  const ids = asks.map((ask) => ask.customerId)
  const { playbook } = ground
  const household = asks.filter((ask) => sharesCaps(playbook, ask)).map((ask) => ask.customerId)
  const sends = asks.some((ask) => playbook.catalogue.channels.get(ask.channel)?.direction === 'outbound')
  const keyed = asks.filter((ask) => ask.idempotencyKey !== undefined)
  // Sent one behind the other on one connection: the locks are taken before anything is read.
  const [versions, , known, earlier] = await Promise.all([
    takeVersions(rt, ids),
    household.length > 0 ? store.lockHouseholds(rt.db, household) : undefined,
    readAll(rt, ids, ground, sends),
    keyed.length > 0
      ? store.decisionsByKey(
          rt.db,
          keyed.map((ask) => ask.customerId),
          keyed.map((ask) => ask.idempotencyKey!),
        )
      : [],
  ])
  const unknown = new Set(ids.filter((id) => !known.facts.has(id)))
  if (unknown.size > 0) throw new Unknown(unknown)
  const results = new Map<Ask, Settled<DecisionReply>>()
  const made: { ask: Ask; made: Made }[] = []
  const beliefs = beliefsFor(playbook, model)
  for (const ask of asks) {
    const before = earlier.find((row) => row.customerId === ask.customerId && row.idempotencyKey === ask.idempotencyKey)
    try {
      if (before) results.set(ask, { ok: true, value: await repeated(rt, ask, before) })
      else {
        const one = makeOne(rt, ask, known, ground, beliefs)
        made.push({ ask, made: one })
        if (sharesCaps(playbook, ask)) tellHousehold(known, one)
      }
    } catch (error) {
      results.set(ask, { ok: false, error })
    }
  }
  for (const [ask, value] of await save(rt, made, ground, model, versions)) results.set(ask, { ok: true, value })
  return results
}

const sharesCaps = ({ catalogue, contact }: Playbook, { channel }: Ask): boolean =>
  catalogue.channels.get(channel)?.direction === 'outbound' && contact.householdCap(channel)

function makeOne(rt: Runtime, ask: Ask, known: Known, ground: Ground, beliefs: Beliefs): Made {
  const facts = known.facts.get(ask.customerId)!
  return makeDecision(ask, facts, known, ground, beliefs, rt.ids.next(bucketOf(ask.customerId)), rt.random.seed())
}

/** People of one household in one batch: the first one's letter counts for the others. */
function tellHousehold(known: Known, made: Made): void {
  const { householdId, customerId } = made.facts
  if (householdId === null) return
  for (const other of known.facts.values()) {
    if (other.householdId !== householdId || other.customerId === customerId) continue
    const { own, household } = known.history.get(other.customerId) ?? NO_HISTORY
    known.history.set(other.customerId, { own, household: [...household, ...touchesMade(made)] })
  }
}

/** Stores decisions, assignments and contacts of a batch, in the transaction that holds the locks. */
async function save(
  rt: Runtime,
  batch: readonly { ask: Ask; made: Made }[],
  ground: Ground,
  model: Model,
  versions: ReadonlyMap<number, number>,
): Promise<[Ask, DecisionReply][]> {
  if (batch.length === 0) return []
  const claims = batch.map(({ ask, made }) =>
    claimsOf(made, ground, versions.get(ask.customerId)!, ask.validForSeconds ?? VALID_FOR_SECONDS, () =>
      rt.ids.next(bucketOf(ask.customerId)),
    ),
  )
  const rows = batch.map(({ ask, made }) =>
    rowOf(
      made,
      ground,
      model.version,
      versions.get(ask.customerId)!,
      ask.idempotencyKey === undefined ? null : digestOf(ask),
    ),
  )
  const drawn = batch.flatMap(({ made }) => (made.assignment ? [made.assignment] : []))
  await Promise.all([
    store.insertDecisions(rt.db, rows as [store.DecisionRow, ...store.DecisionRow[]]),
    claimContacts(rt, claims.flat()),
    ...(drawn.length > 0 ? [insertAssignments(rt.db, drawn)] : []),
  ])
  await tellDecided(
    rt,
    rows.map((decision, place) => ({ decision, claims: claims[place]! })),
  )
  return batch.map(({ ask, made }, place) => [ask, replyOf(made, claims[place]!)])
}

const digestOf = ({ actor: _actor, ...request }: Ask): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')

/** The answer that the same key had before. */
async function repeated(rt: Runtime, ask: Ask, row: store.DecisionRow): Promise<DecisionReply> {
  if (row.requestDigest !== digestOf(ask))
    throw mismatch(
      'decision_mismatch',
      { idempotencyKey: ask.idempotencyKey },
      'This idempotency key was used for another question.',
      'Send the same question again, or a new key.',
    )
  const contacts = new Map(
    (await store.contactsOfDecision(rt.db, row.customerId, row.decisionId)).map((c) => [c.action, c]),
  )
  return {
    decisionId: row.decisionId,
    customerId: row.customerId,
    actions: choicesOf(row.ranked)
      .filter((choice) => !choice.withheld)
      .map(
        (choice): DecidedAction => ({
          contactId: contacts.get(choice.action)!.contactId,
          action: choice.action,
          group: choice.group,
          issue: choice.issue,
          treatment: choice.treatment,
          class: choice.class,
          offer: choice.offer as DecidedAction['offer'],
          variables: choice.variables,
          priority: choice.score,
        }),
      ),
    ...(row.nothingBecause ? { nothingBecause: row.nothingBecause } : {}),
  }
}

/** Customers tried when a change is reviewed; a bank with more is tried on every n-th of them. */
const CUSTOMERS_TRIED = 10_000
/** Few enough that nothing else on this server waits for them noticeably. */
const CUSTOMERS_PER_READ = 200

/** How many customers a change of the playbook would give another next best action, and why. Reads only. */
export async function effectOf(
  rt: Runtime,
  change: { from: Revision; to: Revision },
  signal?: AbortSignal,
  { whole = false, progress }: EffectOptions = {},
): Promise<Effect> {
  const tally = newTally()
  if (change.from.id === '') return effectText(tally, 0)
  const model = await currentModel(rt)
  const sideOf = async (revision: Revision) => {
    const ground = await groundFor(rt, revision)
    return { ground, playbook: ground.playbook, beliefs: beliefsFor(ground.playbook, model) }
  }
  const [from, to] = [await sideOf(change.from), await sideOf(change.to)]
  const customers = await store.countCustomers(rt.db)
  const step = whole ? 1 : Math.max(1, Math.ceil(customers / CUSTOMERS_TRIED))
  for (let after = 0; ; ) {
    signal?.throwIfAborted()
    const page = await store.customersFrom(rt.db, after, step, CUSTOMERS_PER_READ)
    if (page.length === 0) return effectText(tally, customers)
    const ids = page.map((row) => row.customerId)
    after = ids.at(-1)!
    const [knownFrom, knownTo] = [await readAll(rt, ids, from.ground, false), await readAll(rt, ids, to.ground, false)]
    for (const customerId of ids)
      compareOne(tally, from, to, (side, channel) => {
        const [ground, known] = side === from ? [from.ground, knownFrom] : [to.ground, knownTo]
        // The customer's number as seed: both sides draw alike, and so does the next review.
        return inputsFor({ customerId, channel }, known.facts.get(customerId)!, known, ground, customerId % 2 ** 32)
          .inputs
      })
    await progress?.(tally.customers, Math.ceil(customers / step))
  }
}
