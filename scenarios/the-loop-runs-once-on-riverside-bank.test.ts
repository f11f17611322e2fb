/**
 * Once round the loop over real HTTP: the bank's customers come in, ask at placements, see what is decided for them,
 * answer by their own hidden wishes; what they open comes back with the core's next night; and it can be learnt from.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveFile, sourceOf } from '#know/sources'
import { systemActor } from '#trust/access'
import { dayOf } from '../demo/days.ts'
import { writeNight } from '../demo/night.ts'
import { type Played, play } from '../demo/play.ts'
import { type Riverside, riverside } from './traps/riverside.ts'

const demo = { seed: 7, size: 1000, today: dayOf('2026-03-02'), years: 2 }
const folder = mkdtempSync(join(tmpdir(), 'loop-'))
let bank: Riverside
let url: string
let played: Played
beforeAll(async () => {
  bank = await riverside()
  url = await bank.http.app.listen({ port: 0, host: '127.0.0.1' })
}, 240_000)
afterAll(async () => {
  await bank?.close()
  rmSync(folder, { recursive: true })
})

test('a hundred and twenty visits are all served, and most are shown something', async () => {
  played = await play({ url, apiKey: bank.http.key }, demo, { visits: 120, atOnce: 4, round: 1 })
  expect(played.firstFailure).toBe('')
  expect(played.visits).toBe(120)
  expect(played.shown).toBeGreaterThan(60)
})

test('every answer is in the one history, and every decision came out with a contact or a reason for none', async () => {
  const [found] = await bank.bank.rt.db<{ decisions: number; shown: number; accepted: number; silent: number }[]>`
    select (select count(distinct decision_id)::int from decide.decision) as decisions,
           (select count(*)::int from know.response where kind = 'impression') as shown,
           (select count(*)::int from know.response where kind = 'accept') as accepted,
           (select count(*)::int from decide.decision d where d.nothing_because is null
               and d.arm is distinct from 'control'
               and not exists (select from know.contact c where c.customer_id = d.customer_id and c.decision_id = d.decision_id)) as silent`
  expect(found!.decisions).toBeGreaterThanOrEqual(120)
  expect(found!.shown).toBe(played.shown)
  expect(found!.accepted).toBe(played.answers.accept)
  expect(found!.silent).toBe(0)
})

test('the same visitors come when the round is played again, and nobody is asked again what they refused', async () => {
  const again = await play({ url, apiKey: bank.http.key }, demo, { visits: 120, atOnce: 1, round: 1 })
  expect(again.firstFailure).toBe('')
  const [repeated] = await bank.bank.rt.db<{ times: number }[]>`
    select count(*)::int as times from know.response r
      join know.contact c on c.customer_id = r.customer_id and c.contact_id = r.contact_id
      join know.contact later on later.customer_id = c.customer_id and later.action = c.action
       and later.decision_id <> c.decision_id and later.class = 'marketing'
     where r.kind in ('refuse', 'never') and later.claimed_at > r.recorded_at`
  expect(repeated!.times).toBe(0)
})

test('what customers opened, asked or not, comes in with the next night and is held', async () => {
  expect(played.opened.length).toBeGreaterThan(0)
  const holdings = writeNight(demo, folder, played.opened)
  const { rt } = bank.bank
  for (const source of ['holdings', 'roles']) {
    const given = {
      source: await sourceOf(rt, source),
      path: join(folder, `${source}.csv`),
      folder,
      actor: systemActor('core banking'),
    }
    const { feed, reasons } = await giveFile(rt, given)
    expect([feed.state, feed.rowsApplied, reasons]).toEqual(['applied', holdings, []])
  }
  const [held] = await rt.db<{ opened: number }[]>`
    select count(*)::int as opened from know.holding where opened_on = '2026-03-02' and number like '8%'`
  expect(held!.opened).toBe(holdings)
})

test('what contact changed can be asked for, per outcome and action, for both arms', async () => {
  const { status, body } = await bank.http.call('GET', '/api/learn/outcomes/lift', { as: bank.http.key })
  expect(status).toBe(200)
  expect(Array.isArray(body.lines)).toBe(true)
})
