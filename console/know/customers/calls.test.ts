import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'
import { systemActor } from '#trust/access'
import { giveConsent } from '#trust/consents'

describe.runIf(hasBrowser)(`an adviser calls a customer${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    // Nobody is called before nine.
    bank.clock.advanceMs(7_200_000)
    it = await browse(bank)
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    const all = [...documents.values()].flatMap((ofKind) => [...ofKind.values()])
    const app = all.find((one) => one.kind === 'treatment' && one.id === 'goal_saver_app')!
    await runPlaybook(bank.rt, [
      ...all,
      { ...app, id: 'goal_saver_call', title: 'Goal Saver, call', channel: 'call', placements: undefined } as never,
      {
        kind: 'placement',
        id: 'outbound_call',
        title: 'A call',
        channel: 'call',
        actionsMax: 2,
        staffed: true,
      } as never,
    ])
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, given_name, family_name, birth_on, branch_code, source)
             select n, 'Clara', 'Berg' || n, '1990-05-05', '17', 'test' from generate_series(1, 3) n`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 3) n`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 3) n`
    for (const customerId of [1, 2])
      await giveConsent(bank.rt, {
        customerId,
        purpose: 'marketing',
        channel: 'call',
        evidence: { how: 'branch' },
        actor: systemActor('test'),
      })
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })
  const at = async (customerId: number, options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, 'riya')
    await it.go(page, `/know/customers/${customerId}?channel=call`)
    return page
  }
  const stateOf = async (customerId: number) =>
    (await bank.rt.db<{ state: string }[]>`select state from know.contact where customer_id = ${customerId}`).map(
      ({ state }) => state,
    )

  test('with its script; who wishes to be called back is called back, and then says no', async () => {
    for (const [scheme, width] of [['light', 'wide'] as const]) {
      const page = await at(1, { scheme, width })
      await page.getByText('consent to calls, calling hours and how often are kept to').waitFor()
      await page.getByRole('button', { name: 'Call about: Open a Goal Saver' }).click()
      await page
        .getByText(/A Goal Saver pays/)
        .first()
        .waitFor()
      const calls = page.getByRole('region', { name: 'Calls under way' })
      await calls.getByLabel('Call back at').fill('2026-03-03T10:30')
      expect(await it.axe(page)).toEqual([])
      await calls.scrollIntoViewIfNeeded()
      await it.shot(page, `call-${scheme}-${width}`)
      await calls.getByRole('button', { name: 'Note the time' }).click()
      await calls.getByText('wants to be called back 3 Mar 2026, 10:30').waitFor()
      expect(await stateOf(1)).toEqual(['shown'])
    }
    // The next day a colleague finds it, at a small screen.
    const page = await at(1, { scheme: 'dark', width: 'narrow' })
    const calls = page.getByRole('region', { name: 'Calls under way' })
    await calls.getByText('wants to be called back 3 Mar 2026, 10:30').waitFor()
    expect(await it.axe(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    await calls.scrollIntoViewIfNeeded()
    await it.shot(page, 'call-back-dark-narrow')
    await calls.getByRole('button', { name: 'No', exact: true }).click()
    await calls.waitFor({ state: 'detached' })
    expect(await stateOf(1)).toEqual(['refused'])
  })

  test('who is not reached is not reached, on the timeline too', async () => {
    const page = await at(2)
    await page.getByRole('button', { name: 'Call about: Open a Goal Saver' }).click()
    const calls = page.getByRole('region', { name: 'Calls under way' })
    await calls.getByRole('button', { name: 'Not reached' }).click()
    await page.getByText('Not reached: noted.').first().waitFor()
    await calls.waitFor({ state: 'detached' })
    expect(await stateOf(2)).toEqual(['failed'])
    await it.http.drain()
    await it.go(page, '/know/customers/2?channel=call')
    await page
      .getByText(/not reached/i)
      .first()
      .waitFor()
  })

  test('who has not agreed to calls is not called with an offer, and the page says why not', async () => {
    const page = await at(3)
    await page.getByRole('button', { name: /Why nothing/ }).click()
    await page
      .getByText(/consent/i)
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: /^Call about/ }).count()).toBe(0)
    expect(it.complaints()).toEqual([])
  })
})
