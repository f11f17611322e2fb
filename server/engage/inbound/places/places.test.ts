/** The placements of a bank: what can fill each, what came of it, and what it would show to somebody now. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestBank, testBank } from '#test/harness'
import { type TestHttp, testHttp } from '#test/http'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { read } from '#trust/audit'
import { daysBefore } from './counts.ts'
import { countDays } from './index.ts'

const PAGE = 'https://bank.example'
const DAY_MS = 86_400_000
const still = new AbortController().signal

let bank: TestBank
let http: TestHttp
beforeAll(async () => {
  bank = await testBank({ overrides: { http: { origins: [PAGE] } } })
  http = await testHttp(bank)
})
afterAll(async () => {
  await http.close()
  await bank.close()
})

const run = async () => {
  const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
  await runPlaybook(bank.rt, [
    ...[...documents.values()]
      .flatMap((ofKind) => [...ofKind.values()])
      .map((one) => (one.id === 'premium_card_app' ? { ...one, placements: ['app_cards'] } : one)),
    { kind: 'placement', id: 'app_home', title: 'The app’s home', channel: 'app', actionsMax: 1 },
    { kind: 'placement', id: 'app_cards', title: 'Beside the cards', channel: 'app', actionsMax: 2, staffed: true },
  ])
  const { db } = bank.rt
  await db`insert into know.customer (customer_id, birth_on, branch_code, source)
           select n, '1990-05-05', '17', 'test' from generate_series(1, 9) n`
  await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
           select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 8) n`
  await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
           select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 8) n`
}
const places = async (as = 'carlos') => (await http.call('GET', '/api/engage/inbound/placements', { as })).body
const home = async () => (await places()).placements.find((one: { placement: string }) => one.placement === 'app_home')
const ask = async (customerId: number) =>
  (await http.call('POST', '/api/engage/inbound/ask', { as: http.key, body: { customerId, placement: 'app_home' } }))
    .body
const answer = (contactId: string, kind: string) =>
  http.call('POST', '/api/engage/inbound/responses', { as: http.key, body: { contactId, kind } })

describe('placements', () => {
  test('are none before a playbook runs', async () => {
    expect(await places()).toMatchObject({ revision: '', placements: [], origins: [PAGE] })
    expect(await countDays(bank.rt, still)).toBe(0)
    await run()
  })

  test('tell what can fill them: what is made for them, and what fits any of the channel', async () => {
    const { placements } = await places('ada')
    const of = (id: string) => placements.find((one: { placement: string }) => one.placement === id)
    expect(of('app_home')).toMatchObject({
      channel: 'app',
      actionsMax: 1,
      validForSeconds: 86_400,
      staffed: false,
      direction: 'inbound',
    })
    const names = (id: string) => of(id).treatments.map(({ treatment }: { treatment: string }) => treatment)
    expect(names('app_home')).toContain('goal_saver_app')
    expect(names('app_home')).not.toContain('premium_card_app')
    expect(of('app_cards').treatments).toContainEqual(
      expect.objectContaining({ treatment: 'premium_card_app', here: true, class: 'marketing' }),
    )
  })

  test('count what is asked, shown and answered as it happens, and days that are over once', async () => {
    for (const customerId of [1, 2, 9]) {
      const { actions } = await ask(customerId)
      for (const { contactId } of actions) {
        await answer(contactId, 'impression')
        await answer(contactId, 'impression')
        if (customerId === 1) await answer(contactId, 'accept')
        if (customerId === 2) await answer(contactId, 'never')
      }
    }
    const first = { asks: 3, filled: 2, impressions: 2, clicks: 0, accepted: 1, refused: 0, putOff: 1 }
    expect(await home()).toMatchObject({ today: first, last28Days: first })
    // Long enough for what was counted to be counted no more, and not yet tomorrow.
    bank.clock.advanceMs(600_000)
    await ask(3)
    expect((await home()).today).toMatchObject({ asks: 4, filled: 3 })
    expect((await home()).today).toMatchObject({ asks: 4, filled: 3 })

    bank.clock.advanceMs(DAY_MS)
    expect((await places()).daysMissing).toBe(27)
    expect(await countDays(bank.rt, still)).toBe(28)
    expect(await countDays(bank.rt, still)).toBe(0)
    await ask(4)
    const later = await home()
    expect(later).toMatchObject({ today: { asks: 1 }, last28Days: { asks: 5, accepted: 1 } })
    expect(later.asksByDay.slice(-3)).toEqual([0, 4, 1])
    expect((await places()).daysMissing).toBe(0)
    bank.clock.advanceMs(40 * DAY_MS)
    expect(await home()).toMatchObject({ today: { asks: 0 }, last28Days: { asks: 0 } })
  })

  test('show what somebody would be shown now, and claim nothing', async () => {
    const { db } = bank.rt
    const contacts = () => db`select count(*) from know.contact`
    const before = await contacts()
    const { status, body } = await http.call('POST', '/api/engage/inbound/previews', {
      as: 'carlos',
      body: { customerId: 5, placement: 'app_home' },
    })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ placement: 'app_home', customerId: 5, nothingBecause: null })
    expect(body.shown).toHaveLength(1)
    expect(body.shown[0]).toMatchObject({ action: 'goal_saver', failed: null, language: 'en' })
    expect(body.shown[0].text).toMatch(/1\.75\s?%/)
    expect(Object.values(body.verdicts as Record<string, number>).reduce((a, b) => a + b, 0)).toBe(body.considered)
    expect(body.endings).toHaveLength(body.considered)
    expect(body.endings.find((one: { action: string }) => one.action === 'goal_saver')).toMatchObject({
      verdict: 'shown',
    })
    const kept = body.endings.find((one: { verdict: string }) => one.verdict === 'applicability')
    expect(kept.because).toMatchObject({ title: expect.any(String), needed: expect.any(String) })
    expect(await contacts()).toEqual(before)
    expect(await read(bank.rt, { customerId: 5, action: 'decide.decisions:previewed' })).toHaveLength(1)
    const nobody = await http.call('POST', '/api/engage/inbound/previews', {
      as: 'carlos',
      body: { customerId: 9, placement: 'app_home' },
    })
    expect(nobody.body).toMatchObject({ shown: [], nothingBecause: 'nothing_eligible' })
    const wrong = await http.call('POST', '/api/engage/inbound/previews', {
      as: 'carlos',
      body: { customerId: 5, placement: 'nowhere' },
    })
    expect(wrong.body.error.code).toBe('placement_unknown')
  })

  test('the days before one go over the end of a month', () => {
    expect(daysBefore('2026-03-02', 3)).toEqual(['2026-03-01', '2026-02-28', '2026-02-27'])
  })
})
