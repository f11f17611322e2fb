import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { runPlaybook } from '#test/playbook'
import { smallPlaybook } from '#test/small-playbook'

describe.runIf(hasBrowser)(`the places where something can be shown${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank({ overrides: { http: { origins: ['https://online.bank.example'] } } })
    it = await browse(bank)
  })
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const as = async (login: string, options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, login)
    return page
  }
  const run = async () => {
    const { documents } = await smallPlaybook((all) => all.filter((one) => one.kind !== 'experiment'))
    const bare = (id: string, title: string) => ({ kind: 'channel', id, title, direction: 'inbound', consent: 'none' })
    await runPlaybook(bank.rt, [
      ...[...documents.values()].flatMap((ofKind) => [...ofKind.values()]),
      bare('branch', 'Branch'),
      { kind: 'placement', id: 'app_home', title: 'Card on the app’s home', channel: 'app', actionsMax: 3 },
      { kind: 'placement', id: 'desk', title: 'Adviser’s screen', channel: 'branch', actionsMax: 2, staffed: true },
    ])
    const { db } = bank.rt
    await db`insert into know.customer (customer_id, birth_on, branch_code, source)
             select n, '1990-05-05', '17', 'test' from generate_series(1, 40) n`
    await db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, details)
             select n, n, 'everyday', 'EUR', '2020-01-01', '{"small_savings": 4, "surplus": 9000}' from generate_series(1, 39) n`
    await db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, holder_customer_id)
             select n, n, 'owner', 'sole', 10000, '2020-01-01', n from generate_series(1, 39) n`
  }
  const ask = async (customerId: number, kinds: readonly string[]) => {
    const { body } = await it.http.call('POST', '/api/engage/inbound/ask', {
      as: it.http.key,
      body: { customerId, placement: 'app_home' },
    })
    for (const kind of kinds)
      await it.http.call('POST', '/api/engage/inbound/responses', {
        as: it.http.key,
        body: { contactId: body.actions[0].contactId, kind },
      })
  }
  const fits = (page: Awaited<ReturnType<typeof as>>) =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  test('before a playbook runs, the page says what a placement is', async () => {
    const page = await as('carlos')
    await it.go(page, '/engage/inbound')
    await page.getByText('No placement yet').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'places-empty')
    await run()
  })

  test('each placement stands with what was asked and what customers did, and opens by keyboard', async () => {
    for (let customerId = 1; customerId <= 30; customerId++)
      await ask(customerId, customerId % 3 === 0 ? ['impression', 'accept'] : ['impression'])
    for (const [scheme, width] of [
      ['light', 'wide'],
      ['dark', 'narrow'],
    ] as const) {
      const page = await as('carlos', { scheme, width })
      await it.go(page, '/engage/inbound')
      await page.getByText('Card on the app’s home').waitFor()
      expect(await it.axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `places-${scheme}-${width}`)
      await page.getByRole('grid').focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Card on the app’s home' }).waitFor()
      await page.getByText('10 in 28 days').first().waitFor()
      expect(await it.axe(page)).toEqual([])
      expect(await fits(page)).toBeLessThanOrEqual(0)
      await it.shot(page, `place-${scheme}-${width}`)
    }
    expect(it.complaints()).toEqual([])
  })

  test('a campaign manager tries it for a customer: what would be shown, as it is read, and nothing is claimed', async () => {
    const page = await as('carlos')
    await it.go(page, '/engage/inbound/app_home')
    const before = await bank.rt.db`select count(*) from know.contact`
    await page.getByLabel('Customer’s number').fill('35')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText(/action would be shown|actions would be shown/).waitFor()
    await page
      .getByText(/Goal Saver pays/)
      .first()
      .waitFor()
    expect(await bank.rt.db`select count(*) from know.contact`).toEqual(before)
    expect(await it.axe(page)).toEqual([])
    await page.locator('.place-shown').scrollIntoViewIfNeeded()
    await it.shot(page, 'place-tried')
    await page.getByLabel('Customer’s number').fill('40')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('no action is right for this customer').waitFor()
    await page.getByLabel('Customer’s number').fill('999')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('There is no such customer').waitFor()
  })

  test('whoever may see customers finds one by name, sees what would come and why, and goes on to their page', async () => {
    await it.http.person('tessa', { role: 'relationship_manager' })
    await bank.rt.db`
      insert into trust.person_role (person_id, role, granted_at, granted_by)
      select person_id, 'customer_strategist', ${bank.clock.now()}, 'test' from trust.person where login = 'tessa'`
    await bank.rt.db`update know.customer set given_name = 'Marta', family_name = 'Lindqvist' where customer_id = 35`
    const page = await as('tessa')
    await it.go(page, '/engage/inbound/app_home')
    const field = page.getByRole('combobox', { name: 'Customer' })
    await field.fill('nobody of this name')
    await page.getByText('Nothing was found for').waitFor()
    await field.fill('lindq')
    await page.getByRole('option', { name: /Marta Lindqvist/ }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'place-choose')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page
      .getByText(/Goal Saver pays/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: /^Why: / }).click()
    const why = page.getByRole('complementary', { name: 'Where each action ended' })
    await why.getByText('shown', { exact: true }).first().waitFor()
    await why
      .getByText(/^Found|Found .*; needed/)
      .first()
      .waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'place-why')
    const narrow = await as('tessa', { width: 'narrow', scheme: 'dark' })
    await it.go(narrow, '/engage/inbound/app_home')
    await narrow.getByRole('combobox', { name: 'Customer' }).fill('35')
    await narrow.getByRole('option', { name: /Marta Lindqvist/ }).click()
    await narrow.getByRole('button', { name: 'Show', exact: true }).click()
    await narrow.getByRole('link', { name: 'The customer', exact: true }).waitFor()
    expect(await fits(narrow)).toBeLessThanOrEqual(0)
    await narrow.getByRole('link', { name: 'The customer', exact: true }).click()
    await narrow.getByRole('heading', { name: 'Marta Lindqvist' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('an administrator finds the lines for the page and the server, and cannot preview', async () => {
    const page = await as('ada')
    await it.go(page, '/engage/inbound/app_home')
    await page.getByText("clientele.placement('app_home'").waitFor()
    await page.getByText('Pages that may call: https://online.bank.example.').waitFor()
    await page.getByText('Whoever may preview decisions').waitFor()
    await page.getByRole('button', { name: 'Copy: On the page' }).focus()
    await page.locator('.place-snippets').scrollIntoViewIfNeeded()
    await it.shot(page, 'place-connect')
    await it.go(page, '/engage/inbound/desk')
    await page.getByText('Nothing can fill it').waitFor()
    await page.getByText('"placement": "desk"').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.go(page, '/engage/inbound/gone')
    await page.getByText('The playbook that runs has no placement gone').waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('an error of the server is told with what to do', async () => {
    const page = await as('carlos')
    await page.route('**/api/engage/inbound/placements', (route) =>
      route.fulfill({
        status: 500,
        json: { error: { kind: 'fault', code: 'fault', message: 'The counts broke.', facts: {}, next: 'Try again.' } },
      }),
    )
    await it.go(page, '/engage/inbound')
    await page.getByText('The counts broke. Try again.').waitFor()
    expect(await it.axe(page)).toEqual([])
  })
})
