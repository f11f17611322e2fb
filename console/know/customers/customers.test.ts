import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noteStanding } from '#know/customers'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { type TestBank, testBank } from '#test/harness'
import { giveALongLife } from '#test/long-life'
import { SMALL_PLAYBOOK } from '#test/small-playbook'
import { seal, systemActor } from '#trust/access'
import { giveConsent } from '#trust/consents'
import { activateFolder } from '#trust/playbook'

const actor = systemActor('test')
const SCRIPT = '<img src=x onerror="document.title=1">'
const LONG = 'Aleksandra Wilhelmina Konstantinopolskaya-von Hohenzollern-Sigmaringen y Fernández de la Cruz'

/** Marta with ten thousand transactions and two thousand contacts; Jonas new; Tom whose name is a script; a sealed one. */
async function people({ rt }: TestBank): Promise<void> {
  await activateFolder(rt, SMALL_PLAYBOOK, actor)
  await rt.db`
    insert into know.customer (customer_id, full_name, given_name, family_name, branch_code, birth_on, phone, email, city, language, since_on, household_id)
    values (1, 'Marta Lindner', 'Marta', 'Lindner', '17', '1984-11-22', '+491500000001', 'marta@example.com', 'Riverside', 'de', '2016-01-01', 1),
           (2, 'Jonas Weber', 'Jonas', 'Weber', '17', '2002-05-01', null, null, null, null, '2026-02-20', null),
           (3, ${SCRIPT}, 'Tom', ${SCRIPT}, '17', '1990-01-01', null, null, null, null, '2020-01-01', 1),
           (4, 'Vera Prominent', 'Vera', 'Prominent', '17', '1970-01-01', null, null, null, null, '2020-01-01', null),
           (5, ${LONG}, 'Aleksandra', ${LONG}, '17', '1970-01-01', null, null, null, null, '2020-01-01', null),
           (6, 'ليلى عبد الرحمن', 'ليلى', 'عبد الرحمن', '17', '1988-03-03', null, null, null, 'ar', '2019-01-01', null)`
  await rt.db`insert into know.holding (customer_id, holding_id, product, currency, opened_on, number, balance_minor, balance_on)
              values (1, 11, 'everyday', 'EUR', '2016-01-01', '900000001', 410840, '2026-03-01')`
  await rt.db`insert into know.holding_role (customer_id, holding_id, role, authority, share_bp, from_on, to_on, holder_customer_id)
              values (1, 11, 'owner', 'either', 5000, '2016-01-01', null, 1), (3, 11, 'owner', 'either', 5000, '2016-01-01', null, 1)`
  await giveALongLife(rt, { customerId: 1, holdingId: 11 })
  await giveConsent(rt, { customerId: 1, purpose: 'marketing', channel: 'email', evidence: { how: 'app' }, actor })
  await noteStanding(rt, {
    customerId: 1,
    standing: 'bereaved',
    fromOn: '2026-02-20',
    toOn: null,
    reason: 'told us',
    actor,
  })
  await seal(rt, { customerId: 4, kind: 'vip', reason: 'in the public eye' }, actor)
  await rt.db`analyze`
}

describe.runIf(hasBrowser)(`customers in the console${notRunHere}`, () => {
  let bank: TestBank
  let it: Browsing
  beforeAll(async () => {
    bank = await testBank()
    it = await browse(bank)
    await people(bank)
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })
  const as = async (login: string, options: Parameters<Browsing['open']>[0] = {}) => {
    const page = await it.open(options)
    await it.signIn(page, login)
    return page
  }

  test('a caller is found by name, birth date, phone, e-mail and account number, by keyboard alone', async () => {
    const page = await as('arthur')
    await it.go(page, '/know/customers')
    await page.getByText('Who is on the line').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'customers-empty')
    const [contact] = await bank.rt.db<{ contactId: string }[]>`
      select contact_id as "contactId" from know.contact where customer_id = 1 limit 1`
    const said = [
      'lindner m',
      'marta',
      '22.11.1984',
      '22 November 84 Lindner',
      '+49 1500 000001',
      '01500/00 00 01',
      'marta@',
    ]
    for (const text of [...said, '900000001', '900 000 001', '0001', contact!.contactId]) {
      await page.getByRole('searchbox', { name: 'Find a customer' }).fill('')
      await page.getByText('Who is on the line').waitFor()
      await page.getByRole('searchbox', { name: 'Find a customer' }).fill(text)
      await page.getByRole('gridcell', { name: 'Marta Lindner' }).waitFor()
    }
    await page.locator('.know-results[aria-busy="false"]').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Marta Lindner' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('one search for everything finds the caller by the same, and by the number of a letter', async () => {
    const page = await as('arthur')
    await it.go(page, '/know/customers')
    const [contact] = await bank.rt.db<{ contactId: string }[]>`
      select contact_id as "contactId" from know.contact where customer_id = 1 limit 1`
    for (const text of ['marta 22.11.1984', '0150 0000001', contact!.contactId]) {
      await page.keyboard.press('Control+k')
      await page
        .getByPlaceholder(/Customers|Search/)
        .last()
        .fill(text)
      await page.locator('.mantine-Spotlight-action', { hasText: 'Marta Lindner' }).click()
      await page.getByRole('heading', { level: 1, name: 'Marta Lindner' }).waitFor()
      await it.go(page, '/know/customers')
    }
  })

  test('Enter opens whom one has typed, never whom the beginning of the name had found', async () => {
    const page = await as('arthur')
    await it.go(page, '/know/customers')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Customers, actions, segments').waitFor()
    await page.keyboard.type('to')
    await page.locator('.mantine-Spotlight-action', { hasText: 'Tom' }).first().waitFor()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('marta lindner')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Marta Lindner' }).waitFor()
    // The only one found is pointed at without an arrow key.
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Customers, actions, segments').waitFor()
    await page.keyboard.type('22.11.1984 marta')
    await page.locator('.mantine-Spotlight-action[data-selected]', { hasText: 'Marta Lindner' }).waitFor()
    expect(it.complaints()).toEqual([])
  })

  test('nobody found is said plainly, and what was asked stays in the address', async () => {
    const page = await as('arthur')
    await it.go(page, '/know/customers?find=Nemo')
    await page.getByText('Nobody fits').waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'customers-none')
  })

  test('the page answers who this is, what they hold, what stands and what is next without scrolling', async () => {
    const page = await as('riya')
    await it.go(page, '/know/customers/1')
    for (const name of [
      'Holdings',
      'Household and businesses',
      'Going on in their life',
      'What next',
      'What we may do',
    ]) {
      const heading = page.getByRole('heading', { name, exact: true })
      await heading.waitFor()
      const box = await heading.boundingBox()
      expect(box!.y + box!.height, name).toBeLessThan(900)
    }
    await page.getByText('Care only').waitFor()
    await page.getByText('€2,054.20').first().waitFor() // half of the joint account
    expect(await it.axe(page)).toEqual([])
    expect(it.complaints()).toEqual([])
    await it.shot(page, 'customer-crowded')
  })

  test('fourteen thousand days, payments and answers are walked to the beginning', async () => {
    const page = await as('riya')
    await it.go(page, '/know/customers/1?kinds=contact')
    const list = page.getByRole('listbox', { name: /^Timeline/ })
    await list.waitFor()
    for (let turns = 0; turns < 40; turns++) {
      await list.focus()
      await page.keyboard.press('End')
      await page.waitForTimeout(60)
      if (await page.getByText('The beginning of the relationship').isVisible()) break
    }
    await page.getByText(/^2,000 items loaded/).waitFor()
    expect(await page.getByRole('option').count()).toBeLessThan(80)
  })

  test('a sealed record shows its seal, and opens for a reason that goes on record', async () => {
    const page = await as('riya')
    await it.go(page, '/know/customers/4')
    await page.getByRole('heading', { name: 'This record is sealed' }).waitFor()
    expect(await page.getByText('Vera').count()).toBe(0)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'customer-sealed')
    await page.getByLabel('Why you open it').fill('short')
    await page.getByRole('button', { name: 'Open the record' }).click()
    await page.getByText('Ten characters at least').waitFor()
    await page.getByLabel('Why you open it').fill('she called about her card')
    await page.getByRole('button', { name: 'Open the record' }).click()
    await page.getByRole('heading', { name: 'Vera Prominent' }).waitFor()
    const reasons = await bank.rt.db<{ reason: string }[]>`select reason from trust.audit_note where customer_id = 4`
    expect(reasons.map(({ reason }) => reason)).toContain('she called about her card')
    // Leaving and coming back asks again.
    await page.getByRole('link', { name: 'Customers' }).first().click()
    await page.getByRole('heading', { name: 'Customers' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'This record is sealed' }).waitFor()
  })

  test('a script for a name, a very long one and one from right to left are only names', async () => {
    for (const [id, name] of [
      [3, SCRIPT],
      [5, LONG],
      [6, 'ليلى عبد الرحمن'],
    ] as const) {
      const page = await as('riya', { width: 'narrow' })
      await it.go(page, `/know/customers/${id}`)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await page.title()).toContain('Clientele')
      await it.shot(page, `customer-${id}-narrow`)
    }
    expect(it.complaints()).toEqual([])
  })

  test('in the dark and at 390 pixels nothing is lost, and axe finds nothing', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await as('arthur', { width: 'narrow', scheme })
      await it.go(page, '/know/customers/1')
      await page.getByRole('heading', { name: 'Timeline' }).waitFor()
      expect(await it.axe(page)).toEqual([])
      await it.shot(page, `customer-narrow-${scheme}`)
    }
    expect(it.complaints()).toEqual([])
  })

  test('printed from a dark screen it is dark ink on white paper, without what one presses', async () => {
    const page = await it.open({ scheme: 'dark' })
    await it.signIn(page, 'riya')
    await it.go(page, '/know/customers/1')
    await page.getByText('What we may do').waitFor()
    await page.emulateMedia({ media: 'print' })
    const colours = (): Promise<string[]> =>
      page.evaluate(() => {
        const { color } = getComputedStyle(document.querySelector('h1')!)
        return [getComputedStyle(document.body).backgroundColor, color]
      })
    await expect.poll(colours, { timeout: 20_000 }).toEqual(['rgb(255, 255, 255)', 'rgb(22, 25, 29)'])
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false)
    expect(await page.getByRole('banner').isVisible()).toBe(false)
    expect(await page.getByRole('heading', { level: 1, name: 'Marta Lindner' }).isVisible()).toBe(true)
    expect(await page.evaluate(() => document.querySelector('main')!.getBoundingClientRect().left)).toBe(0)
    await it.shot(page, 'customer-printed')
  })

  test('what cannot be read just now is said in its place, and the rest of the page stays', async () => {
    const page = await as('riya')
    const down = {
      kind: 'invalid',
      code: 'lake_away',
      message: 'The lake is away.',
      facts: {},
      next: 'Try again soon.',
    }
    for (const path of ['**/api/know/attributes/of/*', '**/api/decide/decisions/preview'])
      await page.route(path, (route) =>
        route.fulfill({ status: 400, contentType: 'application/json', body: JSON.stringify({ error: down }) }),
      )
    await it.go(page, '/know/customers/1')
    await page.getByText('The lake is away.').nth(1).waitFor()
    await page.getByText('Everyday account').waitFor()
    await page.getByRole('listbox', { name: /^Timeline/ }).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'customer-error')
    await page.unroute('**/api/know/attributes/of/*')
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('button', { name: 'All facts' }).waitFor()
  })

  test('a customer who is not there, or not yours, looks the same', async () => {
    const page = await as('arthur')
    for (const id of ['4', '999', 'abc']) {
      await it.go(page, `/know/customers/${id}`)
      await page.getByRole('heading', { level: 1, name: 'There is no such customer' }).waitFor()
    }
  })
})
