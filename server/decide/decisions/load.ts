import { periodOf } from '#decide/experiments'
import type { ContactHistory } from '#decide/policies'
import { type CustomerFacts, loadFacts } from '#know/attributes'
import { lateFeeds } from '#know/sources'
import type { Runtime } from '#platform/runtime'
import { type Consents, consentsFor, suppressedAmong } from '#trust/consents'
import type { Revision } from '#trust/playbook'
import { type Stops, stopsNow } from '#trust/stops'
import type { Playbook } from './playbook.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000
const VIEWS_REMEMBERED_DAYS = 365

/** What a batch of decisions stands on, the same for all in it. */
export interface Ground {
  revision: Revision
  playbook: Playbook
  now: Date
  /** Business date; the past one as of which the bank is read, when it is. */
  today: string
}

/** Everything fresh about a set of customers. */
export interface Known {
  facts: Map<number, CustomerFacts>
  consents: Map<number, Consents>
  history: Map<number, ContactHistory>
  stops: Stops
  arms: Map<number, 'control' | 'treated'>
  lateFeeds: readonly string[]
  /** Channels whose address is never to be used, by customer; read when something may be sent. */
  suppressed: ReadonlyMap<number, readonly string[]>
}

/**
 * Reads it. `sends`: something may be sent, so addresses and the household count too. Called under the customers' locks when a claim is made on what
 * was read.
 */
export async function readAll(rt: Runtime, ids: number[], ground: Ground, sends: boolean): Promise<Known> {
  const { playbook, now } = ground
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const { experiment } = playbook
  // Sent one after the other on one connection without waiting in between.
  const [facts, consents, own, others, stops, arms, late] = await Promise.all([
    loadFacts(rt, ids, ground.revision),
    consentsFor(rt.db, ids, ground.today),
    store.touchesOf(
      rt.db,
      ids,
      daysAgo(playbook.contact.capDays),
      playbook.contact.countsInbound,
      daysAgo(playbook.contact.restDays),
      daysAgo(VIEWS_REMEMBERED_DAYS),
    ),
    sends ? store.householdTouches(rt.db, ids, daysAgo(playbook.contact.capDays)) : [],
    stopsNow(rt.db),
    experiment ? store.assignmentsOf(rt.db, ids, experiment.id, periodOf(experiment, ground.today)) : [],
    lateFeeds(rt),
  ])
  const history = new Map<number, { own: store.TouchRow[]; household: store.TouchRow[] }>()
  const historyOf = (id: number) => {
    let found = history.get(id)
    if (!found) {
      found = { own: [], household: [] }
      history.set(id, found)
    }
    return found
  }
  for (const touch of own) historyOf(touch.customerId).own.push(touch)
  for (const touch of others) historyOf(touch.customerId).household.push(touch)
  return {
    facts,
    consents,
    history,
    stops,
    arms: new Map(arms.map((row) => [row.customerId, row.arm])),
    lateFeeds: late.filter((feed) => playbook.feeds.has(feed)),
    suppressed: sends ? await suppressedChannels(rt, ids) : new Map(),
  }
}

/** By whose address nothing may be sent: an opt-out by address binds everybody who shares it. */
async function suppressedChannels(rt: Runtime, ids: number[]): Promise<Map<number, string[]>> {
  const addresses = (await store.addressesOf(rt.db, ids)).flatMap(({ customerId, email, phone }) => [
    ...(email ? [{ customerId, medium: 'email' as const, address: email, channels: ['email'] }] : []),
    ...(phone ? [{ customerId, medium: 'phone' as const, address: phone, channels: ['sms', 'call'] }] : []),
  ])
  const found = new Map<number, string[]>()
  for (const place of await suppressedAmong(rt, addresses)) {
    const { customerId, channels } = addresses[place]!
    found.set(customerId, [...(found.get(customerId) ?? []), ...channels])
  }
  return found
}
