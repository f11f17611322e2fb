/** A demo bank that was made some days ago: its core's nights go on, quietly, so that nothing waits for a late feed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quietNight } from '#app/demo-nights'
import { feedHealth } from '#know/sources'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from './traps/riverside.ts'

let bank: Riverside
beforeAll(async () => {
  bank = await riverside()
}, 240_000)
afterAll(() => bank?.close())

const late = async (): Promise<string[]> =>
  (await feedHealth(bank.bank.rt)).filter(({ state }) => state !== 'ok').map(({ source }) => source)

test('three days later its feeds are late, and after a quiet night they are not', async () => {
  expect(await late()).toEqual([])
  bank.bank.clock.set('2026-03-05T08:00:00Z')
  const waiting = await late()
  expect(waiting).toContain('transactions')
  const held = await bank.bank.rt.db`select count(*)::int as n from know.holding`
  const given = await quietNight(bank.bank.rt, bank.folder)
  expect(given).toEqual(expect.arrayContaining(waiting))
  expect(await late()).toEqual([])
  expect(await bank.bank.rt.db`select count(*)::int as n from know.holding`).toEqual(held)
  expect((await bank.shownTo(PEOPLE.jonas)).map(({ action }) => action)).toContain('goal_saver')
})

test('a night that has passed can be told again without effect', async () => {
  const feeds = await bank.bank.rt.db`select count(*)::int as n from know.feed`
  await quietNight(bank.bank.rt, bank.folder)
  expect(await bank.bank.rt.db`select count(*)::int as n from know.feed`).toEqual(feeds)
})
