/** An adviser and an agent say offers to customers in a real browser; the answer in one place is known in all others. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noteStanding } from '#know/customers'
import { type Browsing, browse, hasBrowser, notRunHere } from '#test/browser'
import { systemActor } from '#trust/access'
import { PEOPLE } from '../demo/showcase.ts'
import { type Riverside, riverside } from './traps/riverside.ts'

describe.runIf(hasBrowser)(`what is said at the desk is known everywhere${notRunHere}`, () => {
  let bank: Riverside
  let it: Browsing
  beforeAll(async () => {
    bank = await riverside()
    it = await browse(bank.bank)
  }, 240_000)
  afterAll(async () => {
    await it?.close()
    await bank?.close()
  })

  const as = async (login: string, path: string, options: Parameters<Browsing['open']>[0] = {}): Promise<Page> => {
    const page = await it.open(options)
    await it.signIn(page, login)
    await it.go(page, path)
    return page
  }
  const inApp = async (externalId: string): Promise<string[]> =>
    (await bank.shownTo(externalId)).map(({ action }) => action)
  const next = (page: Page): Locator =>
    page.locator('.ui-panel', { has: page.getByRole('heading', { name: 'What next', exact: true }) })

  test('Riya finds Jonas, says the Goal Saver, he says no: the card goes, the page says it, the app asks no more', async () => {
    expect(await inApp(PEOPLE.jonas)).toContain('goal_saver')
    const page = await as('riya', '/know/customers')
    await page.getByRole('searchbox', { name: 'Find a customer' }).fill(PEOPLE.jonas)
    await page.getByRole('gridcell', { name: /Jonas/ }).first().click()
    await page.getByRole('heading', { level: 1, name: /^Jonas/ }).waitFor()
    await page.getByRole('button', { name: 'Say: Goal Saver' }).waitFor()
    await it.shot(page, 'say-1-before')
    await page.getByRole('button', { name: 'Say: Goal Saver' }).press('Enter')
    const saying = page.getByRole('region', { name: 'Say: Goal Saver' })
    // The words of the branch, the figures as they are owed, how to say it.
    await saying
      .getByText(/put money aside \d+ times/)
      .first()
      .waitFor()
    await saying.getByText('1.75%', { exact: false }).first().waitFor()
    await saying
      .getByText(/^holds until/)
      .first()
      .waitFor()
    await saying
      .getByText(/Warm and plain/)
      .first()
      .waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'say-2-script')
    await saying.getByRole('button', { name: 'No', exact: true }).click()
    await page.getByText('No to Goal Saver').first().waitFor()
    await page
      .getByText(/It rests on every channel until/)
      .first()
      .waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Say: Goal Saver' }).count(), { timeout: 20_000 }).toBe(0)
    await page
      .getByRole('option', { name: /Said no to Goal Saver/ })
      .first()
      .waitFor()
    await page.locator('.know-said').getByText('Said no to Goal Saver').first().waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'say-3-answered')
    expect(await inApp(PEOPLE.jonas)).not.toContain('goal_saver')
    expect(it.complaints()).toEqual([])
  })

  test('he thinks better of it: the last answer holds', async () => {
    const customerId = await bank.idOf(PEOPLE.jonas)
    const [contact] = await bank.bank.rt.db<{ contactId: string }[]>`
      select contact_id as "contactId" from know.contact
       where customer_id = ${customerId} and channel = 'branch' and action = 'goal_saver'`
    // A page opened anew has no talk any more, but the contact is the same and the answer is one more answer.
    const said = await it.http.call('POST', '/api/engage/inbound/responses', {
      as: 'riya',
      body: { contactId: contact!.contactId, kind: 'accept' },
    })
    expect(said.body).toMatchObject({ state: 'accepted' })
  })

  test('Arthur says what is next to Marta on the phone; what he did not say counts for nothing, a yes holds', async () => {
    const page = await as('arthur', `/know/customers/${await bank.idOf(PEOPLE.marta)}`)
    expect(await page.getByRole('combobox', { name: 'On', exact: true }).inputValue()).toBe('Contact centre')
    const panel = next(page)
    await panel
      .getByRole('button', { name: /^Say: / })
      .first()
      .click()
    await panel.getByRole('button', { name: 'I did not say it' }).click()
    const first = panel.getByRole('button', { name: /^Say: / }).first()
    const title = (await first.getAttribute('aria-label'))!.replace('Say: ', '')
    await first.click()
    await panel
      .getByRole('region', { name: `Say: ${title}` })
      .getByRole('button', { name: 'No answer yet' })
      .click()
    await panel.getByText(`Heard ${title}, no answer yet`).waitFor()
    await panel.getByRole('button', { name: `They thought better of it: ${title}` }).click()
    await panel.getByRole('button', { name: 'Yes', exact: true }).click()
    await panel.getByText(`Yes to ${title}`).waitFor()
    await panel.getByText(/It rests on every channel until|Every channel knows/).waitFor()
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'say-4-yes')
    expect(it.complaints()).toEqual([])
  })

  test('of whoever holds most and lives with most, all that a talk needs is in sight at once', async () => {
    const [rich] = await bank.bank.rt.db<{ customerId: number }[]>`
      select r.customer_id as "customerId" from know.holding_role r
        join know.holding h on h.holding_id = r.holding_id and h.status = 'open'
        join know.customer c on c.customer_id = r.customer_id and c.kind = 'person'
       where r.role = 'owner' and r.to_on is null
       group by r.customer_id, c.household_id
       order by count(*) desc, (select count(*) from know.customer o where o.household_id = c.household_id) desc, r.customer_id
       limit 1`
    const page = await as('riya', `/know/customers/${rich!.customerId}`)
    await next(page)
      .getByRole('button', { name: /All that was considered|Why nothing/ })
      .waitFor()
    await page.locator('.know-said li, .know-line').first().waitFor()
    await it.shot(page, 'say-9-rich')
    for (const heading of [
      'Holdings',
      'Household and businesses',
      'What we may do',
      'Going on in their life',
      'Last said to each other',
      'What next',
    ]) {
      const panel = page.locator('.ui-panel', { has: page.getByRole('heading', { name: heading, exact: true }) })
      const box = (await panel.boundingBox())!
      expect(box.y + box.height, heading).toBeLessThan(900)
    }
    for (const figure of ['Kept with us', 'Owed to us', 'Comes in a month', 'The next step is worth'])
      await page.getByText(figure, { exact: true }).waitFor()
    expect(await page.getByRole('heading', { name: 'Worth asking' }).count()).toBe(1)
  })

  test('what Elif tells about a car is noted where it is asked, and stands among what was said', async () => {
    const page = await as('arthur', `/know/customers/${await bank.idOf(PEOPLE.elif)}`)
    await next(page).getByRole('button', { name: 'Note what they tell' }).click()
    const dialog = page.getByRole('dialog', { name: 'What they told you' })
    await dialog.getByLabel('What it is about').click()
    await page.getByRole('option', { name: 'Plans a car', exact: true }).click()
    await dialog.getByLabel('By when').fill('2026-09-01')
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'say-5-note')
    await dialog.getByRole('button', { name: 'Note it' }).click()
    await page.getByText('Noted: Plans a car').waitFor()
    await page.locator('.know-said').getByText('Told us: car').waitFor()
    await bank.http.drain()
    expect(await bank.attributesOf(PEOPLE.elif)).toMatchObject({ plan_car_on: '2026-09-01' })
  })

  test('through Henrik’s daughter nothing is sold, and in bereavement nothing is offered at all', async () => {
    const page = await as('riya', `/know/customers/${await bank.idOf(PEOPLE.henrik)}`)
    const panel = next(page)
    await panel
      .getByRole('button', { name: 'All that was considered' })
      .or(panel.getByRole('button', { name: 'Why nothing' }))
      .waitFor()
    await page.getByRole('combobox', { name: 'Who is here' }).click()
    await page.getByRole('option', { name: /, attorney$/ }).click()
    await panel.getByText('Who acts for a customer is served and never sold to').waitFor()
    expect(await panel.getByText('Marketing', { exact: true }).count()).toBe(0)
    expect(await panel.getByRole('button', { name: 'Note what they tell' }).count()).toBe(0)
    expect(await it.axe(page)).toEqual([])
    await it.shot(page, 'say-6-daughter')
    await noteStanding(bank.bank.rt, {
      customerId: await bank.idOf(PEOPLE.jonas),
      standing: 'bereaved',
      fromOn: '2026-03-02',
      toOn: null,
      reason: 'told us',
      actor: systemActor('test'),
    })
    await it.go(page, `/know/customers/${await bank.idOf(PEOPLE.jonas)}`)
    await panel.getByText('Help, and nothing that is sold.').waitFor()
    await panel.getByRole('button', { name: /All that was considered|Why nothing/ }).waitFor()
    expect(await panel.getByText('Marketing', { exact: true }).count()).toBe(0)
  })

  test('when the duty manager stops everything while the page is open, the adviser is told and nothing is claimed', async () => {
    const customerId = await bank.idOf(PEOPLE.marta)
    const page = await as('riya', `/know/customers/${customerId}`)
    await next(page)
      .getByRole('button', { name: /^Say: / })
      .first()
      .waitFor()
    const counted = async () =>
      (
        await bank.bank.rt.db<
          { n: number }[]
        >`select count(*)::int as n from know.contact where customer_id = ${customerId}`
      )[0]!.n
    const before = await counted()
    const stopped = await it.http.call('POST', '/api/trust/stops', {
      as: 'dag',
      body: { scope: 'everything', reason: 'A wrong rate is out.' },
    })
    expect(stopped.status, JSON.stringify(stopped.body)).toBeLessThan(300)
    // Known to every decision within seconds.
    await expect.poll(async () => (await inApp(PEOPLE.elif)).length, { timeout: 20_000 }).toBe(0)
    await next(page)
      .getByRole('button', { name: /^Say: / })
      .first()
      .click()
    await next(page).getByRole('alert').getByText('Everything is stopped by the duty manager').waitFor()
    expect(await counted()).toBe(before)
    await it.shot(page, 'say-8-stopped')
  })
})
