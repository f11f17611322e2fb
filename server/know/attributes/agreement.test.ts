import { expect, test } from 'vitest'
import * as events from '#know/events'
import { takeEvents } from '#know/events'
import { drain } from '#platform/outbox'
import { type Runtime, seededRandom } from '#platform/runtime'
import { testBank } from '#test/harness'
import { EVERY_KIND, eventsFor, givePeople, giveTransactions, shuffled } from '#test/histories'
import { catalogueFor, computeAttributes, currentProfile, loadFacts, refreshCustomers } from './index.ts'

const PEOPLE = 40
const ids = Array.from({ length: PEOPLE }, (_, i) => i + 1)
const { attributes } = catalogueFor(EVERY_KIND)

/** What the lake computed over everybody, in the outside form. */
async function overEverybody(rt: Runtime): Promise<Map<number, Record<string, unknown>>> {
  const { table } = (await currentProfile(rt, EVERY_KIND))!
  const rows = await rt.lake.query<Record<string, unknown>>(`select * from ${table}`)
  return new Map(
    rows.map((row) => [
      row.customer_id as number,
      Object.fromEntries(
        attributes.map(({ id, always }) => [id, always || row[`has_${id}`] ? (row[id] as unknown) : null]),
      ),
    ]),
  )
}

const perCustomer = async (rt: Runtime): Promise<Map<number, Record<string, unknown>>> =>
  new Map([...(await loadFacts(rt, ids, EVERY_KIND))].map(([id, facts]) => [id, { ...facts.attributes }]))

for (const seed of [1, 2, 3]) {
  test(`one definition gives the same over history and event by event, whatever the disorder (history ${seed})`, async () => {
    const bank = await testBank()
    try {
      const { rt } = bank
      const { next } = seededRandom(seed)
      const nowMs = rt.clock.now().getTime()
      await givePeople(rt, next, PEOPLE, nowMs)
      await giveTransactions(rt, next, 25, nowMs)
      const all = eventsFor(next, PEOPLE, 400, nowMs)
      await takeEvents(rt, all.slice(0, 100))
      await drain(rt, events.subscriptions)
      await computeAttributes(rt, { revision: EVERY_KIND })
      expect(await perCustomer(rt)).toEqual(await overEverybody(rt))

      // The rest arrives five times over, shuffled, in small lots; buckets are made at the first and run from there.
      const late = shuffled(next, [...all, ...all, ...all, ...all, ...all])
      for (let at = 0; at < late.length; at += 150) {
        const lot = late.slice(at, at + 150)
        await takeEvents(rt, lot)
        await refreshCustomers(
          rt,
          lot.map((event) => event.customerId as number),
          { revision: EVERY_KIND },
        )
      }
      const running = await perCustomer(rt)
      await drain(rt, events.subscriptions)
      await computeAttributes(rt, { revision: EVERY_KIND })
      expect(running).toEqual(await overEverybody(rt))

      // Made anew from history it is the same again.
      await refreshCustomers(rt, ids, { revision: EVERY_KIND, rebuild: true })
      expect(await perCustomer(rt)).toEqual(running)
    } finally {
      await bank.close()
    }
  })
}

test('nothing later than the day asked about is seen', async () => {
  const bank = await testBank()
  try {
    const { rt } = bank
    const { next } = seededRandom(7)
    const nowMs = rt.clock.now().getTime()
    await givePeople(rt, next, PEOPLE, nowMs)
    await giveTransactions(rt, next, 25, nowMs)
    await takeEvents(rt, eventsFor(next, PEOPLE, 300, nowMs))
    await drain(rt, events.subscriptions)
    await computeAttributes(rt, { revision: EVERY_KIND, asOf: '2025-09-15' })
    const before = await overEverybody(rt)
    // Taking away everything later changes nothing.
    await rt.lake.command(`delete from know.account_transaction where booked_on > '2025-09-15'`)
    await rt.lake.command(
      `delete from know.event where toDate32(toTimeZone(occurred_at, 'Europe/Berlin')) > '2025-09-15'`,
    )
    await rt.db`delete from know.holding_role where from_on > '2025-09-15'`
    await rt.db`update know.holding set balance_minor = null where balance_on > '2025-09-15'`
    await computeAttributes(rt, { revision: EVERY_KIND, asOf: '2025-09-15' })
    expect(await overEverybody(rt)).toEqual(before)
    expect([...before.values()].some((values) => values.largest_in !== null)).toBe(true)
  } finally {
    await bank.close()
  }
})
