import { localDate } from '#platform/clock'
import { invalid } from '#platform/errors'
import { publishAll, takeVersions } from '#platform/outbox'
import type { Db } from '#platform/postgres'
import { type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { activeRevision, bankOf } from '#trust/playbook'
import { digest } from '#trust/privacy'
import { normalAddress } from './address.ts'
import type { Evidence, Medium, Outbound, Purpose, State } from './contract.ts'
import { type Consents, type Current, consentsOf, NEVER_SAID } from './decide.ts'
import * as store from './store.ts'

export { invariants } from './check.ts'
export type { Channel, Evidence, Medium, Outbound, Purpose, State } from './contract.ts'
export { type Consents, consentsOf } from './decide.ts'
export { routes } from './routes.ts'

const NOTHING_SAID = consentsOf(NEVER_SAID)

/**
 * What each of these customers agrees to on a business date, in one statement; every customer asked for has an answer,
 * and one of whom nothing is known has the closed one. Without a date, what minors gave is over. Never cached: a
 * decision asks each time.
 */
export async function consentsFor(db: Db, customerIds: readonly number[], on?: string): Promise<Map<number, Consents>> {
  const found = new Map<number, Consents>()
  for (const row of await store.readConsents(db, customerIds)) found.set(row.customerId, consentsOf(row, on))
  for (const id of customerIds) if (!found.has(id)) found.set(id, NOTHING_SAID)
  return found
}

/** What one customer says about one purpose. `channel` is left out for a purpose as such. */
export interface Said {
  customerId: number
  purpose: Purpose
  channel?: Outbound | 'all'
  evidence: Evidence
}

/** The customer agrees. For marketing without a channel: takes an objection back. Returns the customer's version. */
export const giveConsent = (rt: Runtime, said: Said & { actor: Actor }): Promise<number> => say(rt, said, 'given')

/** The customer agrees no longer. Once this returns no claim of a later version can rest on the consent. */
export const withdrawConsent = (rt: Runtime, said: Said & { actor: Actor }): Promise<number> =>
  say(rt, said, 'withdrawn')

/** The customer objects. To marketing as such: ends all of it on every channel, and profiling for it. */
export const objectTo = (rt: Runtime, said: Said & { actor: Actor }): Promise<number> => say(rt, said, 'objected')

async function say(rt: Runtime, { actor, ...said }: Said & { actor: Actor }, state: State): Promise<number> {
  const versions = await recordConsents(rt, [{ ...said, state }], actor)
  return versions.get(said.customerId)!
}

/** The day on which what a customer gives now ends: know/customers registers the eighteenth birthdays. */
export type EndsOfConsent = (rt: Runtime, customerIds: readonly number[]) => Promise<ReadonlyMap<number, string>>

let endsOfConsent: EndsOfConsent | undefined

/** Says on which day consents end by themselves, by customer (wired in app/modules.ts); a day of the past is none. */
export const registerEnds = (ends: EndsOfConsent): void => {
  endsOfConsent = ends
}

/** The business date; in UTC while the bank has no playbook that says its zone. */
async function todayOf(rt: Runtime): Promise<string> {
  const revision = await activeRevision(rt)
  return localDate(rt.clock.now(), revision.sequence === 0 ? 'UTC' : bankOf(revision).zone)
}

const CHANNELS = new Set(['all', 'email', 'sms', 'push', 'call', 'post'])

/**
 * Records what customers say, in one transaction: history, current state, event and audit. Each customer's version is
 * taken under the customer's lock, so that a claim of a contact comes wholly before or wholly after. Returns the
 * version of each. Of several statements of one customer on one purpose and channel the last one counts.
 */
export async function recordConsents(
  rt: Runtime,
  statements: readonly (Said & { state: State })[],
  actor: Actor,
): Promise<Map<number, number>> {
  const last = new Map<string, Said & { state: State; channel: Outbound | 'all' }>()
  for (const said of statements) {
    const channel = said.channel ?? 'all'
    if (!CHANNELS.has(channel) || (said.purpose !== 'marketing' && channel !== 'all')) {
      throw invalid(
        'consent_channel',
        { purpose: said.purpose, channel },
        `There is no consent to ${said.purpose} by ${channel}.`,
        'Only marketing is agreed to by channel (email, sms, push, call, post); leave the channel out.',
      )
    }
    last.set(`${said.customerId} ${said.purpose} ${channel}`, { ...said, channel })
  }
  const said = [...last.values()]
  if (said.length === 0) return new Map()
  return transaction(rt, async (rt) => {
    const versions = await takeVersions(rt, new Set(said.map(({ customerId }) => customerId)))
    const today = await todayOf(rt)
    const ends = (await endsOfConsent?.(rt, [...versions.keys()])) ?? new Map<number, string>()
    const endsOn = (customerId: number) => {
      const day = ends.get(customerId)
      return day !== undefined && day > today ? day : null
    }
    const rows = said.map((one) => ({
      ...one,
      version: versions.get(one.customerId)!,
      endsOn: endsOn(one.customerId),
    }))
    await store.saveConsents(rt.db, rows, { by: actor.id, at: rt.clock.now(), today })
    const ofCustomer = Map.groupBy(rows, ({ customerId }) => customerId)
    await publishAll(
      rt,
      [...ofCustomer].map(([customerId, changes]) => ({
        type: 'trust.consent_changed',
        customerId,
        version: versions.get(customerId)!,
        payload: { changes: changes.map(({ purpose, channel, state }) => ({ purpose, channel, state })) },
      })),
    )
    const customerIds = [...ofCustomer.keys()]
    const states = [...new Set(rows.map(({ state }) => state))]
    await record(rt, {
      actor,
      action: 'trust.consents:recorded',
      customerIds,
      facts: { statements: rows.length, states },
    })
    return versions
  })
}

/**
 * The statements among these that would change something, for feeds that are given again: a state that already stands
 * is not recorded twice.
 */
export async function newStatements<S extends Said & { state: State }>(
  rt: Runtime,
  statements: readonly S[],
): Promise<S[]> {
  const today = await todayOf(rt)
  const rows = await store.readConsents(rt.db, [...new Set(statements.map(({ customerId }) => customerId))])
  const known = new Map<number, Current>(rows.map((row) => [row.customerId, row]))
  return statements.filter(({ customerId, purpose, channel = 'all', state }) => {
    const row = known.get(customerId) ?? NEVER_SAID
    const said = purpose === 'payment_data' ? row.paymentData : row[channel === 'all' ? purpose : channel]
    const over = said === 'given' && row.endsOn !== null && today >= row.endsOn
    return said !== state || over
  })
}

/** What the customer agrees to now, for a person to see; the look is put on record. */
export const viewConsents = (rt: Runtime, customerId: number, actor: Actor): Promise<Consents> =>
  transaction(rt, async (rt) => {
    await record(rt, { actor, action: 'trust.consents:viewed', customerIds: [customerId] })
    return consentsToday(rt, customerId)
  })

/** What the customer agrees to on this business date. */
export const consentsToday = async (rt: Runtime, customerId: number): Promise<Consents> =>
  (await consentsFor(rt.db, [customerId], await todayOf(rt))).get(customerId)!

/** Everything the customer ever said, with its evidence; the look is put on record. */
export const consentHistory = (rt: Runtime, customerId: number, actor: Actor) =>
  transaction(rt, async (rt) => {
    await record(rt, { actor, action: 'trust.consents:viewed', customerIds: [customerId] })
    return store.readHistory(rt.db, customerId)
  })

/** Finds the customers who have an address; know/customers registers it, since addresses are kept there. */
export type FindByAddress = (rt: Runtime, medium: Medium, address: string) => Promise<readonly number[]>

let findByAddress: FindByAddress | undefined

/** Says who finds customers by their address (wired in app/modules.ts). */
export const onSuppression = (find: FindByAddress): void => {
  findByAddress = find
}

const CHANNELS_OF: Record<Medium, readonly Outbound[]> = { email: ['email'], phone: ['sms', 'call'] }

/**
 * Never use this address again, whoever it belongs to. Only a keyed digest of it is kept. Every customer who has it
 * now withdraws consent to its channels by it; whoever has it later is found when something is about to be sent
 * (`suppressedAmong`). Returns how many customers it bound.
 */
export async function suppressAddress(
  rt: Runtime,
  suppression: { medium: Medium; address: string; evidence: Evidence },
  actor: Actor,
): Promise<{ customers: number }> {
  const { medium, address, evidence } = suppression
  const normal = normalAddress(medium, address)
  if (!normal) {
    throw invalid(
      'address_unreadable',
      { medium },
      `This is not ${medium === 'email' ? 'an e-mail address' : 'a telephone number'}.`,
      'Send it as it was written to: name@domain, or the number with its country.',
    )
  }
  return transaction(rt, async (rt) => {
    const key = await digest(rt, `${medium} ${normal}`)
    await store.saveSuppression(rt.db, { medium, digest: key, evidence, by: actor.id, at: rt.clock.now() })
    const customerIds = (await findByAddress?.(rt, medium, normal)) ?? []
    const withdrawn = customerIds.flatMap((customerId) =>
      CHANNELS_OF[medium].map((channel) => ({
        customerId,
        purpose: 'marketing' as const,
        channel,
        state: 'withdrawn' as const,
        evidence,
      })),
    )
    await recordConsents(rt, withdrawn, actor)
    await record(rt, { actor, action: 'trust.consents:suppressed', customerIds, facts: { medium } })
    return { customers: customerIds.length }
  })
}

/** Which of these addresses must not be used, by their place in the list; one that can't be read counts as one. */
export async function suppressedAmong(
  rt: Runtime,
  addresses: readonly { medium: Medium; address: string }[],
): Promise<Set<number>> {
  const unreadable = new Set<number>()
  const asked: { medium: Medium; digest: Buffer; at: number }[] = []
  for (const [at, { medium, address }] of addresses.entries()) {
    const normal = normalAddress(medium, address)
    if (normal) asked.push({ medium, digest: await digest(rt, `${medium} ${normal}`), at })
    else unreadable.add(at)
  }
  if (asked.length === 0) return unreadable
  const found = await store.readSuppressed(rt.db, asked)
  return new Set([...unreadable, ...[...found].map((place) => asked[place]!.at)])
}

/** Whether this one address must not be used. */
export const isSuppressed = async (rt: Runtime, medium: Medium, address: string): Promise<boolean> =>
  (await suppressedAmong(rt, [{ medium, address }])).size > 0
