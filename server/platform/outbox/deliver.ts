import type { Runtime } from '#platform/runtime'
import type { Aside, Finished, StoredMessage, Turn } from './store.ts'

/** A message as a subscription gets it. */
export interface Message<P = unknown> {
  /** The same at each delivery: a handler that must act once keys its effect by it. */
  readonly id: string
  readonly type: string
  /** 0 for what concerns the bank and no customer. */
  readonly customerId: number
  readonly version: number
  readonly payload: P
}

interface Listening {
  /** Unique; kept with each message, so it must not change while messages are on their way. */
  readonly name: string
  readonly type: string | readonly string[]
}

/**
 * Who hears of what: one message at a time, or several messages of several customers at once, in order; when that
 * throws, none of them counts as handled. A handler may be called more than once with the same message.
 */
export type Subscription = Listening &
  (
    | { readonly handle: (rt: Runtime, message: Message) => Promise<void> }
    | { readonly handleAll: (rt: Runtime, messages: readonly Message[]) => Promise<void> }
  )

const hears = (subscription: Subscription, type: string): boolean =>
  typeof subscription.type === 'string' ? subscription.type === type : subscription.type.includes(type)

/** After so many attempts a message is set aside for the subscription that could not handle it. */
export const ATTEMPTS_MAX = 8
const BACK_OFF_FIRST_MS = 100
const BACK_OFF_MAX_MS = 60_000

/** Pause before the next attempt: doubling from 100 ms to a minute. */
export const backOffMs = (attempts: number): number => Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** attempts)

export const messageOf = (stored: StoredMessage): Message => ({
  id: `${stored.customerId}-${stored.version}-${stored.sequence}`,
  type: stored.type,
  customerId: stored.customerId,
  version: stored.version,
  payload: stored.payload,
})

/** Those who still have to hear a message. */
const listenersOf = (stored: StoredMessage, subscriptions: readonly Subscription[]): Subscription[] =>
  subscriptions.filter(
    (s) =>
      hears(s, stored.type) && !stored.done.includes(s.name) && (stored.onlyFor === null || stored.onlyFor === s.name),
  )

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000)

/** Customers whose messages are handled at the same time, by subscriptions that take one message at a time. */
const CUSTOMERS_AT_ONCE = 8

interface Claimed {
  turn: Turn
  messages: StoredMessage[]
  /** Whether these are all that were there. */
  complete: boolean
}

/**
 * Delivers the messages of claimed customers and says what became of each. Subscriptions that take many get all at
 * once; where that fails, message by message, so that one bad message holds back its own customer only.
 */
export async function deliver(
  rt: Runtime,
  subscriptions: readonly Subscription[],
  claimed: readonly Claimed[],
): Promise<{ finished: Finished[]; asides: Aside[] }> {
  const handledBy = new Map<StoredMessage, Set<string>>()
  const all = claimed.flatMap(({ messages }) => messages)
  for (const stored of all) handledBy.set(stored, new Set(stored.done))

  for (const subscription of subscriptions) {
    if (!('handleAll' in subscription)) continue
    const batch = all.filter((stored) => listenersOf(stored, [subscription]).length > 0)
    if (batch.length === 0) continue
    try {
      await subscription.handleAll(rt, batch.map(messageOf))
      for (const stored of batch) handledBy.get(stored)!.add(subscription.name)
    } catch (error) {
      const facts = { subscription: subscription.name, messages: batch.length, error }
      rt.log.warn(facts, 'a batch of messages failed: trying them one by one')
    }
  }

  const finished: Finished[] = []
  const asides: Aside[] = []
  const queue = claimed.values()
  const work = async (): Promise<void> => {
    for (const one of queue) finished.push(await deliverOne(rt, subscriptions, one, handledBy, asides))
  }
  await Promise.all(Array.from({ length: CUSTOMERS_AT_ONCE }, work))
  return { finished, asides }
}

async function deliverOne(
  rt: Runtime,
  subscriptions: readonly Subscription[],
  { turn, messages, complete }: Claimed,
  handledBy: Map<StoredMessage, Set<string>>,
  asides: Aside[],
): Promise<Finished> {
  const result: Finished = { turn, gone: [], partly: [], handledThrough: 0, retryMs: 0 }
  for (const stored of messages) {
    const handled = handledBy.get(stored)!
    // Behind a message that failed nothing more is tried: order is promised. What a batch did before is kept.
    for (const subscription of result.retryMs > 0 ? [] : listenersOf(stored, subscriptions)) {
      if (handled.has(subscription.name)) continue
      try {
        if ('handleAll' in subscription) await subscription.handleAll(rt, [messageOf(stored)])
        else await subscription.handle(rt, messageOf(stored))
        handled.add(subscription.name)
      } catch (error) {
        const attempts = turn.attempts + 1
        if (attempts < ATTEMPTS_MAX) result.retryMs = backOffMs(turn.attempts)
        else {
          asides.push({ message: stored, subscription: subscription.name, attempts, reason: reasonOf(error) })
          handled.add(subscription.name)
        }
      }
    }
    const left = listenersOf({ ...stored, done: [...handled] }, subscriptions)
    const mark = { version: stored.version, sequence: stored.sequence }
    if (result.retryMs > 0 && (left.length > 0 || result.partly.length > 0))
      result.partly.push({ ...mark, done: [...handled] })
    else result.gone.push(mark)
  }
  if (result.retryMs === 0 && complete) result.handledThrough = Math.max(turn.through, messages.at(-1)?.version ?? 0)
  return result
}
