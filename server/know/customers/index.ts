import { addDays, localDate } from '#platform/clock'
import { conflict, invalid, notFound } from '#platform/errors'
import { publish, takeVersion } from '#platform/outbox'
import type { Db } from '#platform/postgres'
import { bucketOf, type Runtime, transaction } from '#platform/runtime'
import type { Actor } from '#trust/access'
import { record } from '#trust/audit'
import { type Acting, type DatedRole, mayAct, type Role, roleHoldsOn, standsFor } from './authority.ts'
import {
  type DatedStanding,
  EFFECT_OF,
  type Effect,
  holdsOn,
  minorStanding,
  STANDINGS,
  type StandingName,
  stricter,
} from './standings.ts'
import * as store from './store.ts'
import { statusOn } from './view.ts'

export { ADULT_YEARS, ageYears, isMinor } from './age.ts'
export { type Acting, type Authority, type DatedRole, mayAct, type Role, roleHoldsOn, standsFor } from './authority.ts'
export { invariants } from './check.ts'
export { complaintsWaiting } from './complaints/index.ts'
export { searchCustomers, viewCustomer } from './looks/index.ts'
export { routes } from './routes.ts'
export { fold } from './search.ts'
export { equalSharesBp, type OwnedPart, partsOf } from './shares.ts'
export {
  type DatedStanding,
  EFFECT_OF,
  type Effect,
  effectsOf,
  holdsOn,
  lastDayOf,
  minorStanding,
  STANDINGS,
  type StandingEffects,
  type StandingName,
  stricter,
} from './standings.ts'
export type { CustomerRow, HeldRow, StandingRow } from './store.ts'

/** A person or business with what decides about them: standings (ended ones too), and what they hold on the date. */
export interface Person extends store.CustomerRow {
  standings: store.StandingRow[]
  /** Holdings in any role, whose role and opening are not later than the date; ended and closed ones too. */
  held: store.HeldRow[]
}

/** The date after which nothing is visible, when the bank's files end on a past one; undefined: today. */
export async function horizonOf(db: Db): Promise<string | undefined> {
  const [row] = await store.findHorizon(db)
  return row?.asOf
}

const horizons = new WeakMap<object, { readAt: number; asOf: string | undefined }>()
const HORIZON_MS = 5_000

/**
 * The date that counts as today: the horizon of a bank read as of a past date, else the date in the zone. Another
 * server's change of the horizon is known within five seconds.
 */
export async function todayOf(rt: Runtime, zone: string): Promise<string> {
  const now = rt.clock.now()
  let known = horizons.get(rt.lake)
  if (!known || Math.abs(now.getTime() - known.readAt) >= HORIZON_MS) {
    known = { readAt: now.getTime(), asOf: await horizonOf(rt.db) }
    horizons.set(rt.lake, known)
  }
  return known.asOf ?? localDate(now, zone)
}

/** Reads the bank as of a date: nothing later is visible to attributes or decisions. */
export async function setHorizon(rt: Runtime, asOf: string, actor: Actor): Promise<void> {
  await store.putHorizon(rt.db, asOf, actor.id, rt.clock.now())
  horizons.delete(rt.lake)
}

/**
 * The people with these numbers, with their standings and what they hold, visible on the date; unknown numbers are absent.
 * Three queries whatever the size of the set (at most some thousands).
 */
export async function loadPeople(db: Db, customerIds: readonly number[], on: string): Promise<Map<number, Person>> {
  if (customerIds.length === 0) return new Map()
  const [rows, standings, held] = await Promise.all([
    store.findCustomers(db, customerIds),
    store.findStandings(db, customerIds),
    store.findHeld(db, customerIds, on),
  ])
  const people = new Map<number, Person>(rows.map((row) => [row.customerId, { ...row, standings: [], held: [] }]))
  for (const standing of standings) people.get(standing.customerId)?.standings.push(standing)
  for (const holding of held) people.get(holding.customerId)?.held.push(holding)
  return people
}

/** All dated standings of a person: those noted, and being a minor, which follows from the birth date. */
export const standingsOf = (person: Pick<Person, 'birthOn' | 'standings'>): DatedStanding[] =>
  person.birthOn === null ? person.standings : [...person.standings, minorStanding(person.birthOn)]

/** What the person owns and has open on the date: products may repeat. */
export const openHoldings = (person: Pick<Person, 'held'>, on: string): store.HeldRow[] =>
  person.held.filter(
    (held) =>
      held.role === 'owner' &&
      roleHoldsOn({ fromOn: held.roleFromOn, toOn: held.roleToOn }, on) &&
      statusOn(held, on) === 'open',
  )

/** The language each customer is written to in; undefined when unknown. */
export async function languagesOf(db: Db, customerIds: readonly number[]): Promise<Map<number, string | undefined>> {
  const rows = await store.findLanguages(db, customerIds)
  return new Map(rows.map((row) => [row.customerId, row.language ?? undefined]))
}

/** Who lives together: the members of each household, the households' own numbers as keys. */
export async function membersOf(db: Db, householdIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await store.findHouseholdMembers(db, householdIds)
  const found = Map.groupBy(rows, (row) => row.householdId)
  return new Map([...found].map(([household, members]) => [household, members.map((row) => row.customerId)]))
}

/** Our number of a source's own id, e.g. ('berka_client', '12'). 404 when nobody is known by it. */
export async function customerOfKey(rt: Runtime, source: string, externalId: string): Promise<number> {
  const [row] = await store.findCustomerKey(rt.db, source, externalId)
  if (row) return row.customerId
  throw notFound(
    'customer_key_unknown',
    { source },
    `No customer is known by this id of ${source}.`,
    'Check the id and whose it is.',
  )
}

/** Everybody who has this e-mail address or telephone number: an address may serve two people. For #trust/consents. */
export async function customersAt(rt: Runtime, medium: 'email' | 'phone', address: string): Promise<number[]> {
  const rows = medium === 'email' ? await store.findByEmail(rt.db, address) : await store.findByPhone(rt.db, address)
  return rows.map((row) => row.customerId)
}

/** The eighteenth birthdays of those whose birth date is known: what a minor agreed to ends then. For #trust/consents. */
export async function eighteenthBirthdays(rt: Runtime, customerIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await store.findBirthdays(rt.db, customerIds)
  return new Map(rows.map(({ customerId, birthOn }) => [customerId, addDays(minorStanding(birthOn).toOn!, 1)]))
}

/**
 * Whose record is sealed because of what is so about them, from the day it is noted: staff, VIPs, and those with a
 * support need, whom only those who serve customers see, with a reason. For #trust/access.
 */
export async function sealedByStanding(
  rt: Runtime,
  customerIds: readonly number[] | 'all',
): Promise<{ customerId: number; kind: 'staff' | 'vip' | 'vulnerable' }[]> {
  const rows = await store.findSealing(rt.db, customerIds)
  // A note made for a day to come seals at once; one that has ended does no longer.
  const today = rows.length > 0 ? localDate(rt.clock.now(), 'UTC') : ''
  return rows
    .filter(({ toOn }) => toOn === null || toOn >= today)
    .map(({ customerId, standing }) => ({ customerId, kind: standing === 'support_need' ? 'vulnerable' : standing }))
}

/** Where customers belong: their branch, team and portfolio; unknown numbers are absent. For #trust/access. */
export async function unitsOf(
  rt: Runtime,
  customerIds: readonly number[],
): Promise<Map<number, { branchCode: string | null; teamCode: string | null; portfolioCode: string | null }>> {
  return new Map((await store.findUnits(rt.db, customerIds)).map(({ customerId, ...units }) => [customerId, units]))
}

/** Whether `actorCustomerId` may act on the holding of `holderCustomerId` on the date, and who must agree too. */
export async function authorityOver(
  db: Db,
  asked: { holderCustomerId: number; holdingId: number; actorCustomerId: number; on: string },
): Promise<Acting> {
  const roles = await store.findRoles(db, asked.holderCustomerId, asked.holdingId)
  const dated: DatedRole[] = roles.map((row) => ({ ...row, fromOn: row.roleFromOn, toOn: row.roleToOn }))
  return mayAct(dated, asked.actorCustomerId, asked.on)
}

/** Whether the person acts for the customer in that role today, on any holding that the customer owns. */
export async function actsFor(
  rt: Runtime,
  asked: { customerId: number; actingCustomerId: number; role: Role; on: string },
): Promise<ReturnType<typeof standsFor>> {
  const roles = await store.findRolesOver(rt.db, asked.customerId, asked.actingCustomerId)
  return standsFor(
    roles.map((row) => ({ ...row, fromOn: row.roleFromOn, toOn: row.roleToOn })),
    asked.role,
    asked.on,
  )
}

/** The bank's book by product and currency on the date; a joint account counts once. Never summed across currencies. */
export const bookOf = (db: Db, on: string) => store.sumBook(db, on)

/** What is noted about a customer, and why. */
export interface NotedStanding {
  customerId: number
  standing: StandingName
  /** At least as strict as the standing's own effect: a person may stop more, never less. */
  effect?: Effect
  /** Dates of the bank's zone; from today unless given. */
  fromOn: string
  toOn?: string | null
  reason: string
  source?: string
  actor: Actor
}

/**
 * Notes a standing under the customer's version, so that no contact claimed later can overtake it. Noting the same
 * standing twice is two rows: each says who knew it. Publishes know.standing_changed.
 */
export const noteStanding = (rt: Runtime, noted: NotedStanding): Promise<{ standingId: string; version: number }> =>
  transaction(rt, async (rt) => {
    const { customerId, standing, actor } = noted
    if (!STANDINGS.includes(standing)) {
      throw invalid(
        'unknown_standing',
        { found: standing, expected: STANDINGS },
        'There is no such standing.',
        'Use one of the list.',
      )
    }
    const version = await takeVersion(rt, customerId)
    if ((await store.findCustomers(rt.db, [customerId])).length === 0) throw unknown(customerId)
    const standingId = rt.ids.next(bucketOf(customerId))
    const effect = stricter(noted.effect ?? 'none', EFFECT_OF[standing])
    const row = {
      customerId,
      standingId,
      standing,
      effect,
      fromOn: noted.fromOn,
      toOn: noted.toOn ?? null,
      reason: noted.reason,
      source: noted.source ?? 'staff',
      notedBy: actor.id,
      notedAt: rt.clock.now(),
      notedVersion: version,
    }
    await store.insertStanding(rt.db, row)
    await record(rt, { actor, action: 'know.customers:standing_noted', customerIds: [customerId], subject: standingId })
    await publish(rt, {
      type: 'know.standing_changed',
      customerId,
      version,
      payload: { customerId, standingId, change: 'noted' },
    })
    return { standingId, version }
  })

/** Ends a standing: the row stays, with who ended it, when and why. 409 when it is not there or has ended already. */
export const endStanding = (
  rt: Runtime,
  {
    customerId,
    standingId,
    toOn,
    reason,
    actor,
  }: { customerId: number; standingId: string; toOn: string; reason: string; actor: Actor },
): Promise<{ version: number }> =>
  transaction(rt, async (rt) => {
    const version = await takeVersion(rt, customerId)
    const [ended] = await store.closeStanding(rt.db, {
      customerId,
      standingId,
      toOn,
      endedBy: actor.id,
      endedAt: rt.clock.now(),
      endReason: reason,
    })
    if (!ended) {
      throw conflict(
        'standing_not_open',
        { customerId, standingId },
        'This standing is not there, or has ended already.',
        'Read the customer again.',
      )
    }
    await record(rt, {
      actor,
      action: 'know.customers:standing_ended',
      customerIds: [customerId],
      subject: standingId,
      reason,
    })
    await publish(rt, {
      type: 'know.standing_changed',
      customerId,
      version,
      payload: { customerId, standingId, change: 'ended' },
    })
    return { version }
  })

/** Whether any standing of the person holds on the date with this effect or a stricter one. */
export const standsUnder = (person: Person, effect: Effect, on: string): boolean =>
  standingsOf(person).some((standing) => holdsOn(standing, on) && stricter(standing.effect, effect) === standing.effect)

const unknown = (customerId: number) =>
  notFound(
    'customer_unknown',
    { customerId },
    'There is no customer with this number.',
    'Search for the customer first.',
  )
