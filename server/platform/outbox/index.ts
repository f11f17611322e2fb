import { setTimeout as sleep } from 'node:timers/promises'
import { notFound } from '#platform/errors'
import type { Invariant } from '#platform/postgres'
import { type Runtime, transaction } from '#platform/runtime'
import { deliver, type Subscription } from './deliver.ts'
import * as store from './store.ts'

export { ATTEMPTS_MAX, backOffMs, type Message, type Subscription } from './deliver.ts'
export type { SetAside } from './store.ts'

/** What a module says happened: past tense, named by its own layer, e.g. 'know.consent_changed'. */
export interface Publication {
  type: string
  /** Leave out for what concerns the bank and no one customer. */
  customerId?: number
  payload: unknown
  /** A version taken in this transaction by takeVersion; else one is taken. */
  version?: number
}

/** The stream of what concerns no one customer. */
export const THE_BANK = 0

/** Takes the customer's next version under the customer's lock, held until this transaction ends. */
export const takeVersion = (rt: Runtime, customerId: number): Promise<number> => store.nextVersion(rt.db, customerId)

/**
 * The same for a set of customers, locked in the order of their numbers, whatever the order given. With `counts` a
 * customer's version moves on by that many at once (for as many events); what is returned is the last of them.
 */
export async function takeVersions(
  rt: Runtime,
  customerIds: Iterable<number>,
  counts?: readonly number[],
): Promise<Map<number, number>> {
  const steps = new Map<number, number>()
  let at = 0
  for (const id of customerIds) {
    if (counts) steps.set(id, (steps.get(id) ?? 0) + counts[at++]!)
    else steps.set(id, 1)
  }
  if (steps.size === 0) return new Map()
  const ids = [...steps.keys()].sort((a, b) => a - b)
  const rows = await store.nextVersions(
    rt.db,
    ids,
    ids.map((id) => steps.get(id)!),
  )
  return new Map(rows.map(({ customerId, version }) => [customerId, version]))
}

/** The latest version of each customer, without a lock; absent when nothing has happened to them yet. */
export async function versionsOf(rt: Runtime, customerIds: Iterable<number>): Promise<Map<number, number>> {
  const rows = await store.currentVersions(rt.db, [...new Set(customerIds)])
  return new Map(rows.map(({ customerId, version }) => [customerId, version]))
}

/** Says that something happened, in the transaction in which it happens. Returns the customer's version of it. */
export async function publish(
  rt: Runtime,
  { type, customerId = THE_BANK, payload, version }: Publication,
): Promise<number> {
  if (version === undefined) return store.putNext(rt.db, customerId, type, payload)
  await store.putAll(rt.db, [{ customerId, version, type, payload }])
  return version
}

/** Many at once, in the order given for each customer. Returns the version of each, in the same order. */
export async function publishAll(rt: Runtime, publications: readonly Publication[]): Promise<number[]> {
  if (publications.length === 0) return []
  const needing = publications.filter((p) => p.version === undefined).map((p) => p.customerId ?? THE_BANK)
  const versions = await takeVersions(rt, needing)
  const rows = publications.map(({ type, customerId = THE_BANK, payload, version }) => ({
    customerId,
    type,
    payload,
    version: version ?? versions.get(customerId)!,
  }))
  await store.putAll(rt.db, rows)
  return rows.map((row) => row.version)
}

/** How much one round takes, and for how long a customer is claimed. */
const CUSTOMERS_PER_ROUND = 256
const MESSAGES_PER_CUSTOMER = 64
const LEASE_MS = 30_000
const IDLE_MS = 100

/** One round: claim, deliver, record. Returns how many customers were claimed. */
async function round(
  rt: Runtime,
  subscriptions: readonly Subscription[],
  { ignoreBackOff = false, leaseMs = LEASE_MS },
): Promise<number> {
  const turns = await store.claimTurns(rt.db, CUSTOMERS_PER_ROUND, leaseMs, ignoreBackOff)
  if (turns.length === 0) return 0
  const messages = await store.messagesOf(
    rt.db,
    turns.map((turn) => turn.customerId),
    MESSAGES_PER_CUSTOMER,
  )
  const byCustomer = Map.groupBy(messages, (message) => message.customerId)
  const claimed = turns.map((turn) => {
    const own = byCustomer.get(turn.customerId) ?? []
    return { turn, messages: own, complete: own.length < MESSAGES_PER_CUSTOMER }
  })

  // A slow subscription must not lose its customers to another relay while it still works on them.
  const renewal = setInterval(() => void store.renewLeases(rt.db, turns, leaseMs).catch(() => {}), leaseMs / 3)
  let outcome: Awaited<ReturnType<typeof deliver>>
  try {
    outcome = await deliver(rt, subscriptions, claimed)
  } finally {
    clearInterval(renewal)
  }
  await record(rt, outcome)
  return turns.length
}

/** Records a round in one transaction, for those customers only whose lease is still ours. */
const record = (rt: Runtime, { finished, asides }: Awaited<ReturnType<typeof deliver>>): Promise<void> =>
  transaction(rt, async ({ db }) => {
    const held = new Map(
      (
        await store.holdTurns(
          db,
          finished.map(({ turn }) => turn),
        )
      ).map(({ customerId, through }) => [customerId, through]),
    )
    const ours = finished.filter(({ turn }) => held.has(turn.customerId))
    for (const aside of asides) if (held.has(aside.message.customerId)) await store.putAside(db, aside)
    const gone = ours.flatMap(({ turn, gone }) => gone.map((message) => ({ customerId: turn.customerId, ...message })))
    if (gone.length > 0) await store.removeMessages(db, gone)
    for (const { turn, partly } of ours)
      for (const message of partly) await store.markDone(db, turn.customerId, message)
    const over = ours.filter(
      ({ turn, handledThrough, retryMs }) => retryMs === 0 && held.get(turn.customerId)! <= handledThrough,
    )
    if (over.length > 0)
      await store.endTurns(
        db,
        over.map(({ turn }) => turn.customerId),
      )
    const left = ours.filter((result) => !over.includes(result))
    if (left.length > 0) {
      await store.putOffTurns(
        db,
        left.map(({ turn, retryMs }) => ({
          customerId: turn.customerId,
          retryMs,
          attempts: retryMs > 0 ? turn.attempts + 1 : 0,
        })),
      )
    }
  })

export interface Relay {
  /** Ends after the round under way. */
  stop(): Promise<void>
}

/**
 * Delivers what is on its way until stopped. Any number of server processes may run one: each customer is with one.
 * `leaseMs`: how long a killed server's customers wait for another.
 */
export function startRelay(
  rt: Runtime,
  subscriptions: readonly Subscription[],
  { idleMs = IDLE_MS, leaseMs = LEASE_MS } = {},
): Relay {
  const stopping = new AbortController()
  const pause = (durationMs: number): Promise<void> =>
    sleep(durationMs, undefined, { signal: stopping.signal }).catch(() => {})
  const run = (async () => {
    while (!stopping.signal.aborted) {
      try {
        if ((await round(rt, subscriptions, { leaseMs })) < CUSTOMERS_PER_ROUND) await pause(idleMs)
      } catch (error) {
        rt.log.warn({ error }, 'the relay could not reach the store: trying again')
        await pause(1000)
      }
    }
  })()
  return {
    stop() {
      stopping.abort()
      return run
    },
  }
}

/**
 * Delivers everything that is on its way, without waiting for back-offs, and returns when nothing is left: for tests
 * and for commands that end. A message that keeps failing is set aside on the way.
 */
export async function drain(rt: Runtime, subscriptions: readonly Subscription[]): Promise<void> {
  while ((await round(rt, subscriptions, { ignoreBackOff: true })) > 0);
}

/** Customers with messages on their way, and for how long the oldest has been due. */
export const backlog = (rt: Runtime): Promise<{ customers: number; oldestSeconds: number }> => store.waiting(rt.db)

/** What was set aside, the latest first. */
export const setAside = (rt: Runtime, limit = 100): Promise<store.SetAside[]> => store.listSetAside(rt.db, limit)

/** Gives a message that was set aside again to the subscription that refused it. */
export const giveAgain = (
  rt: Runtime,
  key: { customerId: number; version: number; sequence: number; subscription: string },
): Promise<void> =>
  transaction(rt, async (rt) => {
    const found = await store.takeSetAside(rt.db, key)
    if (!found) throw notFound('not_set_aside', { ...key }, 'No such message is set aside.', 'List what is set aside.')
    await store.putFor(rt.db, {
      customerId: key.customerId,
      version: await takeVersion(rt, key.customerId),
      ...found,
      onlyFor: key.subscription,
    })
  })

export const invariants: Invariant[] = [
  {
    id: 'P1',
    sentence:
      'Every message on its way has a turn in which it will be delivered, and a version that its customer has had.',
    store: 'postgres',
    sql: `
      select o.customer_id, o.version, o.type
        from platform.outbox o
        left join platform.outbox_turn t on t.customer_id = o.customer_id
        left join platform.stream s on s.customer_id = o.customer_id
       where t.customer_id is null or t.through < o.version or s.customer_id is null or s.version < o.version`,
  },
]
